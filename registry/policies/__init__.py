"""Why something about artifacts may be refused: one file each, loaded when the server starts."""
