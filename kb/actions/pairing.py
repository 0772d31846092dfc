"""Two versions and the data on which a dispute is decided are named before both were seen on it."""

from __future__ import annotations

from governance import access, subjects
from governance.errors import Conflict
from governance.models import User
from kb.actions.run_parts import refuse
from kb.models import Entry
from registry.models import Evaluation, Kind, Version


def name_pair(entry: Entry, label: str, number: float | None, data: str, by: User) -> None:
    """`number` is that of the other version of the same model; of the data only the digest is kept."""
    one = frozen(label, Kind.MODEL, "label", by)
    if access.team_of(one) != entry.run.team:
        refuse("label", f"It is not {entry.run.team.slug}'s: evidence of another team proves nothing here.")
    seen = Version.objects.visible_to(by).filter(artifact=one.artifact, number=int(number or 0))
    other = seen.exclude(pk=one.pk).exclude(submitted_at=None).first()
    if other is None:
        refuse("number", f"Name another version of {one.artifact.name} that is submitted, by its number.")
    dataset = frozen(data, Kind.DATASET, "text", by)
    done = Evaluation.objects.done().filter(version__in=[one, other], dataset_digest=dataset.digest)
    if done.order_by().values("version").distinct().count() == 2:
        raise Conflict(
            "Both were evaluated on it already, so what comes of it is known. Choose data on which one of "
            "them was not."
        )
    entry.kind, entry.label, entry.number, entry.digest = Entry.BIND, one.label, other.number, dataset.digest


def frozen(label: str, kind: Kind, field: str, by: User) -> Version:
    found, thing = subjects.find(by, label.strip().strip("/"))
    if not isinstance(thing, Version) or thing.artifact.kind != kind:
        refuse(field, f"This is no version of a {kind.value}: it is a {found.name}.")
    if thing.is_draft:
        raise Conflict(f"Version {thing.number} is a draft: submit it first.")
    return thing
