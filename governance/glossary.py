"""What every word, state, mark, role, rule and check means, in one place: for the badge and the page of help.

Rules and checks say it themselves, in the first words of their files; apps above add theirs.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from governance.roles import DUTIES

STATES = {
    "Draft": "Still being put together. Submitting freezes it and has it checked.",
    "Checking": "Frozen; its checks are not finished yet. Not evaluated is never a pass.",
    "Blocked": "A critical or high finding, a check that failed, or a withdrawal stands in the way.",
    "Ready": "Every check has finished and nothing blocks. A gate may still ask for an approval.",
    "Released": "It was in production once. Readers may fetch it while nothing critical is open.",
    "In production": "The alias production points at it now.",
}
SEVERITIES = {
    "Critical": "Known to be dangerous. It blocks what is in use, too: only author and stewards fetch it.",
    "High": "It blocks promotion until it is cured or waived. Readers cannot fetch it.",
    "Medium": "It does not block. Somebody should look at it within its time.",
    "Low": "It does not block. Good to know before it is used.",
    "Info": "Merely observed, for whoever wants to know.",
}
MARKS = {
    "Waived": "Accepted by a steward until a day, with a reason. It does not block until then.",
    "Overdue": "Its time for this severity is over, and nobody has cured, waived or disproved it.",
    "Open": "Nobody has said yet what becomes of it.",
    "In triage": "Somebody looks into it. That opens no gate.",
    "False positive": "Found to be nothing. That opens no gate: only a waiver does, and it ends.",
    "Approved": "Enough people said yes to exactly these bytes, findings, waivers and rules.",
    "Rejected": "Somebody who may decide said no, with a reason.",
    "Void": "What was signed has changed since, so the yes no longer holds. Ask again.",
    "Used": "The approval has done what it was for.",
    "Withdrawn": "Taken out of use. Nobody fetches it but its author and stewards, knowingly.",
    "Clean": "Every check has finished on this file and found nothing that blocks.",
    "Not evaluated": "No check has finished here. That is never a pass.",
    "Incident": "Something blocks in what is in use now.",
    "Archived": "Kept as it is, and read-only.",
}
WORDS = {
    "alias": "A name that points at one version and can be moved: staging, production.",
    "approval": "A person's signed yes to one action on one digest. Any change makes it void.",
    "artifact": "A named model, dataset or asset of a team, with all its versions.",
    "asset": "Code, notebooks, reports: anything else that is worth using again.",
    "blob": "The encrypted bytes of one file, stored once for a team.",
    "check": "Looks at the bytes of a file, in a sandbox, and yields findings.",
    "digest": "The SHA-256 of what is meant: two digests are equal only when every byte is.",
    "event": "One entry of the trail: who did or was refused what, when, and what changed.",
    "evidence": "What an approval is bound to: bytes, open findings, waivers and the rules of the gate.",
    "finding": "A problem that a check saw, in one place of one file, with its severity.",
    "gate": "What a protected alias asks for before it moves: checks, approvals, licences.",
    "grant": "A right to read one restricted dataset, for a purpose and until a day.",
    "job": "An action that runs by the clock. It is always there to be seen, run and paused.",
    "legal hold": "Nothing of it can be deleted until a second steward lets it go.",
    "lineage": "What a version was made from, and what was made from it.",
    "notification": "A message to one person, in the inbox and, if they like, by mail.",
    "policy": "One reason to say no to an action, as one sentence that also says what cures it.",
    "profile": "What the checks measured: rows, columns, types, tensors.",
    "protected alias": "An alias with a gate, such as production. Others move freely.",
    "record": "Evidence that somebody declares about a version: how it was trained, evaluated, deployed.",
    "restricted": "Only its owner and who holds a grant look into it.",
    "role": "A named set of rights in one team. A person may hold several; the rights add up.",
    "sandbox": "A process without network, rights or keys, in which hostile bytes are parsed and never run.",
    "service account": "An account of a program. A person answers for it, and it never decides.",
    "team": "Who owns things. Every artifact belongs to one, and it says who sees them.",
    "token": "The key of a program that acts for you, as narrow as you make it.",
    "trail": "Every event, in order. It takes new ones and lets nobody change or remove any.",
    "version": "One fixed set of files of an artifact, numbered, frozen when it is submitted.",
    "waiver": "An accepted finding: who, why, and until when. It always ends.",
}

# By group: what the page of help calls it, and its words.
GROUPS: dict[str, tuple[str, dict[str, str]]] = {
    "word": ("Words", WORDS),
    "state": ("States of a version", STATES),
    "severity": ("Severities of a finding", SEVERITIES),
    "mark": ("Other marks", MARKS),
    "role": ("Roles in a team", {**DUTIES, "site administrator": "Manages people, teams and jobs, and sees "
    "nothing of what teams own."}),
    "rule": ("Rules", {
        "role": "What one may do comes from roles, held in one team each.",
        "token": "A token may never do more than whose it is, and no more than was ticked.",
    }),
}  # fmt: skip
_badges: dict[str, tuple[str, str]] = {}


def add(group: str, title: str, meanings: Mapping[str, str]) -> None:
    """Add words of an app above to a group, which is made when it is new."""
    GROUPS.setdefault(group, (title, {}))[1].update(meanings)


def first_words(function: Callable[..., Any]) -> str:
    """The first paragraph of the file that a rule or a check is."""
    text = inspect.getdoc(sys.modules[function.__module__]) or ""
    return " ".join(text.partition("\n\n")[0].split())


def add_files(group: str, title: str, functions: Iterable[Callable[..., Any]]) -> None:
    """The same for plug-ins, one file each: their name and what they say first."""
    add(group, title, {each.__module__.rpartition(".")[2]: first_words(each) for each in functions})


def meaning(group: str, word: str) -> str:
    """What a word of a group means; empty when it says nothing."""
    return GROUPS[group][1].get(word, "") if group in GROUPS else ""


def anchor(group: str, word: str) -> str:
    """Where on the page of help a word stands."""
    return f"{group}-{word.lower().replace(' ', '-')}"


def of_badge(word: str) -> tuple[str, str]:
    """The group of a badge by its word, and what it means; both empty for one that says it all."""
    if not _badges:
        for group in ("mark", "severity", "state"):
            _badges.update({each: (group, said) for each, said in GROUPS[group][1].items()})
    return _badges.get(word, ("", ""))
