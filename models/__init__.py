"""What was learned from the corpus: plain parameters, the functions that use them, and their training."""
