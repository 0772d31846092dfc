"""Reading pickles without running them.

    opcodes.py     bytes → operations
    values.py      what a pretended machine keeps of what is built
    machine.py     operations → which names a loader would import and call, and what cannot be told
    arrays.py      how many raw bytes an array takes in a joblib file
    reading.py     one run of bytes → its pickles, one after the other
    containers.py  files inside files: archives, compressed data, npy
    names/         is a name known to be safe, known to be dangerous, or unknown

What is not known to be safe is a finding: a list of what is allowed closes, a list of what is forbidden
cannot.
"""
