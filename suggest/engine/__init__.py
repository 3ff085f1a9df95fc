"""The engine: from the facts of an encounter to candidates, queries and refusals. Knows no spaCy."""
