"""Signatures of models, by the rules of OpenSSF Model Signing 1.0.

    trees.py         files → one digest
    covering.py      what a signature says against what there is
    verifying.py     whose key made it
    standing.py      what is said of a version
    installation.py  the server's own key
    making.py        a bundle by that key

A check reads a bundle in the sandbox and reports what it says; nothing here parses hostile JSON.
"""
