"""Notes in bulk, compared with what was billed. What a note supports is decided by `suggest` alone."""
