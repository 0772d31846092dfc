"""What a run leaves behind: the text that its retrospective begins with, and how often it came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from governance.models import Event
from governance.templatetags.words import counted
from kb.models import Article, Entry, Run
from kb.playbooks import Playbook
from kb.proving import playbook_of
from registry.models import Version
from registry.subjects import versions_called

LABEL = "retrospective"
MOST_LINES = 200
MONTH = 30
OWN = {
    "run.prove": "“{step}” was {state}",
    "run.fall": "the evidence of “{step}” did not hold any more",
    "run.pause": "it was paused",
    "run.resume": "it went on",
    "run.hand_over": "it was handed over",
}
ENDED = {"done": "was finished", "cancelled": "was cancelled", "passed": "closed itself"}


def slug_of(run: Run) -> str:
    return f"run-{run.pk}-{LABEL}"


def title_of(run: Run) -> str:
    return f"Retrospective: {playbook_of(run).title}, run {run.pk}"[:200]


def retrospective(run: Run) -> Article | None:
    """Its article, whoever sees it."""
    return Article.objects.filter(team=run.team, slug=slug_of(run)).select_related("team").first()


def text_of(run: Run) -> str:
    """Steps, and who let what pass. What people said stays in the run: more people read articles, also those
    who may not look into what is restricted, so that is not named, nor what is to be done about it."""
    playbook = playbook_of(run)
    lines = [f"- {at:%-d %B %Y %H:%M} UTC: {words}." for at, words in timeline(run, playbook)]
    thing = Version.objects.filter(versions_called([run.subject])).select_related("artifact").first()
    closed = thing is not None and thing.artifact.restricted
    about = f", about {written(run.subject)}" if thing is not None and not closed else ""
    parts = [
        f"How run:{run.pk} of “{playbook.title}” went{about}.",
        f"It {ENDED[run.outcome]} after {lasted(run)}.",
        "## What happened",
        "\n".join(lines),
        "## What went well",
        "## What did not, and why",
        "## What we do",
        "What was asked for stands in the run." if closed else promised(run),
    ]
    return "\n\n".join(parts) + "\n"


def written(label: str) -> str:
    """A version as a text refers to it."""
    kind, team, name, _, number = label.split("/")
    return f"{kind.removesuffix('s')}:{team}/{name}@{number}"


def promised(run: Run) -> str:
    """One line for each follow-up, whatever was typed."""
    rows = run.follow_ups.select_related("owner")
    lines = (
        f"{' '.join(each.text.split())} ({each.owner.username}, until {each.due_on:%-d %B %Y})"
        for each in rows
    )
    return "\n".join(f"- {line}" for line in lines) or "No follow-up was asked for yet."


def timeline(run: Run, playbook: Playbook) -> list[tuple[datetime, str]]:
    events = Event.objects.filter(subject=run.label, action__in=list(OWN), outcome="done").order_by("pk")
    found = [(each.at, OWN[each.action].format(**{"step": "?", "state": "?", **(each.after or {})}))
             for each in events[:MOST_LINES]]  # fmt: skip
    titles = {step.key: step.title for step in playbook.steps}
    waived = run.entries.filter(kind=Entry.WAIVER).select_related("by")[:MOST_LINES]
    found += [
        (each.at, f"{each.by.username} let “{titles.get(each.step, each.step)}” pass") for each in waived
    ]
    begun = (run.started_at, f"{run.started_by.username} began it")
    end = [(run.closed_at, f"it {ENDED[run.outcome]}")] if run.closed_at else []
    first = sorted(found, key=lambda each: each[0])[:MOST_LINES]
    return [begun, *sorted([*first, *end], key=lambda each: each[0])]


def lasted(run: Run) -> str:
    """“3 days”, “5 hours”."""
    seconds = ((run.closed_at or timezone.now()) - run.started_at).total_seconds()
    if seconds >= 86400:
        return counted(int(seconds // 86400), "day")
    return counted(int(seconds // 3600), "hour") if seconds >= 3600 else counted(int(seconds // 60), "minute")


@dataclass(frozen=True)
class Repeats:
    """How often the same playbook began again about the same thing, since a run was over."""

    number: int
    days: int

    @property
    def said(self) -> str:
        if not self.number and not self.days:
            return "It has not begun again about this since."
        if not self.number:
            return f"It has not begun again about this in the {counted(self.days, 'day')} since."
        rate = self.number * MONTH / max(self.days, 1)
        times = f"It began {counted(self.number, 'time')} again in {counted(self.days, 'day')}"
        return f"{times}: {rate:.1f} in {MONTH} days."


def repeats(run: Run, now: datetime | None = None) -> Repeats:
    """Of any version of the same thing. What is confidential is not counted."""
    since = run.closed_at or run.started_at
    thing = run.subject.rpartition("/versions/")[0] or run.subject
    again = Run.objects.filter(team=run.team_id, playbook__code=run.playbook.code, confidential=False)
    again = again.filter(started_at__gt=since).exclude(pk=run.pk)
    same = again.filter(subject=run.subject) | again.filter(subject__startswith=f"{thing}/versions/")
    return Repeats(same.count(), ((now or timezone.now()) - since).days)
