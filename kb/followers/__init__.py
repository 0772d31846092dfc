"""What knowledge does after events of others: one file each, loaded when the server starts."""
