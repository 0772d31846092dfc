"""What spans everything, for programs."""
