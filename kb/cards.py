"""Live references: what a person is shown of what an article names. What they may not see looks exactly like
what does not exist. The same few queries however many references there are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from governance.markup import filled
from governance.models import User
from governance.prepared import prepared
from governance.templatetags.steward import STATES, icon
from kb import playbooks
from kb.labels import named_articles
from kb.markdown import Named
from kb.models import Article, Decision, Run
from kb.presenting.runs import RUNS
from kb.staleness import Seen, look, standings
from registry.checks import CHECKS
from registry.models import KINDS, Finding, Version
from registry.models.findings import BLOCKING

CARD = '<a class="ref" data-state="{}" href="/{}">{}<span>{}</span> <small>{}</small></a>'
NOTHING = (
    '<span class="ref" data-state="none">{}<span>{}</span> <small>nothing that you may see</small></span>'
)


@dataclass(frozen=True)
class Card:
    """A thing that is there for this person: its name, what is said of it, and the colour of that."""

    address: str
    title: str
    said: str = ""
    state: str = "neutral"
    icon: str = "article"

    @property
    def href(self) -> str:
        """Of a part of a page the address has a fragment at its end."""
        return self.address if "#" in self.address else f"{self.address}/"

    @property
    def html(self) -> SafeString:
        return filled(CARD, self.state, self.href, icon(self.icon), self.title, self.said)


Cards = dict[Named, Card]


def cards(person: User, names: Collection[Named], seen: Seen | None = None) -> Cards:
    """Of those of these that are there for this person; `seen` when the artifacts were looked at already."""
    by_kind: dict[str, list[Named]] = {kind: [] for kind in ("artifacts", "articles", *dict(ASKED))}
    for named in names:
        plural = named.label.partition("/")[0]
        by_kind[plural if plural in by_kind else "artifacts"].append(named)
    seen = seen or look(person, artifacts_in(names))
    found = of_artifacts(person, by_kind["artifacts"], seen) if by_kind["artifacts"] else {}
    if by_kind["articles"]:
        found |= of_articles(person, by_kind["articles"], seen)
    for kind, ask in ASKED:
        if by_kind[kind]:
            found |= ask(person, by_kind[kind])
    return found


def drawn(found: Cards) -> Callable[[Named], SafeString]:
    """What stands in a text for each."""

    def draw(named: Named) -> SafeString:
        card = found.get(named)
        return card.html if card else filled(NOTHING, icon("neutral"), named.written)

    return draw


def artifacts_in(names: Iterable[Named]) -> set[str]:
    """Labels of artifacts among what is named."""
    return {named.label for named in names if named.label.partition("/")[0] in KINDS}


def of_artifacts(person: User, names: list[Named], seen: Seen) -> Cards:
    numbers = {named.number for named in names if named.number}
    versions = states(person, set(seen.keys.values()), numbers) if numbers else {}
    found = {}
    for named in names:
        key = seen.keys.get(named.label)
        if key is None or (named.number and (key, named.number) not in versions):
            continue
        state = versions[key, named.number] if named.number else ""
        found[named] = of_artifact(named, state, seen.production.get(named.label))
    return found


def states(person: User, artifacts: set[int], numbers: set[int]) -> dict[tuple[int, int], str]:
    """The state of each of these versions that a person sees, by artifact and number."""
    rows = numbered(person, tuple(CHECKS), artifacts=[*artifacts], numbers=[*numbers])
    return {
        (artifact, number): "withdrawn" if withdrawn else state for artifact, number, state, withdrawn in rows
    }


@prepared
def numbered(person: User, known: tuple[str, ...], *, artifacts: Any, numbers: Any) -> QuerySet[Version, Any]:
    """Their state depends on which checks there are."""
    seen: Any = Version.objects.visible_to(person).with_state().order_by()
    found: QuerySet[Version, Any] = seen.filter(artifact__in=artifacts, number__in=numbers).values_list(
        "artifact", "number", "state_now", "withdrawn_at"
    )
    return found


def of_artifact(named: Named, state: str, production: int | None) -> Card:
    plural, _, title = named.label.partition("/")
    icon = KINDS[plural].value
    held = f"production is {production}" if production else "nothing in production"
    if not named.number:
        return Card(named.label, title, held, "good" if production else "neutral", icon)
    address, title = f"{named.label}/versions/{named.number}", f"{title} {named.number}"
    colour, _, word = STATES.get(state, ("blocked", "", state.capitalize()))
    if named.number == production:
        return Card(address, title, "production", "blocked" if colour == "blocked" else "good", icon)
    if production:
        return Card(address, title, f"{word.lower()}, {held}", "warn", icon)
    return Card(address, title, word.lower(), colour, icon)


def of_articles(person: User, names: list[Named], seen: Seen) -> Cards:
    parts = [named.label.split("/") for named in names]
    teams, slugs = sorted({part[1] for part in parts}), sorted({part[2] for part in parts})
    found = {article.label: article for article in articles_at(person, teams=teams, slugs=slugs)}
    stand = standings(person, list(found.values()), seen.production)
    return {
        named: of_article(found[named.label], stand[found[named.label].pk])
        for named in names
        if named.label in found
    }


@prepared
def articles_at(person: User, *, teams: Any, slugs: Any) -> QuerySet[Article]:
    return named_articles(person).filter(team__slug__in=teams, slug__in=slugs).order_by("pk")


def of_article(article: Article, stand: Any) -> Card:
    if article.archived_at:
        return Card(article.label, article.title, "archived")
    return Card(article.label, article.title, stand.word.lower(), stand.colour)


def of_decisions(person: User, names: list[Named]) -> Cards:
    parts = {named: named.label.split("/") for named in names}
    numbers = {int(part[2]) for part in parts.values() if part[2].isdecimal() and len(part[2]) < 9}
    rows = (
        Decision.objects.visible_to(person).filter(number__in=numbers).select_related("team").defer("search")
    )
    seen = rows.filter(team__slug__in={part[1] for part in parts.values()}).select_related("superseded_by")
    found = {decision.label: of_decision(decision) for decision in seen}
    return {named: found[named.label] for named in names if named.label in found}


def of_decision(decision: Decision) -> Card:
    later = getattr(decision, "superseded_by", None)
    title = f"Decision {decision.number}: {decision.title}"
    if later is not None:
        return Card(decision.label, title, f"superseded by {later.number}", "warn", "approve")
    return Card(decision.label, title, "stands", "good", "approve")


def of_runs(person: User, names: list[Named]) -> Cards:
    found = {run.label: of_run(run) for run in runs_of(person, keys=keys(names))}
    return {named: found[named.label] for named in names if named.label in found}


@prepared
def runs_of(person: User, *, keys: Any) -> QuerySet[Run]:
    return (
        Run.objects.visible_to(person).select_related("playbook", "team").filter(pk__in=keys).order_by("pk")
    )


def of_run(run: Run) -> Card:
    colour, _, word = RUNS[run.state]
    title = playbooks.read(run.playbook.text).title
    return Card(run.label, f"Run {run.pk}: {title}", word.lower(), colour, "run")


def of_findings(person: User, names: list[Named]) -> Cards:
    found = {f"findings/{each.pk}": of_finding(each) for each in findings_of(person, keys=keys(names))}
    return {named: found[named.label] for named in names if named.label in found}


@prepared
def findings_of(person: User, *, keys: Any) -> QuerySet[Finding]:
    seen = Finding.objects.visible_to(person).with_waived().select_related("version__artifact__team")
    return seen.filter(pk__in=keys).order_by("pk")


def of_finding(finding: Any) -> Card:
    """By its check and what it is in: its message may be long."""
    version = finding.version
    title = f"{finding.check_name} in {version.artifact.team.slug}/{version.artifact.name} {version.number}"
    severity = finding.get_severity_display()
    address = f"{version.label}/findings/#finding-{finding.pk}"
    if finding.closed_at:
        return Card(address, title, f"{severity}, closed", "neutral", "warn")
    if finding.waived_now:
        return Card(address, title, f"{severity}, accepted", "warn", "warn")
    return Card(
        address, title, f"{severity}, open", "blocked" if finding.severity >= BLOCKING else "warn", "warn"
    )


def keys(names: list[Named]) -> list[int]:
    return [int(named.label.partition("/")[2]) for named in names]


def missing(names: Iterable[Named], found: Cards) -> list[Named]:
    return [named for named in names if named not in found]


ASKED: tuple[tuple[str, Callable[[User, list[Named]], Cards]], ...] = (
    ("decisions", of_decisions),
    ("runs", of_runs),
    ("findings", of_findings),
)
