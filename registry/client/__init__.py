"""The small client, as the server hands it out: one file, which nothing here imports."""
