"""`python -m script.benchmarks.inside MODULE [WORD …]` runs its `main` beside the servers and prints JSON."""

import json
import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    print(json.dumps(import_module(f"script.benchmarks.{sys.argv[1]}").main(*sys.argv[2:])))
