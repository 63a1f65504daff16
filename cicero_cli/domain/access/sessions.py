"""How long a session lasts that nobody uses."""

from __future__ import annotations

from datetime import timedelta

IDLE_LIFETIME = timedelta(hours=2)  # a dashboard that is open asks every few seconds
USE_NOTED_EVERY = timedelta(minutes=5)  # not with every call: most only read
