"""Rows of clients and users."""
