"""The demo comes into a site in which nothing is at stake: empty, no production server, able to train."""

from __future__ import annotations

from django.conf import settings

from governance.access import Objection, policy
from governance.models import User
from kb.demo import guests, loading

OPERATOR = "whoever runs this server"


@policy("demo.load")
def empty_site(person: User, subject: object, **_: object) -> Objection | None:
    if settings.PRODUCTION:
        cure = "start another one, with a STEWARD_HOME of its own."
        return Objection("A production server takes no demo.", cure, who=OPERATOR)
    if loading.lacks_packages():
        return Objection(
            "The demo trains its models with packages that this server was started without.",
            "start it again with script/server --demo, which installs them and loads the demo.",
            who=OPERATOR,
        )
    if guests.is_told():
        return Objection("The demo is here already.")
    if not loading.was_asked() and not loading.is_empty():
        cure = "start another server, with a STEWARD_HOME of its own."
        return Objection("This site is not empty, and the demo comes into an empty one.", cure, who=OPERATOR)
    return None
