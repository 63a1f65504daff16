"""Rows of accounts, sessions, slowed guesses, recent writes and the audit log."""
