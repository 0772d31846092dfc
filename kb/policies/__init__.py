"""Why something that spans everything may be refused: one file each, loaded when the server starts."""
