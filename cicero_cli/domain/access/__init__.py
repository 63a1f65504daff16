"""Who may log in, who acts, and where a request comes from."""
