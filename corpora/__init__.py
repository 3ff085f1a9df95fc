"""The gold notes, how they are read, and how well Corrin answers them. Only `cli` and the tests read this."""
