"""Models are scored, behind the walls."""
