"""From labels to playbooks, runs and triggers, for approvals, events and messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from governance.models import User
from governance.prepared import prepared
from governance.subjects import Subject, register
from kb.models import Glass, PlaybookVersion, Run, RunFile, Trigger, Twins, Wanted, Week

Seen = Callable[[User, Collection[str]], set[str]]

RUN = re.compile(r"runs/(?P<pk>[1-9][0-9]{0,17})")
RUN_FILE = re.compile(r"runs/(?P<pk>[1-9][0-9]{0,17})/files/(?P<file>[1-9][0-9]{0,17})")
TWINS = re.compile(r"twins/(?P<pk>[1-9][0-9]{0,17})")
WANTED = re.compile(r"wanted/(?P<pk>[1-9][0-9]{0,17})")
WEEK = re.compile(r"weeks/(?P<pk>[1-9][0-9]{0,17})")
TRIGGER = re.compile(r"triggers/(?P<pk>[1-9][0-9]{0,17})")
GLASS = re.compile(r"glass/(?P<pk>[1-9][0-9]{0,17})")
OWN_PLAYBOOK = re.compile(r"teams/(?P<slug>[a-z0-9-]+)/playbooks/(?P<code>[A-Z0-9-]{1,20})")


def find_run(person: User, *, pk: str) -> Run | None:
    seen = Run.objects.visible_to(person).select_related("team", "playbook", "started_by")
    return seen.filter(pk=pk).first()


def seen_runs(person: User, labels: Collection[str]) -> set[str]:
    keys = [int(label.removeprefix("runs/")) for label in labels]
    return {f"runs/{key}" for key in runs_among(person, keys=keys)}


@prepared
def runs_among(person: User, *, keys: Any) -> QuerySet[Run, int]:
    """The navigation of every page asks, for what is to be read."""
    return Run.objects.visible_to(person).filter(pk__in=keys).order_by().values_list("pk", flat=True)


def find_run_file(person: User, *, pk: str, file: str) -> RunFile | None:
    seen = RunFile.objects.visible_to(person).filter(run_id=int(pk), pk=int(file))
    return seen.select_related("run__team").first()


def seen_run_files(person: User, labels: Collection[str]) -> set[str]:
    runs = {label.partition("/files/")[0] for label in labels}
    seen = seen_runs(person, runs)
    return {label for label in labels if label.partition("/files/")[0] in seen}


def run_file_url(groups: Mapping[str, str]) -> str:
    return reverse("kb:run_file", kwargs=dict(groups))


def find_trigger(person: User, *, pk: str) -> Trigger | None:
    return Trigger.objects.visible_to(person).select_related("team", "made_by").filter(pk=pk).first()


def by_key(kind: str, model: type[Trigger | Wanted | Twins | Glass | Week]) -> Seen:
    """Which of these labels, a word and a key, a person sees: one query for all."""

    def seen(person: User, labels: Collection[str]) -> set[str]:
        keys = [int(label.removeprefix(f"{kind}/")) for label in labels]
        rows = model.objects.visible_to(person).filter(pk__in=keys).order_by()
        return {f"{kind}/{key}" for key in rows.values_list("pk", flat=True)}

    return seen


def trigger_url(groups: Mapping[str, str]) -> str:
    return reverse("kb:trigger", kwargs=dict(groups))


def find_glass(person: User, *, pk: str) -> Glass | None:
    return Glass.objects.visible_to(person).select_related("run__team", "asked_by").filter(pk=pk).first()


def glass_url(groups: Mapping[str, str]) -> str:
    return reverse("kb:glass")


def find_playbook(person: User, *, slug: str, code: str) -> PlaybookVersion | None:
    seen = PlaybookVersion.objects.visible_to(person).select_related("team")
    return seen.filter(team__slug=slug, code=code).order_by("-number").first()


def run_url(groups: Mapping[str, str]) -> str:
    return reverse("kb:run", kwargs=dict(groups))


def playbook_url(groups: Mapping[str, str]) -> str:
    return f"{reverse('kb:playbook', args=[groups['code']])}?team={groups['slug']}"


def find_wanted(person: User, *, pk: str) -> Wanted | None:
    return Wanted.objects.visible_to(person).select_related("team").filter(pk=pk).first()


def wanted_url(groups: Mapping[str, str]) -> str:
    return reverse("kb:wanted", kwargs=dict(groups))


def find_twins(person: User, *, pk: str) -> Twins | None:
    heavy = ("one__text", "one__search", "other__text", "other__search")
    seen = Twins.objects.visible_to(person).select_related("one__team", "other__team").defer(*heavy)
    return seen.filter(pk=pk).first()


def twins_url(groups: Mapping[str, str]) -> str:
    return reverse("kb:twins_both", kwargs=dict(groups))


def find_week(person: User, *, pk: str) -> Week | None:
    return Week.objects.visible_to(person).filter(pk=pk).first()


def week_url(groups: Mapping[str, str]) -> str:
    return reverse("kb:week", kwargs=dict(groups))


register(Subject("week", WEEK, find_week, week_url, seen=by_key("weeks", Week)))
register(Subject("wanted", WANTED, find_wanted, wanted_url, seen=by_key("wanted", Wanted)))
register(Subject("twins", TWINS, find_twins, twins_url, seen=by_key("twins", Twins)))
register(Subject("run", RUN, find_run, run_url, seen=seen_runs))
register(Subject("run_file", RUN_FILE, find_run_file, run_file_url, seen=seen_run_files))
register(Subject("trigger", TRIGGER, find_trigger, trigger_url, seen=by_key("triggers", Trigger)))
register(Subject("glass", GLASS, find_glass, glass_url, seen=by_key("glass", Glass)))
register(Subject("playbook", OWN_PLAYBOOK, find_playbook, playbook_url))
