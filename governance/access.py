"""May I? The one place that says yes (a role) or no (a policy, with its reason)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from governance import glossary, roles, scopes
from governance.errors import Denied, Unconfirmed

if TYPE_CHECKING:
    from governance.models import Team, Token, User


@dataclass(frozen=True)
class Objection:
    """One reason to say no: the sentence, what cures it, who can do that, where, and the policy that says
    so. `link` is an address of this site."""

    sentence: str
    cure: str = ""
    policy: str = ""
    who: str = ""
    link: str = ""


SITE = "the site administrator"
STALE = "You signed in some time ago. Confirm that it is you, then do this again."
MOST_NAMED = 3

Answer = str | Objection | None
Policy = Callable[..., Answer]

EVERY = "*"
"""A policy on this is asked about every action, and is none of the policies of a gate."""

_policies: dict[str, list[tuple[str, Policy]]] = defaultdict(list)


def policy(*actions: str) -> Callable[[Policy], Policy]:
    """Register `function(person, subject, **about)`: its objection, or None. Named like its file; `about`
    names the action, too."""

    def register(function: Policy) -> Policy:
        glossary.add_files("rule", "Rules", [function])
        for action in actions:
            _policies[action].append((function.__module__.rpartition(".")[2], function))
        return function

    return register


def policies(action: str) -> list[str]:
    """The names of the policies that are asked about an action in particular."""
    return [name for name, _ in _policies[action]]


# ------------------------------------------------------------------ roles


def grants(person: User) -> dict[int, set[str]]:
    """The actions of a person by team, as far as their token reaches. Read once for one request: `User`
    objects do not outlive it."""
    known = person.grants
    if known is None:
        known = defaultdict(set)
        person.guarded, person.sight = {}, None
        if person.is_active and person.pk:
            only, allowed = reach(person.token)
            for team, role, asked in person.roles_guarded():
                if only in (None, team):
                    held = unguarded(person, team, role) if asked else roles.ROLES[role]
                    known[team] |= held if allowed is None else held & allowed
            if person.answered_by_id is not None:
                keep_below(known, person.roles_above())
        person.grants = known
    return known


def unguarded(person: User, team: int, role: str) -> frozenset[str]:
    """What a role allows whose team asks for a second factor: to a person without one what readers may.
    Programs have none: see docs/decisions/0018-a-second-factor-where-a-team-asks.md."""
    if person.token is not None or person.answered_by_id is not None or person.has_factor:
        return roles.ROLES[role]
    assert person.guarded is not None
    person.guarded.setdefault(team, set()).update(roles.ROLES[role] - roles.ROLES["reader"])
    return roles.ROLES[role] & roles.ROLES["reader"]


def keep_below(known: dict[int, set[str]], above: Iterable[tuple[int, str]]) -> None:
    """A service account may nothing that who answers for it may not."""
    allowed: dict[int, set[str]] = defaultdict(set)
    for team, role in above:
        allowed[team] |= roles.ROLES[role]
    for team in known:
        known[team] &= allowed[team]


def forget(person: User) -> None:
    """Read the roles again at the next question."""
    person.grants = person.factor_known = None


def teams(person: User, action: str) -> list[int]:
    """The teams in which a person may do something: what `visible_to` filters by."""
    return [team for team, actions in grants(person).items() if action in actions]


def sight(person: User) -> Hashable:
    """All that `visible_to` may look at in a person: SQL that is kept for one sight holds for no other."""
    held = grants(person)
    if person.sight is None:
        actions = tuple((team, frozenset(actions)) for team, actions in held.items())
        person.sight = person.pk, administers(person), bound(person), actions
    return person.sight


def within(person: User, team: int) -> User:
    """The same person with what they may in one team alone: what is asked with it is narrowed to it."""
    held = grants(person)
    one = copy(person)
    one.grants, one.sight = defaultdict(set, {team: held[team]} if team in held else {}), None
    return one


# ------------------------------------------------------------------ tokens


def bound(person: User) -> int | None:
    """The key of the only team that this person's token is for; None without a token or for every team."""
    return None if person.token is None else person.token.team_id


def administers(person: User) -> bool:
    """Whether this is the site administrator, by a session or a token that is not for one team alone."""
    return person.is_superuser and bound(person) is None


def reach(token: Token | None) -> tuple[int | None, frozenset[str] | None]:
    """The key of the only team that a token is for, and its only actions; each None for all of its owner."""
    return (None, None) if token is None else (token.team_id, scopes.allowed(*token.ticks))


def token_objection(person: User, action: str, team: Team | None) -> Objection | None:
    """That a token is narrower than its owner, and what to tick; None when the owner may not either."""
    if person.token is None:
        return None
    owner = copy(person)
    owner.token = owner.grants = None
    if not may(owner, action, team):
        return None
    group = scopes.GROUPS.get(scopes.group_of(action))
    if group is None or getattr(person.token, scopes.group_of(action)):
        sentence, cure = "This token is for one team alone.", "make one for every team of yours."
    else:
        sentence, cure = f"This token may not {group.words}.", f"make one with “{group.label}” ticked."
    return Objection(f"{sentence} To do this, {cure}", cure, "token", "you", reverse("governance:tokens"))


# ------------------------------------------------------------------ second factor


def factor_objection(person: User, action: str, team: Team | None) -> Objection | None:
    """That a role would allow this to who has a second factor, and where to set one up."""
    grants(person)
    if team is None or action not in (person.guarded or {}).get(team.pk, ()):
        return None
    cure = "set up an authenticator app or a passkey on your page."
    return Objection(
        f"{team.slug} asks your role for a second factor. To do this, {cure}",
        cure,
        "second_factor",
        "you",
        reverse("governance:security"),
    )


# ------------------------------------------------------------------ yes or no


def team_of(subject: object) -> Team | None:
    return getattr(subject, "team", None)


def role_objection(person: User, action: str, subject: object) -> Objection | None:
    """Why no role allows this, or None when one does. Asks the database nothing once the roles are known."""
    team = team_of(subject)
    if not person.is_active and person.username != person.SYSTEM:
        return Objection("This account is not active.", policy="role", who=SITE)
    if person.username == person.SYSTEM or may(person, action, team) or lets(subject, person, action):
        return None
    if narrow := token_objection(person, action, team):
        return narrow
    if guard := factor_objection(person, action, team):
        return guard
    wanted = roles.allowing(action)
    if not wanted or team is None:
        return Objection("Only the site administrator may do this.", policy="role", who=SITE)
    return Objection(
        f"Your roles in {team.slug} do not allow this: it takes {' or '.join(wanted)}.",
        f"a steward of {team.slug} gives you the role, or somebody who has it acts.",
        "role",
    )


def lets(subject: object, person: User, action: str) -> bool:
    """Whether the thing itself names who may do this to it, within their token."""
    names = getattr(subject, "lets", None)
    _, allowed = reach(person.token)
    return names is not None and (allowed is None or action in allowed) and bool(names(person, action))


def may(person: User, action: str, team: Team | None) -> bool:
    """Whether an action is everybody's own, the site administrator's or a role's, within the token."""
    if action in roles.OWN or (action in roles.SITE and administers(person)):
        _, allowed = reach(person.token)
        return allowed is None or action in allowed
    return team is not None and action in grants(person).get(team.pk, set())


def role_objections(person: User, action: str, subject: object) -> list[Objection]:
    """The same as a refusal tells it: with who can give the role, and where."""
    objection, team = role_objection(person, action, subject), team_of(subject)
    if objection is None:
        return []
    if team is None or objection.who:
        return [objection]
    where = reverse("governance:team", args=[team.slug])
    return [replace(objection, who=able(team, "member.set"), link=where)]


# ------------------------------------------------------------------ hidden

Hides = Callable[["User", str], Q]

_hides: list[Hides] = []


def hides(function: Hides) -> Hides:
    """Register `function(person, field)`: the condition under which a field holds the label of something that
    is kept from somebody whatever their role in its team."""
    _hides.append(function)
    return function


def hidden(person: User, field: str) -> Q:
    """The rows whose field is the label of something kept from a person: for what holds a label and no key
    of what it is about."""
    found = Q(pk__in=[])
    for function in _hides:
        found |= function(person, field)
    return found


# ------------------------------------------------------------------ who could


def able(
    subject: object, action: str, *, but: Container[int] = (), among: Container[str] = roles.ROLES
) -> str:
    """Who of a team has a role for something, as an objection's `who`; `but` are the keys of people whom a
    policy keeps from it, `among` the roles that count. One query for each team in a request."""
    team = team_of(subject)
    names = [name for key, name in holders(team, action, among).items() if key not in but] if team else []
    if names:
        return listed(names)
    return SITE if team is None or action in roles.SITE else f"nobody in {team.slug} yet"


def holders(team: Team, action: str, among: Container[str] = roles.ROLES) -> dict[int, str]:
    """Names by key of the active people who have a role for something, of the roles that count. What a
    service account may, whoever answers for it may, too: they are named."""
    known: list[tuple[str, int, str]] | None = team.__dict__.get("_holders")
    if known is None:
        rows = team.holders()
        known = team.__dict__["_holders"] = [(row.role, row.user_id, str(row.user)) for row in rows]
    return {key: name for role, key, name in known if action in roles.ROLES[role] and role in among}


def listed(names: Sequence[str], last_word: str = "or") -> str:
    """“Jonas Weber or Leila Haddad”; of many the first three."""
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    *others, last = names
    return f"{', '.join(others)} {last_word} {last}" if others else last


# ------------------------------------------------------------------ questions


def policy_objections(person: User, action: str, subject: object, **about: Any) -> Iterable[Objection]:
    yield from answers([*_policies[EVERY], *_policies[action]], person, action, subject, **about)


def general_objection(person: User, action: str, subject: object) -> Objection | None:
    """The first reason that is against every such action, such as that the team is archived. Asks the
    database nothing."""
    return next(iter(answers(_policies[EVERY], person, action, subject)), None)


def answers(
    policies: list[tuple[str, Policy]], person: User, action: str, subject: object, **about: Any
) -> Iterable[Objection]:
    for name, function in policies:
        answer = function(person, subject, action=action, **about)
        if answer is not None:
            objection = Objection(answer) if isinstance(answer, str) else answer
            yield replace(objection, policy=name)


def objections(person: User, action: str, subject: object, **about: Any) -> list[Objection]:
    """Every reason why this person may not do this to this subject; empty means yes."""
    no_role = role_objections(person, action, subject)
    return [*no_role, *policy_objections(person, action, subject, **about)]


def can(person: User, action: str, subject: object, **about: Any) -> bool:
    return not objections(person, action, subject, **about)


def check(person: User, action: str, subject: object, **about: Any) -> None:
    """Raise `Denied` with every objection; roles are read anew, so that a right withdrawn is gone. Without
    one, `Unconfirmed` when this takes a fresh sign-in."""
    forget(person)
    refuse(subject, objections(person, action, subject, **about))
    if person.stale and action in roles.CONFIRMED:
        link = reverse("account_reauthenticate")
        found = Objection(STALE, "confirm that it is you.", "confirmed", "you", link)
        raise Unconfirmed(STALE, objections=[found])


def check_role(person: User, action: str, subject: object) -> None:
    """The same for roles alone: where the state of the subject says more than its policies would."""
    forget(person)
    refuse(subject, role_objections(person, action, subject))


def refuse(subject: object, found: list[Objection]) -> None:
    """Raise `Denied` when there is an objection."""
    if found:
        denied = Denied(" ".join(objection.sentence for objection in found), objections=found)
        denied.subject = subject
        raise denied
