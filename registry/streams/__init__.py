"""Schemas of streams: what messages look like, and whether readers and writers of two of them understand each
other.

    avro.py          Avro 1.12: a schema as it stands → its plain form; whether a reader can read a writer
    json_schema.py   JSON Schema: whether one takes all that another takes
    reading.py       bytes → a schema; what is wrong with it, in a sentence
    changes.py       two schemas → what breaks, by direction

Backward: the newer one reads what was written before. Forward: the earlier one reads what is written now.
"""
