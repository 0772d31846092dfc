"""The REST API of artifacts, versions, their files, what was found in them, and aliases: one file each."""
