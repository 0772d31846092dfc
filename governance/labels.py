"""From labels to teams, members and approvals: their pages, for whoever reads the trail."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.urls import reverse

from governance.models import Approval, Team, User
from governance.subjects import Subject, register


def find_team(person: User, *, slug: str) -> Team | None:
    return Team.objects.visible_to(person).filter(slug=slug).first()


def find_approval(person: User, *, pk: str) -> Approval | None:
    return Approval.objects.visible_to(person).filter(pk=pk).first()


def team_url(groups: Mapping[str, str]) -> str:
    return reverse("governance:team", kwargs=dict(groups))


def approval_url(groups: Mapping[str, str]) -> str:
    return reverse("governance:approval", kwargs=dict(groups))


register(Subject("team", re.compile(r"teams/(?P<slug>[a-z0-9-]+)"), find_team, team_url))
register(Subject("approval", re.compile(r"approvals/(?P<pk>[1-9][0-9]{0,17})"), find_approval, approval_url))
