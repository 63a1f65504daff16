"""What every command shares: its options, how its outcome is written, and what is said beside it on stderr."""
