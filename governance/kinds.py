"""What people are told of: each kind in words, its mark, and how it reaches who has chosen nothing."""

from __future__ import annotations

from dataclasses import dataclass

ONCE, DAILY, INBOX, NEVER = "once", "daily", "inbox", "never"

# How a message reaches somebody, in words. It always stands in the inbox.
WAYS = {ONCE: "At once by mail", DAILY: "Daily by mail", INBOX: "Only in the inbox"}
# Of what one is told who asks for it.
ASKED_FOR = {NEVER: "Not at all", **WAYS}


@dataclass(frozen=True)
class Kind:
    """`words` name it in a list of kinds, `open` is what one does with its page, `state` and `icon` are its
    mark. Of what is of the `site` only its administrators are told; of what is `personal` no webhook. Who has
    not chosen a way is told by the `usual` one: nobody of what is usually told to nobody."""

    words: str
    usual: str = DAILY
    state: str = "neutral"
    icon: str = "arrow"
    open: str = "Open"
    site: bool = False
    personal: bool = False

    @property
    def ways(self) -> dict[str, str]:
        return ASKED_FOR if self.usual == NEVER else WAYS


KINDS: dict[str, Kind] = {
    "approval-asked": Kind("Requests that you may decide on", ONCE, "info", "approve", "Decide"),
    "approval-decided": Kind("Decisions on your requests", icon="check"),
    "finding-blocking": Kind("Blocking findings on what is yours", ONCE, "blocked", "blocked", "Read why"),
    "incident": Kind("Blocking findings on what is in use", ONCE, "blocked", "blocked", "Read why"),
    "withdrawn": Kind("Withdrawn versions that concern you", ONCE, "blocked", "blocked", "Read why"),
    "finding-assigned": Kind("Findings that you are asked to look after", icon="blocked", open="Read it"),
    "scanner-blind": Kind("A scanner that lets known-bad files pass", ONCE, "blocked", "blocked", "Read why"),
    "waiver-ending": Kind("Waivers that end soon", state="warn", icon="clock"),
    "grant-asked": Kind("Requests to read a restricted dataset", state="info", icon="key", open="Decide"),
    "grant-decided": Kind("Decisions on what you asked to read", icon="key"),
    "restriction": Kind("A dataset of yours that was restricted or opened", icon="closed"),
    "settings-asked": Kind("Changes of a gate to confirm", state="info", icon="approve", open="Decide"),
    "settings-decided": Kind("Decisions on changes of a gate that you asked for", icon="check"),
    "run": Kind("Runs of playbooks that you take part in", icon="run", open="Open the run"),
    "run-step": Kind("Steps of runs that are yours", state="info", icon="run", open="Do it"),
    "run-fell": Kind("Steps of runs whose evidence does not hold any more", ONCE, "warn", "warn", "Look"),
    "run-late": Kind("Steps of runs that are overdue", state="warn", icon="clock", open="Do it"),
    "run-retrospective": Kind("Runs of which nothing is written yet", icon="article", open="Write it"),
    "playbook-unused": Kind("Playbooks of your team that nobody runs", INBOX, icon="playbook", open="Look"),
    "run-confidential": Kind(
        "Confidential runs that you are named in", icon="closed", open="Open", personal=True
    ),
    "glass-asked": Kind(
        "Who asks to look into a confidential run", ONCE, "warn", "eye", "Decide", personal=True
    ),
    "trigger-held": Kind(
        "Triggers of your team that started nothing", state="warn", icon="clock", open="Look"
    ),
    "handed-over": Kind("What was handed over to you", icon="arrow"),
    "followed": Kind("News of what you follow", INBOX, icon="eye", open="Look", personal=True),
    "article-said": Kind(
        "Comments on your articles, and where you are named", icon="article", open="Read it"
    ),
    "article-stale": Kind(
        "Articles of yours that went stale", state="warn", icon="article", open="Look at it"
    ),
    "article-watched": Kind(
        "Changes of articles that you watch", INBOX, icon="eye", open="Read it", personal=True
    ),
    "article-week": Kind(
        "The week of articles, on Mondays", NEVER, icon="article", open="Read it", personal=True
    ),
    "article-to-read": Kind(
        "Articles that you are asked to read", ONCE, "info", "article", "Read it", personal=True
    ),
    "attachment-blocked": Kind(
        "Files that you attached and that did not pass their checks", ONCE, "blocked", "blocked", "Read why"
    ),
    "article-broken": Kind(
        "Links of your articles that lead nowhere", state="warn", icon="link", open="Look at it"
    ),
    "article-twins": Kind(
        "Articles of yours that say nearly the same as others", icon="copy", open="Compare them"
    ),
    "article-wanted": Kind(
        "Articles that people of your team searched for in vain", icon="search", open="Look at it"
    ),
    "review": Kind("The weekly review", icon="eye"),
    "webhook-paused": Kind("A webhook of your team that was paused", state="warn", icon="warn"),
    "account": Kind("What happens to your account and its keys", ONCE, "warn", "key", "Look at it"),
    "job-failed": Kind("Jobs that failed", state="warn", icon="warn", site=True),
}


def kind_of(name: str) -> Kind:
    """A kind that messages were written of, also when it has left the table."""
    return KINDS.get(name) or Kind(name)
