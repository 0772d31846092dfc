"""What a table looks like, measured inside the sandbox in one pass of blocks, so that memory stays small.

    sources.py    a file of any format → blocks of rows, whose columns keep their types
    columns.py    what is counted over every row: missing, smallest, largest, mean, distinct
    distinct.py   how many different values: counted, or estimated from hashes
    rows.py       rows that are there twice, or nearly
    shapes.py     from a sample of rows: quantiles, histogram, outliers, correlation
    personal.py   what looks like personal data: counts and masks, never values
    making.py     all of it, as JSON
    drift.py      two of them → the PSI of each column; needs no library

Nothing here is imported by name of a library: whoever measures hands polars in.
"""
