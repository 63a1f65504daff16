"""Filling the outbox and emptying it: laphars and reminders in, deliveries out, decisions about what is stuck."""
