"""From labels to teams, members and approvals: their pages, for whoever reads the trail."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from django.urls import reverse

from governance.models import Approval, Team, User
from governance.subjects import Subject, register


def find_team(person: User, *, slug: str) -> Team | None:
    return Team.objects.visible_to(person).filter(slug=slug).first()


def find_approval(person: User, *, pk: str) -> Approval | None:
    return Approval.objects.visible_to(person).filter(pk=pk).first()


def seen_teams(person: User, labels: Collection[str]) -> set[str]:
    slugs = [label.removeprefix("teams/") for label in labels]
    return {team.label for team in Team.objects.visible_to(person).filter(slug__in=slugs)}


def seen_approvals(person: User, labels: Collection[str]) -> set[str]:
    keys = [label.removeprefix("approvals/") for label in labels]
    return {approval.label for approval in Approval.objects.visible_to(person).filter(pk__in=keys)}


def team_url(groups: Mapping[str, str]) -> str:
    return reverse("governance:team", kwargs=dict(groups))


def approval_url(groups: Mapping[str, str]) -> str:
    return reverse("governance:approval", kwargs=dict(groups))


TEAM = re.compile(r"teams/(?P<slug>[a-z0-9-]+)")
APPROVAL = re.compile(r"approvals/(?P<pk>[1-9][0-9]{0,17})")

register(Subject("team", TEAM, find_team, team_url, seen=seen_teams))
register(Subject("approval", APPROVAL, find_approval, approval_url, seen=seen_approvals))
