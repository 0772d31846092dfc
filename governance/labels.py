"""From labels to teams, members, webhooks, approvals and jobs: their pages, for whoever reads the trail."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from governance.models import Approval, Review, Team, User, Webhook
from governance.models.jobs import may_look
from governance.prepared import prepared
from governance.schedule import JOBS, Job
from governance.subjects import Subject, register


def find_team(person: User, *, slug: str) -> Team | None:
    return Team.objects.visible_to(person).filter(slug=slug).first()


def find_approval(person: User, *, pk: str) -> Approval | None:
    return Approval.objects.visible_to(person).filter(pk=pk).first()


def find_webhook(person: User, *, slug: str) -> Webhook | None:
    return Webhook.objects.visible_to(person).filter(team__slug=slug).first()


def find_review(person: User, *, slug: str) -> Review | None:
    """The newest one."""
    return Review.objects.visible_to(person).select_related("team").filter(team__slug=slug).first()


def find_job(person: User, *, name: str) -> Job | None:
    return JOBS.get(name) if may_look(person) else None


def find_security(person: User, *, username: str) -> User | None:
    """One's own account, as what one is told of it is about."""
    return person if person.username == username else None


def security_url(groups: Mapping[str, str]) -> str:
    return reverse("governance:security")


def seen_teams(person: User, labels: Collection[str]) -> set[str]:
    slugs = [label.removeprefix("teams/") for label in labels]
    return {f"teams/{slug}" for slug in teams_among(person, slugs=slugs)}


@prepared
def teams_among(person: User, *, slugs: Any) -> QuerySet[Team, str]:
    seen = Team.objects.visible_to(person).filter(slug__in=slugs).order_by()
    return seen.values_list("slug", flat=True)


def seen_approvals(person: User, labels: Collection[str]) -> set[str]:
    keys = [int(label.removeprefix("approvals/")) for label in labels]
    return {f"approvals/{key}" for key in approvals_among(person, keys=keys)}


@prepared
def approvals_among(person: User, *, keys: Any) -> QuerySet[Approval, int]:
    """The navigation of every page asks, for what is to be read."""
    return Approval.objects.visible_to(person).filter(pk__in=keys).order_by().values_list("pk", flat=True)


def seen_webhooks(person: User, labels: Collection[str]) -> set[str]:
    seen = Webhook.objects.visible_to(person).select_related("team")
    return {hook.label for hook in seen} & set(labels)


def seen_reviews(person: User, labels: Collection[str]) -> set[str]:
    slugs = Review.objects.visible_to(person).order_by().values_list("team__slug", flat=True).distinct()
    return {f"teams/{slug}/review" for slug in slugs} & set(labels)


def seen_jobs(person: User, labels: Collection[str]) -> set[str]:
    return set(labels) & {job.label for job in JOBS.values()} if may_look(person) else set()


def team_url(groups: Mapping[str, str]) -> str:
    return reverse("governance:team", kwargs=dict(groups))


def approval_url(groups: Mapping[str, str]) -> str:
    return reverse("governance:approval", kwargs=dict(groups))


def webhook_url(groups: Mapping[str, str]) -> str:
    return reverse("governance:webhook", kwargs=dict(groups))


def review_url(groups: Mapping[str, str]) -> str:
    return reverse("governance:review", kwargs=dict(groups))


def job_url(groups: Mapping[str, str]) -> str:
    return reverse("governance:job", kwargs=dict(groups))


SECURITY = re.compile(r"users/(?P<username>[A-Za-z0-9._-]+)/security")
TEAM = re.compile(r"teams/(?P<slug>[a-z0-9-]+)")
WEBHOOK = re.compile(r"teams/(?P<slug>[a-z0-9-]+)/webhook")
APPROVAL = re.compile(r"approvals/(?P<pk>[1-9][0-9]{0,17})")
REVIEW = re.compile(r"teams/(?P<slug>[a-z0-9-]+)/review")
JOB = re.compile(r"jobs/(?P<name>[a-z0-9_]+)")

register(Subject("security", SECURITY, find_security, security_url))
register(Subject("team", TEAM, find_team, team_url, seen=seen_teams))
register(Subject("webhook", WEBHOOK, find_webhook, webhook_url, seen=seen_webhooks))
register(Subject("approval", APPROVAL, find_approval, approval_url, seen=seen_approvals))
register(Subject("review", REVIEW, find_review, review_url, seen=seen_reviews))
register(Subject("job", JOB, find_job, job_url, seen=seen_jobs))
