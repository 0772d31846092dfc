"""What happened in the demo's team, step by step. A step that has been taken is not taken again, so that one
that was cut off goes on where it was.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from governance import actions as governing
from governance.errors import Unavailable
from governance.models import Approval, Event, Team, User
from kb.demo import datasets, knowledge, models, runs
from kb.demo.guests import GUESTS, TEAM, is_told
from kb.demo.models import Trained
from registry import actions, checking, evaluations, receiving
from registry.models import Artifact, Kind, Move, Version

CARDS = Path(__file__).parent / "cards"
PATIENCE = 300  # seconds that the checks of one version may take

Say = Callable[[str], None]
People = dict[str, User]


def tell(admin: User, password: str, say: Say) -> None:
    """Make everything, or what is missing of it."""
    say("Five people and their team.")
    people = {guest.name: person(guest.name, password, by=admin) for guest in GUESTS}
    team = Team.objects.filter(slug=TEAM).first() or governing.add_team(TEAM, name="Laboratory", by=admin)
    join(team, people, by=admin)
    data = {name: dataset(team, name, people, say) for name in datasets.LOADERS}
    wines(team, people, data["wine"], say)
    digits(team, people, data["digits"], say)
    tumours(team, people, data["breast-cancer"], say)
    say("Three articles and a decision, and what begins a run by itself.")
    knowledge.tell(team, people["mara"])
    runs.watch(team, people["jonas"])


def person(name: str, password: str, *, by: User) -> User:
    return User.objects.filter(username=name).first() or governing.add_user(name, password=password, by=by)


def join(team: Team, people: People, *, by: User) -> None:
    """Who has left since stays away: only somebody who never was in the team joins it."""
    for guest in GUESTS:
        joined = f"{team.label}/members/{guest.name}"
        if not Event.objects.filter(action="member.set", subject=joined, outcome="done").exists():
            governing.set_roles(team, people[guest.name], [guest.role], by=by)


# ------------------------------------------------------------------ what the team did


def dataset(team: Team, name: str, people: People, say: Say) -> Version:
    say(f"The dataset {name}.")
    held = artifact(team, Kind.DATASET, name, ["tabular"], by=people["tomas"])
    files = {"table.csv": datasets.csv(name), "table.parquet": datasets.parquet(name)}
    return push(held, 1, files, "From scikit-learn, unchanged.", by=people["tomas"])


def wines(team: Team, people: People, data: Version, say: Say) -> None:
    """One that is in use."""
    say("A wine classifier, promoted.")
    held = artifact(team, Kind.MODEL, "wine-classifier", ["tabular"], by=people["mara"])
    first = model(held, 1, "model.pkl", models.regression, data, "The baseline.", by=people["mara"])
    release(first, people, approver="leila")


def digits(team: Team, people: People, data: Version, say: Say) -> None:
    """One that is ready, one with a class that nobody knows, and one that is hostile."""
    say("A digit reader with a class of its own, and a hostile pickle: both stay blocked.")
    mara = people["mara"]
    held = artifact(team, Kind.MODEL, "digit-reader", ["images"], by=mara)
    first = model(held, 1, "model.joblib", models.machine, data, "Support vectors.", by=mara)
    promote(first, "staging", by=people["priya"])
    model(held, 2, "model.pkl", models.own_class, data, "Black and white first: smaller, faster.", by=mara)
    found = artifact(team, Kind.MODEL, "digits-from-a-forum", ["images"], by=mara)
    model(found, 1, "best_model.pkl", models.hostile, data, "As posted. Too good to be true?", by=mara)


def tumours(team: Team, people: People, data: Version, say: Say) -> None:
    """Two that were in production, back to the first; a third one waits for its approval."""
    say("A tumour classifier: promoted, rolled back, and a third version that waits.")
    mara = people["mara"]
    held = artifact(team, Kind.MODEL, "tumour-classifier", ["tabular", "screening"], by=mara)
    first = model(held, 1, "model.pkl", models.regression, data, "The baseline.", by=mara)
    release(first, people, approver="jonas")
    second = model(held, 2, "model.joblib", models.forest, data, "A forest instead of a line.", by=mara)
    release(second, people, approver="leila")
    back(first, by=people["priya"])
    third = model(held, 3, "model.skops", models.boosting, data, "Boosted; saved without pickle.", by=mara)
    unseen = hold_out(team, people)
    for each in (first, second, third):
        evaluated(each, unseen, by=mara)
    runs.release(third, people)
    if not is_told():
        note = "Finds what version 2 missed; it is saved as skops, so loading it runs no code."
        governing.request_approval(third.label, alias="production", note=note, by=mara)


def hold_out(team: Team, people: People) -> Version:
    """The rows that no version was trained on."""
    name = "breast-cancer-hold-out"
    held = artifact(team, Kind.DATASET, name, ["tabular", "hold-out"], by=people["tomas"])
    if not held.declarations.exists():
        actions.declare(held, target="target", by=people["tomas"])
    files = {"table.csv": datasets.hold_out("breast-cancer")}
    return push(held, 1, files, "A quarter of the rows, drawn with seed 7.", by=people["tomas"])


def evaluated(version: Version, data: Version, *, by: User) -> None:
    """Scored here, in the same closed room as everybody's models: 0 is malignant, and what one looks for."""
    made = version.evaluations.first()
    if made is None:
        made, _ = actions.evaluate(version, dataset=data.label, part="test", positive="0", by=by)
    evaluations.run()


def back(version: Version, *, by: User) -> None:
    if not Move.objects.filter(version=version, rollback=True).exists():
        reason = "Version 2 took malignant samples of the new microscope for benign: back until clear."
        actions.roll_back(version, "production", reason=reason, by=by)


# ------------------------------------------------------------------ the steps


def artifact(team: Team, kind: Kind, name: str, tags: Iterable[str], *, by: User) -> Artifact:
    found = Artifact.objects.filter(team=team, kind=kind, name=name).first()
    card = (CARDS / f"{name}.md").read_text()
    return found or actions.add_artifact(team, kind=kind, name=name, description=card, tags=tags, by=by)


def model(
    held: Artifact,
    number: int,
    path: str,
    train: Callable[[str], Trained],
    data: Version,
    notes: str,
    *,
    by: User,
) -> Version:
    """Train a version on a dataset, unless it is there."""
    known = frozen(held, number)
    if known is not None:
        return checked(known)
    made = train(data.artifact.name)
    return push(held, number, {path: made.content}, notes, made=made, data=data, by=by)


def push(
    held: Artifact,
    number: int,
    files: dict[str, bytes],
    notes: str,
    *,
    made: Trained | None = None,
    data: Version | None = None,
    by: User,
) -> Version:
    """A version with its files, frozen and checked."""
    known = frozen(held, number)
    if known is not None:
        return checked(known)
    version = held.versions.filter(number=number).first() or actions.add_version(
        held,
        notes=notes,
        metrics=made.metrics if made else {},
        parameters=made.parameters if made else {},
        parents=[(data, "trained-on")] if data else [],
        by=by,
    )
    for path, content in files.items():
        receiving.receive(version, path, io.BytesIO(content), len(content), by=by)
    return checked(actions.submit(version, by=by))


def frozen(held: Artifact, number: int) -> Version | None:
    return held.versions.filter(number=number).exclude(submitted_at=None).first()


def checked(version: Version) -> Version:
    """The version once its checks have ended: here, or in the worker when it was first. What failed for
    want of time is tried again."""
    until = time.monotonic() + PATIENCE
    while checking.waiting(version).exists():
        if time.monotonic() > until:
            raise Unavailable(f"The checks of {version} have not ended in {PATIENCE} s: start again.")
        checking.run(version.pk)
        time.sleep(0.1)
    return version


def release(version: Version, people: People, *, approver: str) -> None:
    """Staging, a request, an approval by somebody else, production."""
    promote(version, "staging", by=people["priya"])
    if Move.objects.filter(version=version, alias="production").exists():
        return
    waiting = Approval.objects.open().filter(subject=version.label, alias="production").first()
    approval = waiting or governing.request_approval(version.label, alias="production", by=people["mara"])
    if not approval.votes.exists():
        governing.approve(approval, note="Measured as agreed.", by=people[approver])
    promote(version, "production", by=people["priya"])


def promote(version: Version, alias: str, *, by: User) -> None:
    if not Move.objects.filter(version=version, alias=alias).exists():
        actions.promote(version, alias, by=by)
