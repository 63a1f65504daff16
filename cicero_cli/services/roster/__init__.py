"""Keeping clients and users: one by one, or by sheet."""
