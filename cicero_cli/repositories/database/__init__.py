"""What no noun owns: connections, transactions, locks, migrations, the embedded server, the files of SQL."""
