"""Data contracts: what the tables of a dataset have to look like, in every version.

    contract.json   the JSON Schema (2020-12) of a contract
    terms.py        a contract as it is kept, from JSON or YAML; what is wrong with it, in a sentence
    written.py      YAML in and out: plain values only
    clauses.py      a table's terms → single clauses, each with the key under which its rows are counted
    outcomes.py     clauses and a profile → what is met, broken or not evaluated
    compatibility.py  two tables → which readers of the one can read the other
    deriving.py     a profile → terms that it would meet

clauses.py is read behind the sandbox's walls, too: it needs nothing.
"""
