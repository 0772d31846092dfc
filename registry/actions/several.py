"""The same for several artifacts at once: all of them, or none when one is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from governance.audit import action
from governance.errors import Invalid, Problem
from governance.models import User
from registry.actions.archiving import archive
from registry.actions.artifacts import edit_artifact
from registry.actions.follows import follow
from registry.models import Artifact

MOST = 100


@action("artifact.archive")
def archive_several(artifacts: Sequence[Artifact], *, by: User) -> None:
    each(artifacts, lambda artifact: archive(artifact, by=by))


@action("artifact.edit")
def tag_several(artifacts: Sequence[Artifact], *, tag: str, by: User) -> None:
    """Those that have the tag already stay as they are."""
    if not tag:
        raise Invalid("Say which tag.", errors={"tag": ["Say which tag."]})
    lacking = [artifact for artifact in artifacts if tag not in artifact.tags]
    each(lacking or artifacts, lambda artifact: edit_artifact(artifact, tags=[*artifact.tags, tag], by=by))


@action("artifact.follow")
def follow_several(artifacts: Sequence[Artifact], *, by: User) -> None:
    each(artifacts, lambda artifact: follow(artifact, by=by))


def each(artifacts: Sequence[Artifact], act: Callable[[Artifact], object]) -> None:
    """In the order of their keys, so that two people at once wait for each other in one order only. What is
    refused names itself; what came before it is taken back with it."""
    if not artifacts:
        raise Invalid("Choose at least one.")
    if len(artifacts) > MOST:
        raise Invalid(f"At most {MOST} at once.")
    for artifact in sorted(artifacts, key=lambda one: one.pk):
        try:
            act(artifact)
        except Problem as problem:
            problem.sentence = f"{artifact.name}: {problem.sentence} None of them was changed."
            problem.details.pop("objections", None)  # they do not say which of them is meant
            raise
