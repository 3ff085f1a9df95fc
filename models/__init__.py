"""What scikit-learn learned from the gold corpus: artefacts as plain data, and the scripts that make them."""
