"""The page a coder pastes into, and its JSON API. What a note supports is decided by `suggest` alone."""
