"""Measuring tables inside the sandbox: in blocks, so that memory stays small however long they are.

delimited.py   text → blocks of whole records, ragged rows, the header
types.py       what a column of texts holds
profile.py     both kinds of table → what is kept of them
"""
