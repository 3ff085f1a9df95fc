"""How well Corrin answers the gold notes: what is measured, how, and how it is shown (docs/evaluation.md)."""
