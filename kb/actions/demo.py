"""The demo is loaded, and put away again."""

from __future__ import annotations

from django.db import transaction

from governance import access, audit
from governance import actions as governing
from governance.audit import action
from governance.models import Team, User
from kb.demo.guests import GUESTS, TEAM, forget_password
from kb.demo.loading import Site
from kb.tasks import enqueue_demo


@action("demo.load")
def load_demo(site: Site, *, by: User) -> Site:
    """Have a worker fill the site in. Asked for again, one that was cut off goes on where it was."""
    access.check(by, "demo.load", site)
    audit.record("demo.load", site, by=by)
    enqueue_demo()
    return site


def put_away(*, by: User) -> Team:
    """Archive the demo's team and close the accounts of its people, each on the record; all or nothing. What
    they did stays in the trail."""
    with transaction.atomic():
        team = governing.archive_team(Team.objects.get(slug=TEAM), by=by)
        for person in User.objects.filter(username__in=[guest.name for guest in GUESTS], is_active=True):
            governing.deactivate(person, by=by)
        transaction.on_commit(forget_password)
        return team
