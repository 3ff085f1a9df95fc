"""Second review: samples, the workbook that a person fills in, what is read back, and rates that stand."""
