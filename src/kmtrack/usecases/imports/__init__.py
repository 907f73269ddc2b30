"""Import a workbook or a CSV file into the ledger, all of it or nothing."""
