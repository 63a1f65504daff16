"""A stand-in for Google Sheets on loopback: exports with their redirects, the API, and the token endpoint."""
