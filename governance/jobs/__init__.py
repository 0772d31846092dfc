"""What happens by the clock to people, teams and the record: one file each, loaded when the server starts."""
