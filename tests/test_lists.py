"""Every list of the API is searched by words, in the same way."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from django.utils import timezone

from governance import actions as governing
from governance.models import Delivery, JobRun, Notification, Tries, User, Webhook
from kb import actions as knowing
from kb.models import Firing, Import, Twins, Wanted
from registry import actions, storage
from registry.models import Gate, Grant, Incident, Kind, Severity, Upload
from registry.records import KINDS
from tests import factories
from tests.governance.api.caller import Caller, described, rows, said
from tests.registry import signing
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

SCORER = "{kind}/{team}/{name}"
# For each list: who asks, what for, and a field of the rows that are found.
LISTS = {
    "users/": ("ada", "JON", "username", ["jonas"]),
    "teams/": ("ada", "fraud detection", "slug", ["fraud"]),
    "teams/{team}/members/": ("mara", "ona", "username", ["jonas"]),
    "teams/{team}/webhook/deliveries/": ("jonas", "timed out", "last_error", ["The receiver timed out."]),
    "teams/{team}/bin/": ("jonas", "THROWN mara", "label", ["assets/fraud/thrown-away"]),
    "teams/{team}/gate/requests/": ("mara", "STRICTER jonas", "note", ["stricter"]),
    "locks/": ("ada", "MARA", "username", ["mara"]),
    "teams/{team}/invitations/": ("jonas", "NOOR jonas", "email", ["noor@example.org"]),
    "tokens/": ("mara", "laptop", "name", ["my laptop"]),
    "approvals/": ("jonas", "scorer REHEARSAL", "note", ["a rehearsal"]),
    "events/": ("mara", "Artifact.Add scorer", "action", ["artifact.add"]),
    "jobs/{job}/runs/": ("jonas", "nothing", "said", ["Nothing to sweep."]),
    "notifications/": ("mara", "rejected", "sentence", ["Your request was rejected."]),
    "models/": ("mara", "scor", "name", ["scorer"]),
    "datasets/": ("mara", "wine", "name", ["wine"]),
    "assets/": ("mara", "note", "name", ["notebook"]),
    f"{SCORER}/versions/": ("mara", "light FIRST", "notes", ["the first light"]),
    f"{SCORER}/versions/{{number}}/checks/": ("mara", "file_type notes.txt", "check", ["file_type"]),
    f"{SCORER}/versions/{{number}}/findings/": ("mara", "names odd", "name", ["odd.Thing"]),
    f"{SCORER}/versions/{{number}}/records/": ("mara", "decision PR_AUC", "kind", ["decision"]),
    f"{SCORER}/versions/{{number}}/uploads/": ("mara", "WEIGHTS bin", "path", ["weights.bin"]),
    f"{SCORER}/aliases/": ("mara", "night", "alias", ["nightly"]),
    f"{SCORER}/grants/": ("mara", "TRAINING jonas", "purpose", ["For training."]),
    "follows/": ("mara", "fraud SCOR", "name", ["scorer"]),
    "findings/": ("mara", "pickle_imports strange", "name", ["strange.Name"]),
    "incidents/": ("mara", "ODD night", "alias", ["nightly"]),
    "triage/": ("mara", "scorer LOOSE", "name", ["loose.End"]),
    "teams/{team}/names/": ("mara", "SCORER own", "name", ["fraud.Scorer"]),
    "teams/{team}/signing-keys/": ("mara", "BUILD server", "name", ["build"]),
    "decisions/": ("mara", "SHADOW first", "title", ["Shadow runs first"]),
    "imports/": ("mara", "FRAUD plans", "name", ["plans.zip"]),
    "watches/": ("mara", "ALARMS", "title", ["Alarms"]),
    "collections/": ("mara", "PLANS next", "slug", ["plans"]),
    "articles/": ("mara", "DRIFT psi", "title", ["Drift by PSI"]),
    "articles/{team}/{slug}/attachments/": ("mara", "PLAN mara", "name", ["plan.txt"]),
    "articles/{team}/{slug}/comments/": ("mara", "WHY mara", "text", ["But why?"]),
    "articles/{team}/{slug}/versions/": ("mara", "THRESHOLD mara", "note", ["a lower threshold"]),
    "twins/": ("mara", "ALARMS nocturne", "other", ["articles/fraud/night"]),
    "wanted/": ("mara", "ZEBRA stripes", "text", ["zebra stripes"]),
    "triggers/": ("mara", "FILE_TYPE first", "note", ["The first."]),
    "triggers/{id}/firings/": ("mara", "VERSIONS/1 full", "said", ["It was full."]),
    "runs/": ("mara", "PB-03 shipping", "note", ["Shipping."]),
    "glass/": ("jonas", "ADA lawyer", "reason", ["A lawyer asks."]),
    "runs/{id}/follow-ups/": ("mara", "SHADOW mara", "text", ["Shadow it first."]),
    "runs/{id}/entries/": ("mara", "quick", "text", ["That was quick."]),
    "waivers/": ("mara", "known since may", "reason", ["Known since May."]),
}
PARTS = {
    "kind": "models",
    "team": "fraud",
    "name": "scorer",
    "number": 1,
    "job": "sweep_blobs",
    "slug": "drift",
}
REFUSED = ("%00", "a%00b", "x" * 201, "a+b+c+d+e+f+g+h+i", "", "+")
EVERY = pytest.mark.parametrize("path", LISTS)


def of(path: str) -> str:
    """The address of a list in the small world."""
    return path.format(**{**PARTS, **({"id": PARTS["trigger"]} if path.startswith("triggers/") else {})})


@pytest.fixture
def callers() -> dict[str, Caller]:
    """A small world with at least two rows in every list, and who looks at it."""
    team = factories.team("fraud")
    type(team).objects.filter(pk=team.pk).update(name="Fraud detection")
    factories.team("pricing")
    mara = factories.member(team, "data-scientist", username="mara")
    jonas = factories.member(team, "steward", username="jonas")
    fill_registry(team, mara, jonas)
    fill_governance(team, mara)
    fill_knowledge(team, mara)
    ada = factories.person("ada", is_superuser=True)
    fill_glass(team, mara)
    return {person.username: Caller(person) for person in (ada, mara, jonas)}


def fill_registry(team, mara: User, jonas: User) -> None:
    for kind, name in [(Kind.MODEL, "other"), (Kind.DATASET, "wine"), (Kind.DATASET, "iris")]:
        factories.artifact(team, mara, kind, name=name)
    for name in ("notebook", "report"):
        factories.artifact(team, mara, Kind.ASSET, name=name)
    for name in ("thrown-away", "useless"):
        actions.delete_artifact(factories.artifact(team, mara, Kind.ASSET, name=name), by=mara)
    scorer = factories.artifact(team, mara, name="scorer")
    version = factories.submitted(scorer, mara, notes="the first light")
    actions.follow(scorer, by=mara)
    actions.follow(type(scorer).objects.get(name="wine"), by=mara)
    newest = factories.submitted(scorer, mara, notes="a second light")
    found(newest, Severity.LOW, "loose.End")
    found(newest, Severity.LOW, "other.End")
    for alias in ("latest", "nightly"):
        actions.move_alias(version, alias, by=mara)
        Incident.objects.create(version=version, alias=alias, findings=["odd.Thing"])
    Upload.objects.create(version=version, path="weights.bin", size=9, added_by=mara)
    Upload.objects.create(version=version, path="notes.txt", size=9, added_by=mara)
    for kind in ("cost", "decision"):
        actions.add_record(version, kind, KINDS[kind].example, by=mara)
    soon = timezone.now() + timedelta(days=3)
    for person, purpose in ((jonas, "For training."), (mara, "For a report.")):
        Grant.objects.create(artifact=scorer, person=person, purpose=purpose, ends_at=soon)
    for name, reason in [("strange.Name", "Known since May."), ("odd.Thing", "Harmless.")]:
        actions.waive(found(version, Severity.HIGH, name), reason=reason, expires=soon, by=jonas)
    for name in ("fraud.Scorer", "fraud.Encoder"):
        why = f"Our own {name.lower()[6:]}."
        actions.add_name(found(version, Severity.HIGH, name), reason=why, by=jonas)
    build, lead = (signing.public(signing.key(name)) for name in ("build", "lead"))
    actions.add_signing_key(team, name="build", whose="the build server", pem=build, by=jonas)
    actions.add_signing_key(team, name="lead", whose="Leila", pem=lead, by=jonas)
    gates = {"staging": Gate(approvals=1), "production": Gate(approvals=2)}
    for note in ("stricter", "for the audit"):
        actions.request_gates(team, gates, note=note, by=jonas)
    fill_runs(team, version.label, mara)
    fill_triggers(team, version.label, jonas)
    governing.request_approval(version.label, alias="staging", note="a rehearsal", by=mara)
    governing.request_approval(version.label, alias="production", note="for the release", by=mara)


def fill_knowledge(team, mara: User) -> None:
    article = knowing.add_article(team, slug="drift", title="Drift by PSI", by=mara)
    based_on = article.digest
    knowing.edit_article(
        article, title="Drift by PSI", text="0.2", note="a lower threshold", based_on=based_on, by=mara
    )
    for text in ("But why?", "So be it."):
        knowing.comment_article(article, text=text, by=mara)
    for slug, title in (("plans", "Next plans"), ("costs", "Costs")):
        knowing.add_collection(team, slug=slug, title=title, by=mara)
    for name in ("plan.txt", "costs.txt"):
        knowing.attach(article, name, storage.store(BytesIO(b"words")), by=mara)
    alarms = knowing.add_article(team, slug="alarms", title="Alarms", by=mara)
    for watched in (alarms, article):
        knowing.watch(watched, by=mara)
    night = knowing.add_article(team, slug="night", title="Nocturne", by=mara)
    for one, other in ((article, alarms), (alarms, night)):
        Twins.objects.create(one=one, other=other, likeness=0.9)
    for text in ("zebra stripes", "lions"):
        Wanted.objects.create(team=team, text=text, people=2)
    for name in ("plans.zip", "costs.zip"):
        knowing.send_import(team, name, storage.store(BytesIO(b"words")), by=mara)
        Import.objects.update(confirmed_at=timezone.now())  # else the next one takes its place
    for title in ("Shadow runs first", "No cookies"):
        knowing.add_decision(team, title=title, context="We had to choose.", choice="This.", by=mara)


def fill_glass(team, mara: User) -> None:
    ada = User.objects.get(username="ada")
    sides = [factories.member(team, "data-engineer") for _ in range(2)]
    people = {"facilitator": [mara], "party": sides}
    for reason in ("A lawyer asks.", "It is urgent."):
        run = knowing.start_run(team, "PB-17", subject=team.label, people=people, by=mara)
        knowing.ask_glass("runs/confidential", run.pk, reason=reason, by=ada)


def fill_triggers(team, label: str, jonas: User) -> None:
    cause = {"kind": "check", "check_name": "file_type"}
    for note in ("The second.", "The first."):
        trigger = knowing.add_trigger(team, "PB-13", **cause, note=note, by=jonas)
    for window, said_of_it in enumerate(("It was full.", "Another one is open.")):
        Firing.objects.create(trigger=trigger, subject=label, window=window, said=said_of_it)
    PARTS["trigger"] = trigger.pk


def fill_runs(team, label: str, mara: User) -> None:
    for code, note in (("PB-02", "Training."), ("PB-03", "Shipping.")):
        run = knowing.start_run(team, code, subject=label, note=note, by=mara)
    for text in ("That was quick.", "Who looks?"):
        knowing.comment(run, text, by=mara)
    for text in ("Shadow it first.", "Write it down."):
        knowing.add_follow_up(run, text, owner=mara, due_on=timezone.now().date(), by=mara)
    PARTS["id"] = run.pk


def fill_governance(team, mara: User) -> None:
    governing.add_token(mara, name="my laptop", by=mara)
    for name in ("noor", "eve"):
        jonas = User.objects.get(username="jonas")
        governing.add_invitation(team, f"{name}@example.org", roles=["reader"], by=jonas)
    for user in (mara, User.objects.get(username="jonas")):
        at = timezone.now()
        Tries.objects.create(kind="name", key=user.username, user=user, wrong=5, first_at=at, last_at=at)
    for sentence in ("Your request was rejected.", "Your request was approved."):
        Notification.objects.create(user=mara, kind="approval-decided", subject=team.label, sentence=sentence)
    hook = Webhook.objects.create(team=team, address="https://example.com/", secret=b"sealed", set_by=mara)
    for error in ("The receiver timed out.", "The receiver said 500."):
        Delivery.objects.create(
            webhook=hook, kind="finding-blocking", subject=team.label, body="{}", last_error=error
        )
    for sentence in ("Nothing to sweep.", "Swept 2 blobs."):
        now = timezone.now()
        JobRun.objects.create(
            job="sweep_blobs", due_at=now, started_at=now, finished_at=now, outcome="done", said=sentence
        )


def test_every_list_is_here() -> None:
    lists = {
        address.removeprefix("/api/v1/")
        for address, methods in described()["paths"].items()
        if any(given["name"] == "cursor" for given in methods.get("get", {}).get("parameters", []))
    }

    assert lists == set(LISTS)


@EVERY
def test_every_list_says_that_it_is_searched(path: str) -> None:
    parameters = described()["paths"][f"/api/v1/{path}"]["get"]["parameters"]

    (search,) = [given for given in parameters if given["name"] == "search"]
    assert (search["in"], search.get("required", False), search["schema"]["type"]) == (
        "query",
        False,
        "string",
    )


@pytest.mark.slow
@EVERY
def test_every_list_finds_what_has_all_the_words(callers: dict[str, Caller], path: str) -> None:
    who, words, field, expected = LISTS[path]

    everything, matching, nothing = (
        rows(callers[who].get(of(path) + query), field)
        for query in ("", f"?search={quote(words)}", f"?search={quote(words)}+zzz")
    )

    assert (matching, nothing, len(everything) > len(matching)) == (expected, [], True)


@pytest.mark.slow
@EVERY
def test_every_list_refuses_what_nobody_searches_for(callers: dict[str, Caller], path: str) -> None:
    who, address = LISTS[path][0], of(path)

    answers = {words: callers[who].get(f"{address}?search={words}").status_code for words in REFUSED}

    assert answers == dict.fromkeys(REFUSED, 400)


def test_signs_that_mean_something_to_a_database_mean_themselves(callers: dict[str, Caller]) -> None:
    found_by = {
        signs: rows(callers["mara"].get(f"tokens/?search={quote(signs)}"), "name")
        for signs in ("%", "_", "\\", "'", "la%top", "a' OR 1=1 --")
    }

    assert found_by == {"%": [], "_": [], "\\": [], "'": [], "la%top": [], "a' OR 1=1 --": []}


def test_too_many_words_are_refused_with_a_sentence(callers: dict[str, Caller]) -> None:
    answer = callers["mara"].get("tokens/?search=a+b+c+d+e+f+g+h+i")

    assert said(answer) == (400, "search: Search for at most 8 words.")


def test_what_is_searched_for_is_searched_for_on_the_next_page(callers: dict[str, Caller]) -> None:
    first = callers["mara"].get(f"{SCORER}/versions/?search=light&size=1".format(**PARTS)).json()

    second = callers["mara"].get(first["next"].removeprefix("http://testserver"))

    assert rows(second, "notes") == ["the first light"]
    assert "search=light" in first["next"]
