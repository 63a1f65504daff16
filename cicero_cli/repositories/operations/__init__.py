"""How the installation is doing, as the database knows it."""
