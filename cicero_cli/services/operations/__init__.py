"""Whether everything is in place (`doctor`) and runs (`status`)."""
