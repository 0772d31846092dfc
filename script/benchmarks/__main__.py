"""`script/bench [NAME …]`: start the real stack in a home of its own, measure, clean up."""

import argparse
import signal
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import NoReturn

from config.stack.errors import Refusal
from script.benchmarks import (
    api,
    backup,
    download,
    faults,
    lists,
    pages,
    push,
    runs,
    scan,
    search,
    upload,
    validate,
)
from script.benchmarks.figures import Figure
from script.benchmarks.servers import servers

# In this order: `push` fills the disk's queue least, `upload` most.
GROUPS: tuple[ModuleType, ...] = (
    api, lists, pages, runs, push, download, upload, backup, faults, search,
)  # fmt: skip
ALONE: tuple[ModuleType, ...] = (scan, validate)


def main() -> int:
    options = parser().parse_args()
    chosen = [
        group for group in (*GROUPS, *ALONE) if not options.name or set(group.NAMES) & set(options.name)
    ]
    signal.signal(signal.SIGTERM, stop)
    met = True
    try:
        for figure in measured(chosen):
            print(figure.line(), flush=True)
            met = met and figure.met is not False
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 0 if met else 1


def parser() -> argparse.ArgumentParser:
    names = [name for group in (*GROUPS, *ALONE) for name in group.NAMES]
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("name", nargs="*", choices=[*names, []], help=", ".join(names))
    return parser


def measured(groups: list[ModuleType]) -> Iterator[Figure]:
    """What needs no servers is measured last, when they are gone."""
    if beside := [group for group in groups if group not in ALONE]:
        with servers() as running:
            for group in beside:
                yield from group.measure(running)
    for group in groups:
        if group in ALONE:
            yield from group.measure()


def stop(*_: object) -> NoReturn:
    """As Ctrl-C does: everything that was started is stopped on the way out."""
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main())
