"""How a conflict was gone through, as its check sees it: when what was put in by whom, never the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import inf

from django.db.models import Count
from django.utils import timezone

from kb.models import Entry, Run, RunPerson
from kb.playbooks import Playbook, Step
from registry.quality import Process

PAST = timedelta(days=90)
MOST_WEEKS = 104
CONFIRM, DECIDE = "confirm", "decide"


def process_of(
    run: Run, playbook: Playbook, entries: Iterable[Entry], people: Iterable[RunPerson], skipped: set[str]
) -> Process:
    """Of what is written into a run, by its people now."""
    roles = {role: {each.user_id for each in people if each.role == role} for role in playbook.roles}
    facilitators, parties = roles.get("facilitator", set()), roles.get("party", set())
    put = [each for each in entries if each.need is not None]
    taken_up = min((each.at for each in put if each.by_id in facilitators), default=None)
    decided = min((each.pk for each in put if each.step == DECIDE), default=None)
    confirmed = {key for key in parties if has_confirmed(key, playbook, put, inf)}
    heard = {key for key in parties if has_confirmed(key, playbook, put, decided or inf)}
    done = {step.key: done_at(step, put, roles) for step in playbook.steps if step.key not in skipped}
    return Process(
        parties=len(parties),
        confirmed=len(confirmed),
        waited=working_days(run.started_at, taken_up or timezone.now()),
        taken_up=taken_up is not None,
        decided=decided is not None,
        unheard=len(parties - heard) if decided else 0,
        out_of_order=tuple(out_of_order(playbook, put, done)),
        undated=tuple(undated(playbook)) if decided else (),
        facilitator_is_party=bool(facilitators & parties),
        outsiders=len({each.user_id for each in people if each.role not in playbook.roles}),
        repeats=repeats(run, {each.user_id for each in people}),
    )


def has_confirmed(person: int, playbook: Playbook, put: list[Entry], before: float) -> bool:
    """Whether somebody has put in all that every party is asked for until their statement is confirmed."""
    until = playbook.step(CONFIRM) or playbook.step(DECIDE)
    asked = [
        (step.key, place)
        for step in playbook.steps
        if until is None or step.number <= until.number
        for place, need in enumerate(step.needs)
        if need.everybody and "party" in step.roles
    ]
    given = {(each.step, each.need) for each in put if each.by_id == person and each.pk < before}
    return given.issuperset(asked)


def done_at(step: Step, put: list[Entry], roles: Mapping[str, set[int]]) -> float:
    """The entry that finished it first; what the registry proves asks for none."""
    ends = [0.0]
    for place, need in enumerate(step.needs):
        if not need.is_written:
            continue
        mine = [each for each in put if each.step == step.key and each.need == place]
        firsts = {key: min((e.pk for e in mine if e.by_id == key), default=inf)
                  for role in step.roles for key in roles.get(role, ())}  # fmt: skip
        ends.append(max(firsts.values(), default=inf) if need.everybody
                    else min((each.pk for each in mine), default=inf))  # fmt: skip
    return max(ends)


def out_of_order(playbook: Playbook, put: list[Entry], done: Mapping[str, float]) -> Iterable[str]:
    for step in playbook.steps:
        began = min((each.pk for each in put if each.step == step.key), default=inf)
        if began < max((done[key] for key in step.after if key in done), default=0):
            yield step.title


def undated(playbook: Playbook) -> Iterable[str]:
    """What comes after the decision and has no day."""
    decide = playbook.step(DECIDE)
    later = [step for step in playbook.steps if decide is not None and step.number > decide.number]
    return (step.title for step in later if step.days is None)


def working_days(begin: datetime, end: datetime) -> int:
    """Days from Monday to Friday after the first one, in UTC."""
    days = min((end.date() - begin.date()).days, 7 * MOST_WEEKS)
    return sum((begin.date() + timedelta(days=each)).weekday() < 5 for each in range(1, days + 1))


def repeats(run: Run, people: set[int]) -> int:
    """Others within 90 days before. Only those in which all of these people were named: nobody learns of one
    that they were not in."""
    others = RunPerson.objects.filter(
        run__confidential=True,
        run__team=run.team_id,
        run__started_at__lt=run.started_at,
        run__started_at__gte=run.started_at - PAST,
        user__in=people,
    )
    counted = others.order_by().values("run").annotate(number=Count("user", distinct=True))
    return counted.filter(number=len(people)).count() if people else 0
