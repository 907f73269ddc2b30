"""Drawing: the status, the lists and the workbook; the only place that draws."""
