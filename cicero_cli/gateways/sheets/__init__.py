"""Google Sheets: public ones by their export, private ones by the API (docs/import.md)."""
