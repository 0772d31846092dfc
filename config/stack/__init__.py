"""Everything that runs, started by one small parent: `python -m config.stack`.

Standard library only: the parent stays a few megabytes, and what it starts can be broken
without breaking the parent.
"""
