"""Known-bad files that go through the same store, queue and sandbox as people's. A scanner that lets one of
them pass may let others pass, so promotion closes until it finds them again; what is in use stays in use.
"""

from __future__ import annotations

import gzip
import io
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from governance import audit
from governance.alone import alone
from governance.errors import Unavailable
from governance.models import User
from governance.telling import settle, tell
from governance.templatetags.words import counted
from registry import sandbox, storage
from registry.checks import CHECKS, for_kind
from registry.models import Blob, CanaryRound
from registry.models.canaries import missed_now

SPACE = 0x57E3A33
LABEL = "jobs/canaries"  # of the events
PAGE = "checks/canaries"  # of what people are told
BLOCKING = {"critical", "high"}
logger = logging.getLogger("steward.canaries")

# What they would do if anybody loaded them is print a word. Nobody does.
ECHO = b"cposix\nsystem\n(S'echo canary'\ntR."
EVAL = b"\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x0fprint('canary')\x85R."
ELF = b"\x7fELF\x02\x01\x01" + bytes(57)
REACHING = b"{{ ''.__class__.__mro__ }}"
IMPORTING = b'{"module": "os", "class_name": "function", "config": "system"}'


@dataclass(frozen=True)
class Canary:
    """A file, and the check that has to say that it is bad."""

    name: str
    check: str
    path: str
    content: bytes


def zipped(name: str, content: bytes) -> bytes:
    """As PyTorch writes: a pickle as a member."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(name, content)
    return sink.getvalue()


CANARIES = (
    Canary("a pickle that runs a program", "pickle_imports", "model.pkl", ECHO),
    Canary("a pickle that evaluates a text", "pickle_imports", "model.joblib", EVAL),
    Canary(
        "a compressed pickle that evaluates a text",
        "pickle_imports",
        "model.pkl.gz",
        gzip.compress(EVAL, mtime=0),
    ),
    Canary(
        "an archive with a pickle that runs a program",
        "pickle_imports",
        "model.pt",
        zipped("model/data.pkl", ECHO),
    ),
    Canary("a program under another name", "file_type", "weights.bin", ELF),
    Canary("settings that call what they name", "configs", "config.yaml", b"x: {_target_: os.system}\n"),
    Canary("a template that reaches for Python", "configs", "chat_template.jinja", REACHING),
    Canary("a Keras model that imports", "keras_models", "config.json", IMPORTING),
    Canary("an archive that unpacks elsewhere", "archives", "all.zip", zipped("../../x", b"canary")),
    Canary("a graph that runs Python", "graphs", "graph.pbtxt", b'node { name: "x" op: "PyFunc" }\n'),
)


def run(pk: int) -> None:
    """Have every canary of a round looked at, unless somebody else does. While the store or the master key
    is away the round stays open, and the job `overdue_checks` finds it again."""
    with alone(SPACE, pk % 2**31) as mine:
        out = CanaryRound.objects.filter(pk=pk, finished_at=None).first()
        if not mine or out is None:
            return
        try:
            finish(out, [canary.name for canary in CANARIES if not caught(canary)])
        except Unavailable as away:
            logger.warning("the canaries wait: %s", away.sentence)


@transaction.atomic
def finish(out: CanaryRound, missed: list[str]) -> None:
    """Note which came back clean; say so when the scanner has become blind, or sees again."""
    before = missed_now()
    out.known, out.missed, out.finished_at = len(CANARIES), missed, timezone.now()
    out.save()
    if missed:
        after = {"missed": missed, "known": out.known}
        audit.record("canary.miss", LABEL, by=User.system(), after=after)
        if missed != before:
            tell("scanner-blind", responsible(), PAGE, sentence(out))
    elif before:
        audit.record("canary.catch", LABEL, by=User.system(), after={"known": out.known})
        settle("scanner-blind", PAGE)


def sentence(out: CanaryRound) -> str:
    missed = counted(len(out.missed), "known-bad file")
    return f"The scanner let {missed} of {out.known} pass: {', '.join(out.missed)}. Nothing is promoted."


def responsible() -> list[User]:
    """Who runs this server, and the stewards of all teams."""
    answers = Q(memberships__role="steward") | Q(is_superuser=True)
    return list(User.objects.filter(answers, is_active=True).distinct())


def overdue() -> list[int]:
    """Rounds that nobody took up: lost messages, dead workers, a store that was away."""
    late = timezone.now() - timedelta(seconds=20)
    return list(CanaryRound.objects.filter(finished_at=None, asked_at__lt=late).values_list("pk", flat=True))


def caught(canary: Canary) -> bool:
    """Whether its check finished and said that it is bad. What could not be told is not caught."""
    names = [check.name for check in for_kind("model")]
    found = {report.check: report for report in reports(canary, names)}
    report = found.get(canary.check)
    return (
        canary.check in CHECKS
        and report is not None
        and report.outcome == "done"
        and any(issue.severity in BLOCKING for issue in report.issues)
    )


def reports(canary: Canary, names: list[str]) -> Iterator[sandbox.Report]:
    """By way of the store: sealed, as anybody's file."""
    stored = storage.store(io.BytesIO(canary.content), len(canary.content))
    try:
        sealed, data_key = storage.sealed(Blob(**asdict(stored)))
        with sealed:
            yield from sandbox.run(sealed, data_key, stored.name, canary.path, names)
    finally:
        forget(stored.name)


def forget(name: str) -> None:
    """A store that is away keeps it until the sweep, which finds no row of it."""
    try:
        storage.delete(name)
    except Unavailable as away:
        logger.warning("a canary stays in the store: %s", away.sentence)
