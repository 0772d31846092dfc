"""Nothing in use is deleted: what an alias points at, what was released, what something comes from, what
somebody is asked to approve."""

from __future__ import annotations

from collections.abc import Iterator

from governance import access
from governance.access import Objection, able, policy
from governance.models import Approval, User
from governance.templatetags.words import counted
from registry.models import Artifact, Link
from registry.presenting.addresses import of_artifact


@policy("artifact.delete")
def not_in_use(person: User, artifact: Artifact, **_: object) -> Objection | None:
    """How it is used is told to nobody whose roles say no already: they may not see it all."""
    if access.role_objection(person, "artifact.delete", artifact) is not None:
        return None
    uses = "; ".join(used(artifact))
    if not uses:
        return None
    return Objection(
        f"{artifact.name} is in use or was: {uses}.",
        "archive it instead: what is or was in use stays, so that it can be told what happened.",
        who=able(artifact, "artifact.delete"),
        link=of_artifact(artifact),
    )


def used(artifact: Artifact) -> Iterator[str]:
    """How it is used, each in words."""
    for name, number in artifact.aliases.order_by("name").values_list("name", "version__number")[:3]:
        yield f"{name} points at version {number}"
    released = artifact.moves.filter(protected=True).values_list("alias", "version__number").first()
    if released is not None:
        yield "version {1} was released as {0}".format(*released)
    elsewhere = Link.objects.filter(parent__artifact=artifact).exclude(version__artifact=artifact).count()
    if elsewhere:
        come = "comes" if elsewhere == 1 else "come"
        yield f"{counted(elsewhere, 'version')} elsewhere {come} from it"
    asked = Approval.objects.open().filter(subject__startswith=f"{artifact.label}/versions/").count()
    if asked:
        yield f"{counted(asked, 'request')} for an approval of it {'is' if asked == 1 else 'are'} open"
