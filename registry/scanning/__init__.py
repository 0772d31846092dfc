"""`manage.py scan`: the checks of the registry on files of one's own, without a server.

    files.py     paths and folders → files
    looking.py   one file → its verdict, behind the sandbox's walls where the machine has them
    telling.py   verdicts → text, JSON or SARIF

Knows neither Django nor settings: no database, no secrets, nothing is written.
"""

from __future__ import annotations

import os
import sys
import traceback
from argparse import ArgumentParser
from collections.abc import Sequence
from io import TextIOWrapper

from registry import checks
from registry.scanning.files import Absent, found
from registry.scanning.looking import Looker, Scanned
from registry.scanning.telling import FORMATS

CLEAN, FINDINGS, COULD_NOT_TELL = 0, 1, 2
DESCRIPTION = (
    "Look at model files, datasets or anything else as the registry does. Folders are walked, links in them"
    " are not followed. Exit code: 0 nothing critical or high, 1 something was, 2 a file could not be judged."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a file or a folder")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="text unless told")
    parser.add_argument("--kind", choices=checks.KINDS, default="model", help="judged as parts of a model")


def main(arguments: Sequence[str]) -> int:
    """What the process ends with."""
    parser = ArgumentParser("manage.py scan", description=DESCRIPTION)
    add_arguments(parser)
    options = parser.parse_args(arguments)
    try:
        checks.load()
        code = scan(options.paths, options.format, options.kind)
        sys.stdout.flush()
    except Exception as error:  # Python would end with 1, which says that something was found
        traceback.print_exc(limit=0 if isinstance(error, OSError) else None)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what cannot be written is not tried again at the end
        return COULD_NOT_TELL
    return code


def scan(paths: Sequence[str], format: str, kind: str) -> int:
    """Tell of each file as it was looked at."""
    if isinstance(sys.stdout, TextIOWrapper):  # names may be no text
        sys.stdout.reconfigure(errors="backslashreplace")
    tell = FORMATS[format](sys.stdout)
    verdicts: set[str] = set()
    with Looker(kind) as looker:
        if looker.note:
            sys.stderr.write(f"{looker.note}\n")
        for path in found(paths):
            scanned = absent(path) if isinstance(path, Absent) else looker.look(path)
            verdicts.add(scanned.verdict)
            tell.file(scanned)
    tell.end()
    return outcome(verdicts)


def absent(path: Absent) -> Scanned:
    return Scanned(path.path, [], [path.because])


def outcome(verdicts: set[str]) -> int:
    """A finding is certain whatever else could not be told."""
    if "findings" in verdicts:
        return FINDINGS
    return COULD_NOT_TELL if "unknown" in verdicts or not verdicts else CLEAN
