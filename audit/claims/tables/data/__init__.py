"""The tables that ship: examples of the shape, marked as such, replaced by the files of `--tables DIR`."""
