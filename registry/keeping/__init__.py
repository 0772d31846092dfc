"""Keeping: backups, restoring them, and looking at whether everything stored can still be read."""
