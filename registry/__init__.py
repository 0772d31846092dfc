"""Artifacts, versions, their bytes, checks and promotion. Imports nothing: checks run without Django."""
