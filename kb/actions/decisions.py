"""Decisions are noted, and superseded by others."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max

from governance import access, audit
from governance.actions import cleaned, saved
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import Team, User
from kb import markdown
from kb.markdown import Named
from kb.models import Decision
from kb.models.decisions import LONGEST

MOST_ABOUT = 20
TEXTS = ("context", "options", "choice", "consequences")


@action("decision.add")
def add_decision(
    team: Team,
    *,
    title: str,
    context: str,
    choice: str,
    options: str = "",
    consequences: str = "",
    about: Iterable[str] = (),
    supersedes: Decision | None = None,
    by: User,
) -> Decision:
    """Note a choice of a team, and why. It stays as it is; `supersedes` is the one that it takes the place
    of, and `about` names things as articles do: `model:fraud/scorer@3`."""
    access.check(by, "decision.add", team)
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if supersedes is not None:
        supersede(supersedes, team)
    texts = {"context": context, "options": options, "choice": choice, "consequences": consequences}
    for name, text in texts.items():
        if len(text) > LONGEST:
            raise Invalid(f"A part has at most {LONGEST:,} characters.", errors={name: ["It is too long."]})
    names = [*map(understood, about)]
    names += [named for text in texts.values() for named in markdown.read(text).references]
    last = Decision.objects.filter(team=team).aggregate(last=Max("number"))["last"] or 0
    decision = Decision(
        team=team,
        number=last + 1,
        title=title.strip(),
        about=list(dict.fromkeys(label for named in names for label in labels_of(named)))[:MOST_ABOUT],
        supersedes=supersedes,
        by=by,
        **texts,
    )
    saved(cleaned(decision))
    after = {"title": decision.title, "supersedes": supersedes.label if supersedes else None}
    audit.record("decision.add", decision, by=by, after=after)
    return decision


def supersede(older: Decision, team: Team) -> None:
    """One is superseded once, by its own team."""
    if older.team_id != team.pk:
        raise Invalid("A decision is superseded by its own team.", errors={"supersedes": ["Another team's."]})
    later = Decision.objects.filter(supersedes=older).first()
    if later is not None:
        raise Conflict(f"Decision {older.number} was superseded already, by decision {later.number}.")


def understood(text: str) -> Named:
    named = markdown.as_named(text)
    if named is None or named.label.partition("/")[0] in markdown.NUMBERED.values():
        sentence = f"Write what it is about as model:team/name@3, not “{text[:60]}”."
        raise Invalid(sentence, errors={"about": [sentence]})
    return named


def labels_of(named: Named) -> list[str]:
    """A version is noted with what it is a version of, so that it is found by either."""
    return [named.label, *([f"{named.label}/versions/{named.number}"] if named.number else [])]
