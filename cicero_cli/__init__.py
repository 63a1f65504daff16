"""Cicero tells an organisation which of its people have engaged with its own posts."""

from __future__ import annotations

__version__ = "0.1.0"
