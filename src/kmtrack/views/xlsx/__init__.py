"""The region's workbook: figures that a reader can trust without the program."""
