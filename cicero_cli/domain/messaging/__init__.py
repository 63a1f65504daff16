"""Messages and slots: when each is due, what a gateway may answer, when it is tried again."""
