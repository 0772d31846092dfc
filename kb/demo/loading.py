"""The demo in a server that runs: whether it fits, how far it is, and the process that fills it in.

What has been made is read from what there is: nothing has to be remembered of a load that was cut off.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec

from django.conf import settings
from django.utils import timezone

from governance.alone import alone
from governance.errors import Unavailable
from governance.models import Event, Team, User
from kb.demo.guests import GUESTS, TEAM, is_told, password
from registry.models import Artifact, Version

SPACE, KEY = 0x57E3A35, 1
VERSIONS = 11  # that the story tells of
SOON = timedelta(minutes=1)  # in which a worker takes it up
PACKAGES = ("joblib", "skops", "sklearn")


@dataclass(frozen=True)
class Site:
    """What the demo is loaded into. It belongs to no team."""

    label: str = "site/demo"


@dataclass(frozen=True)
class Standing:
    """How far it is: nothing yet, being loaded, cut off, told, or put away."""

    state: str
    done: int = 0
    password: str = ""
    of: int = VERSIONS
    names: str = ", ".join(guest.name for guest in GUESTS)

    @property
    def said(self) -> str:
        return f"{self.done} of {self.of}"


def standing() -> Standing | None:
    """None when this site is filled with something else."""
    if not Team.objects.filter(slug=TEAM).exists() and not is_empty() and not was_asked():
        return None
    if is_told():
        away = not Team.objects.filter(slug=TEAM, archived_at=None).exists()
        return Standing("away") if away else Standing("told", VERSIONS, password())
    asked = Event.objects.filter(subject=Site.label, action="demo.load", outcome="done").first()
    if asked is None:
        return Standing("nothing")
    submitted = Version.objects.filter(artifact__team__slug=TEAM).exclude(submitted_at=None).count()
    at_work = is_loading() or asked.at > timezone.now() - SOON
    return Standing("loading" if at_work else "cut off", min(submitted, VERSIONS))


def was_asked() -> bool:
    return Event.objects.filter(subject=Site.label, action="demo.load", outcome="done").exists()


def is_loading() -> bool:
    with by_nobody_else() as free:
        return not free


def by_nobody_else() -> AbstractContextManager[bool]:
    return alone(SPACE, KEY)


def lacks_packages() -> bool:
    return any(find_spec(name) is None for name in PACKAGES)


def is_empty() -> bool:
    """Nothing is owned by anybody, and nobody has the name of somebody in the demo."""
    names = [guest.name for guest in GUESTS]
    taken = Team.objects.exists() or Artifact.objects.exists()
    return not (taken or User.objects.filter(username__in=names).exists())


def load() -> None:
    """Fill it in, by a process of its own: the libraries that train the models do not stay in a worker."""
    command = [sys.executable, "manage.py", "demo"]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise Unavailable(f"The demo was not loaded: {ended.stderr.strip()[-300:]}")
