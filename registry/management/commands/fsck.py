"""Look whether everything stored can still be read: exit 0 when it can, 1 when something is broken."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.errors import Problem
from registry.keeping import inspecting
from registry.keeping.inspecting import Slice


def a_slice(text: str) -> Slice:
    found = re.fullmatch(r"([1-9]\d{0,4})/([1-9]\d{0,4})", text)
    if found is None or int(found[1]) > int(found[2]):
        raise ArgumentTypeError(f"{text} is no slice: 1/30 is the first of thirty.")
    return Slice(int(found[1]), int(found[2]))


class Command(BaseCommand):
    help = (
        "Compare each blob with its digest, each row with its blob and key, each frozen version with its "
        "digest. One that was cut off goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--slice", metavar="N/M", type=a_slice, default=Slice(), help="only the N-th of M parts"
        )
        parser.add_argument("--quick", action="store_true", help="do not read the blobs from end to end")

    def handle(self, *args: Any, slice: Slice, quick: bool, **options: Any) -> None:
        try:
            found = inspecting.inspect(slice, quick, self.stderr.write)
        except Problem as problem:
            raise CommandError(problem.sentence, returncode=2) from None
        for trouble in found.troubles:
            self.stdout.write(" ".join([trouble["trouble"], *trouble.get("files", [])]))
        self.stdout.write(found.sentence)
        if found.troubles:
            raise CommandError("Something is broken.")
