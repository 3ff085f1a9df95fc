"""A run for people: on the terminal and as a page."""
