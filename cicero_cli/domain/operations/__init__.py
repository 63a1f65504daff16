"""What an examination of the installation finds."""
