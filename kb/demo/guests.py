"""Who is in the demo, what each can try, and the password that they share."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from string import ascii_lowercase

from django.conf import settings
from django.http import HttpRequest

from governance.middleware import address
from governance.models import Event

TEAM = "lab"
TUMOURS = f"/models/{TEAM}/tumour-classifier/"
WINES = f"/models/{TEAM}/wine-classifier/"
DIGITS = f"/models/{TEAM}/digit-reader/"
FOUND = f"/models/{TEAM}/digits-from-a-forum/"
UNKNOWN = f"{DIGITS}versions/2/"
LAST = f"models/{TEAM}/tumour-classifier/versions/3"


@dataclass(frozen=True)
class Try:
    """Something to try, and where one begins."""

    what: str
    href: str


@dataclass(frozen=True)
class Guest:
    """Somebody of the demo."""

    name: str
    role: str
    tries: tuple[Try, ...]

    @property
    def title(self) -> str:
        return self.role.replace("-", " ")


GUESTS = (
    Guest(
        "mara",
        "data-scientist",
        (
            Try("See why your request for production waits, and for whom.", f"{TUMOURS}versions/3/"),
            Try("Read what loading the model from a forum would have done.", f"{FOUND}versions/1/"),
            Try("Push a model of your own and watch its checks.", "/models/new/"),
        ),
    ),
    Guest(
        "tomas",
        "data-engineer",
        (
            Try("Look at a dataset and at what was trained on it.", f"/datasets/{TEAM}/wine/versions/1/"),
            Try("Push a table as CSV or Parquet.", "/datasets/new/"),
        ),
    ),
    Guest(
        "jonas",
        "steward",
        (
            Try("Approve or reject version 3 of the tumour classifier.", "/approvals/"),
            Try("Read the trail: who did what, and what was refused.", "/trail/"),
        ),
    ),
    Guest(
        "leila",
        "steward",
        (
            Try("Decide on a class of the team's own that is not known to be safe.", f"{UNKNOWN}findings/"),
            Try("Ask for two approvals before production.", f"/teams/{TEAM}/gate/"),
        ),
    ),
    Guest(
        "priya",
        "devops-engineer",
        (
            Try("See why version 2 of the tumour classifier was rolled back.", TUMOURS),
            Try("Promote version 3 once a steward has approved it.", f"{TUMOURS}versions/3/"),
            Try("Fetch what runs in production.", f"{WINES}versions/1/files/"),
        ),
    ),
)


def password_file() -> Path:
    return settings.STEWARD_HOME / "keys" / "demo_password"


def password() -> str:
    """What all of them sign in with; empty when this home has no demo, and always in production."""
    path = password_file()
    return path.read_text().strip() if path.exists() and not settings.PRODUCTION else ""


def make_password() -> str:
    """Made up once for each home; only the owner of the file reads it."""
    if not password():
        words = ("".join(secrets.choice(ascii_lowercase) for _ in range(5)) for _ in range(3))
        draft = password_file().with_suffix(".draft")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text("-".join(words))
        draft.rename(password_file())
    return password()


def forget_password() -> None:
    """The sign-in page offers it no more."""
    password_file().unlink(missing_ok=True)


def shown_password(request: HttpRequest) -> str:
    """The same for who sits at this machine; nothing for anybody else."""
    try:
        near = ip_address(address(request)).is_loopback
    except ValueError:
        return ""
    return password() if near and not settings.BEHIND_PROXY else ""


def is_told() -> bool:
    """The trail holds the last step for ever, whatever people did since."""
    return Event.objects.filter(action="approval.request", subject=LAST, outcome="done").exists()


def guest(name: str) -> Guest | None:
    return next((found for found in GUESTS if found.name == name), None)
