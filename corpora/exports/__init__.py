"""Example exports made of our coded notes, with planted billing errors and their key."""
