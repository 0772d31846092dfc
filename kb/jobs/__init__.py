"""What happens to knowledge by the clock: one file each, loaded when the server starts."""
