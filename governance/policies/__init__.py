"""Why something may be refused: one file each, loaded when the server starts."""
