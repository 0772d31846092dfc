"""Pages and actions, found by words: what one may open and begin from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from governance import access
from governance.models import Team, User
from governance.models.jobs import may_look
from governance.searches import Hit, begins, searches
from registry.models import Kind

MOST_TEAMS = 50


def anybody(person: User) -> bool:
    return True


def administrator(person: User) -> bool:
    return access.administers(person)


@dataclass(frozen=True)
class Page:
    """One page of the navigation; `also` are other words for it, `key` the second key of its jump."""

    title: str
    view: str
    also: str = ""
    key: str = ""
    seen: Callable[[User], bool] = anybody


PAGES = (
    Page("Home", "kb:home", "start waits", "h"),
    Page("Inbox", "governance:inbox", "messages notifications", "i"),
    Page("Models", "registry:models", "", "m"),
    Page("Datasets", "registry:datasets", "data", "d"),
    Page("Assets", "registry:assets", "code notebooks reports", "a"),
    Page("Articles", "kb:articles", "knowledge wiki pages documentation", "k"),
    Page("Articles that say the same", "kb:twins", "duplicates twins near pairs"),
    Page("Questions", "kb:questions", "twenty best practice answers"),
    Page("Playbooks", "kb:playbooks", "procedures best practice steps"),
    Page("Runs", "kb:runs", "playbooks steps evidence", "r"),
    Page("Confidential runs", "kb:glass", "break glass in need", seen=administrator),
    Page("Triggers", "kb:triggers", "playbooks schedule start automatic"),
    Page("Decisions", "kb:decisions", "choices log adr why"),
    Page("Approvals", "governance:approvals", "requests decide", "p"),
    Page("Findings", "registry:board", "board checks issues", "f"),
    Page("Trail", "governance:trail", "audit events log history", "e"),
    Page("Jobs", "governance:jobs", "schedule runs", "j", may_look),
    Page("Teams", "governance:teams", "groups members", "t"),
    Page("Roles", "governance:roles", "rights permissions"),
    Page("Users", "governance:users", "people accounts", "u", administrator),
    Page("System", "registry:system", "health server", "s", administrator),
    Page("Tokens", "governance:tokens", "programs keys api", "o"),
    Page("How you are told", "governance:inbox_settings", "settings mail notifications"),
    Page("Change the password", "account_change_password", "account sign in"),
    Page("Checks", "registry:checks", "scanner engine sandbox canaries"),
    Page("Help", "kb:help", "glossary words explain"),
    Page("Shortcuts", "kb:shortcuts", "keyboard keys help"),
)
THEMES = {"system": "system auto", "light": "light day", "dark": "dark night", "contrast": "high contrast"}


@searches("page", "Pages", "right", rank=4, of_teams=False)
def pages(person: User, text: str, most: int) -> Iterator[Hit]:
    found = (page for page in PAGES if begins(text, page.title, page.also) and page.seen(person))
    for page, _ in zip(found, range(most), strict=False):
        yield Hit(page.title, reverse(page.view))


@searches("action", "Actions", "run", rank=2, of_teams=False)
def actions(person: User, text: str, most: int) -> Iterable[Hit]:
    found = (hit for hit in doable(person) if begins(text, hit.title, hit.why))
    for hit, _ in zip(found, range(most), strict=False):
        yield Hit(hit.title, hit.href, hit.about, sends=hit.sends)


def doable(person: User) -> Iterator[Hit]:
    """What one may begin; the words it is found by, too, stand in `why`."""
    adding = Team.objects.at_work().filter(pk__in=access.teams(person, "artifact.add")).order_by("slug")
    for team in adding.values_list("slug", flat=True)[:MOST_TEAMS]:
        for kind in Kind:
            address = reverse("registry:new_artifact", kwargs={"kind": kind.plural})
            yield Hit(f"New {kind.value} in {team}", f"{address}?team={team}", why="add make push create")
    if administrator(person):
        yield Hit("New team", reverse("governance:team_add"), why="add make create")
        yield Hit("New account", reverse("governance:user_add"), why="add make create user person")
    if access.teams(person, "version.promote"):
        yield Hit("Ask for promotion", f"{reverse('registry:models')}?state=ready",
                  "choose a version that is ready", "request approval production promote")  # fmt: skip
    yield Hit("New token", reverse("governance:tokens"), why="add make create program api key")
    for theme, also in THEMES.items():
        yield Hit(f"Theme: {theme}", reverse("governance:theme"), why=also, sends={"theme": theme})
    yield Hit("Sign out", reverse("account_logout"), why="leave log out")
