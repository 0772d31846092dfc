"""Runs that an event may concern are looked at: steps come and fall by what the registry says now."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Substr

from governance.following import follows
from governance.models import Event, User
from kb import actions
from kb.models import Entry, Firing, Run, Trigger

ARTIFACT = re.compile(r"(?:models|datasets|assets)/[^/]+/[^/]+")
VERSION = re.compile(r"((?:models|datasets|assets)/[^/]+/[^/]+)/versions/([0-9]+)")
MOST = 500  # runs that one event concerns

REGISTRY = (
    "version.check", "version.promote", "version.rollback", "version.withdraw", "version.reinstate",
    "version.sign", "evaluation.finish", "alias.move", "record.add", "record.withdraw",
    "finding.open", "finding.close", "finding.waive", "waiver.end", "name.add", "name.end",
    "signing_key.end", "artifact.edit",
    "approval.request", "approval.approve", "approval.reject", "approval.void",
)  # fmt: skip
KNOWLEDGE = ("article.edit", "article.restore", "article.archive", "decision.add")
RUNS = (
    "run.confidential", "run.start", "run.put", "run.check", "run.accept", "run.waive", "run.resume",
    "run.hand_over", "run.end",
)  # fmt: skip


@follows(*REGISTRY, *KNOWLEDGE, *RUNS)
def progress(event: Event) -> None:
    for run in concerned(event):
        actions.notice(run, by=User.system())


@follows(*REGISTRY, *KNOWLEDGE)
def looked_back(event: Event) -> None:
    """A finished run holds as long as what it rests on: the newest of a playbook about a thing counts."""
    for run in finished(event):
        actions.notice(run, by=User.system())


def finished(event: Event) -> QuerySet[Run]:
    """Those that it may concern, but for one after which another of its playbook about its thing was."""
    alike = {"subject": OuterRef("subject"), "playbook__code": OuterRef("playbook__code")}
    newer = Run.objects.filter(**alike, outcome="done", pk__gt=OuterRef("pk"))
    done = Run.objects.filter(about_it(event), ~Exists(newer), outcome="done", confidential=False)
    return done.order_by("pk")[:MOST]


@follows("artifact.rename")
def renamed(event: Event) -> None:
    """A run stays about what it is about, whatever that is called: so does what was bound or accepted in it,
    and a trigger looks at it."""
    was = str((event.before or {}).get("was", ""))
    if not was:
        return
    there = Firing.objects.filter(trigger=OuterRef("trigger"), window=OuterRef("window"))
    again = Exists(there.filter(subject=called_now(event, was, OuterRef("subject"))))
    named: list[tuple[QuerySet[Any], str]] = [
        (Run.objects.all(), "subject"),
        (Firing.objects.exclude(again), "subject"),
        (Trigger.objects.all(), "about"),
        (Entry.objects.all(), "label"),
    ]
    for rows, field in named:
        below = rows.filter(Q(**{field: was}) | Q(**{f"{field}__startswith": f"{was}/"}))
        below.update(**{field: called_now(event, was, field)})


def called_now(event: Event, was: str, field: Any) -> Concat:
    return Concat(Value(event.subject), Substr(field, len(was) + 1))


def concerned(event: Event) -> QuerySet[Run]:
    """Those about the thing, what is part of it or what it is part of, and those it was bound to. Of what
    happens in confidence no event tells where: those runs say so themselves."""
    if event.action == "run.confidential":
        return Run.objects.open().filter(stirred=True).order_by("pk")[:MOST]
    about = about_it(event, f"teams/{event.team}")
    if event.subject.startswith("runs/"):
        about = Q(pk=key) if (key := event.subject[5:]).isdecimal() else Q(pk__in=[])
        if event.action == "run.end":
            about |= Q(subject__in=Run.objects.filter(pk=key).values("subject"))
    return Run.objects.open().filter(about).order_by("pk")[:MOST]


def about_it(event: Event, *more: str) -> Q:
    """Runs about the thing or a version of it, or to which it was bound. These are asked for first: as a part
    of one question all that was ever put into runs would be gone through."""
    found = VERSION.match(event.subject)
    labels = [event.subject, *more, *([found[0]] if found else [])]
    bound = Entry.objects.filter(bound_to(labels, found), kind=Entry.BIND).order_by()
    about = Q(subject__in=labels) | Q(pk__in=set(bound.values_list("run", flat=True)))
    is_artifact = ARTIFACT.fullmatch(event.subject) is not None
    return about | Q(subject__startswith=f"{event.subject}/versions/") if is_artifact else about


def bound_to(labels: list[str], found: re.Match[str] | None) -> Q:
    """A pair names its second version by the number alone."""
    pair = Q(label__startswith=f"{found[1]}/versions/", number=int(found[2])) if found else Q(pk__in=[])
    return Q(label__in=labels) | pair
