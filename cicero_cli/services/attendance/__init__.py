"""Answering who has done what: by day, by month, by person; as a report, a recap, a workbook."""
