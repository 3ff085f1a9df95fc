"""The aggregate report of a run: counts alone, small ones left out, in one page by itself."""
