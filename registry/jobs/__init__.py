"""What happens to artifacts by the clock: one file each, loaded when the server starts."""
