"""Playbooks, runs, and what words and checks mean, found by words; and what one worked on lately."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from governance import glossary, subjects
from governance.models import Event, User
from governance.prepared import prepared
from governance.searches import Hit, begins, searches
from governance.searching import by_name, having
from governance.sentences import named, page_of, spoken
from kb.models import PlaybookVersion, Run
from kb.playbooks import PLAYBOOKS, read

NEWEST = 500  # runs that are looked through word by word
OWN = 200  # playbooks of one's teams
OWN_EVENTS, HALVED, MOST_RECENT = 100, 15, 8
SHOWN = 160  # characters of what is said of one


@searches("playbook", "Playbooks", "playbook", rank=46)
def playbooks(person: User, text: str, most: int) -> Iterator[Hit]:
    """First those that teams of one's own wrote."""
    for own in own_playbooks(person):
        found = read(own.text)
        if own.team is not None and begins(text, found.code, found.title, found.about):
            href = f"{reverse('kb:playbook', args=[found.code])}?team={own.team.slug}"
            yield Hit(
                f"{found.code} {found.title}", href, found.about[:SHOWN], f"the text of {own.team.slug}"
            )
    for found in PLAYBOOKS.values():
        if begins(text, found.code, found.title, found.about):
            yield Hit(
                f"{found.code} {found.title}", reverse("kb:playbook", args=[found.code]), found.about[:SHOWN]
            )


@prepared
def own_playbooks(person: User) -> QuerySet[PlaybookVersion]:
    seen = PlaybookVersion.objects.visible_to(person).exclude(team=None).select_related("team")
    return seen.order_by("team_id", "code", "-number").distinct("team_id", "code")[:OWN]


@searches("run", "Runs", "run", rank=48)
def runs(person: User, text: str, most: int) -> Iterator[Hit]:
    """Among the newest. Those in confidence are found by nobody: whoever is named in one was told of it."""
    number, words = by_name(text)
    for run in newest_runs(person, number, most, **words):
        title = f"{read(run.playbook.text).title}: {spoken(run.subject)}"
        yield Hit(title, reverse("kb:run", args=[run.pk]), run.note[:SHOWN], f"run {run.pk}, {run.state}")


@prepared
def newest_runs(
    person: User, number: int, most: int, *, word0: Any, word1: Any, word2: Any, word3: Any,
    word4: Any, word5: Any, word6: Any, word7: Any,
) -> QuerySet[Run]:  # fmt: skip
    words = (word0, word1, word2, word3, word4, word5, word6, word7)[:number]
    seen = Run.objects.visible_to(person).filter(confidential=False).order_by("-pk")
    fields = ("subject", "note", "playbook__code", "started_by__username")
    rows = having(Run.objects.filter(pk__in=seen.values("pk")[:NEWEST]), fields, words)
    return rows.select_related("playbook", "team").order_by("-pk")[:most]


@searches("meaning", "What words mean", "help", rank=95, of_teams=False)
def meanings(person: User, text: str, most: int) -> Iterator[Hit]:
    """Words, states, roles, rules and checks, by their names."""
    for key, (title, words) in glossary.GROUPS.items():
        for word, said in words.items():
            if begins(text, word.replace("_", " "), word):
                yield Hit(
                    word, f"{reverse('kb:help')}#{glossary.anchor(key, word)}", said[:SHOWN], title.lower()
                )


# ------------------------------------------------------------------ before anything is typed


def recent(person: User) -> list[Hit]:
    """What this person worked on lately and often, by their own events: each counts half of one that many
    before. What they may not see any more is left out."""
    labels = [wholes for subject in own_subjects(actor=person.username) if (wholes := whole(subject))]
    weights: dict[str, float] = {}
    for age, label in enumerate(labels):
        weights[label] = weights.get(label, 0) + 0.5 ** (age / HALVED)
    likely = sorted(weights, key=lambda label: -weights[label])[: 2 * MOST_RECENT]
    seen = subjects.visible(person, likely)
    found = [(label, page_of(label)) for label in likely if label in seen]
    return [Hit(named(label), href) for label, href in found if href][:MOST_RECENT]


def whole(label: str) -> str:
    """The artifact of a version, and of anything else what it is part of."""
    parts = label.split("/")
    found = subjects.nearest("/".join(parts[:3]) if len(parts) > 3 else label)
    return found[1] if found else ""


@prepared
def own_subjects(*, actor: Any) -> QuerySet[Event, str]:
    rows = Event.objects.filter(actor=actor, outcome="done").order_by("-pk")
    return rows.values_list("subject", flat=True)[:OWN_EVENTS]
