"""A published report as files: PDF, Word, workbook and data, all made of one `Document`."""
