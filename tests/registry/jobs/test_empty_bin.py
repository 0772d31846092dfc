"""What has lain in the bin for long enough is purged, each thing by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from governance.errors import Conflict
from governance.models import Event
from registry import actions
from registry.jobs import empty_bin as job
from registry.models import Artifact, Blob, Deletion, Link
from tests import factories

pytestmark = pytest.mark.django_db


def deleted(artifact, author, days: int = 31) -> Deletion:
    deletion = actions.delete_artifact(artifact, by=author)
    Deletion.objects.update(at=timezone.now() - timedelta(days=days))
    return deletion


def test_nothing_to_purge_says_nothing(artifact, author):
    deleted(artifact, author, days=29)

    assert (job.empty_bin(), Artifact.objects.count()) == (None, 1)


def test_what_is_over_goes_and_its_blobs_are_left_to_the_sweep(clean, author):
    deleted(clean.artifact, author)

    assert job.empty_bin() == "Purged 1 thing from bins."
    assert (Artifact.objects.count(), Blob.objects.filter(files=None).count()) == (0, 1)
    assert Event.objects.get(action="artifact.purge").actor == "system"


def test_the_second_turn_finds_nothing(clean, author):
    deleted(clean.artifact, author)
    job.empty_bin()

    assert job.empty_bin() is None


def test_what_is_on_hold_stays(artifact, author, steward):
    draft = factories.draft(artifact, author)
    actions.delete_draft(draft, by=author)
    Deletion.objects.update(at=timezone.now() - timedelta(days=31))
    actions.hold(artifact, reason="A case.", by=steward)

    assert job.empty_bin() is None
    assert (Deletion.objects.count(), draft.files.count()) == (1, 1)
    assert not Event.objects.filter(outcome="refused").exists()


def test_what_something_comes_from_by_now_stays(clean, artifact, author):
    child = factories.draft(factories.artifact(artifact.team, author), author)
    deleted(artifact, author)
    Link.objects.create(version=child, parent=clean, relation="derived-from")

    assert (job.empty_bin(), Deletion.objects.count()) == (None, 1)


def test_one_that_cannot_be_purged_keeps_no_other(artifact, author, monkeypatch):
    broken = factories.artifact(artifact.team, author, name="broken")
    for each in (broken, artifact, factories.artifact(artifact.team, author)):
        deleted(each, author)
    monkeypatch.setattr(job, "BATCH", 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'Not this one.'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE DELETE ON registry_artifact "
            "FOR EACH ROW WHEN (OLD.name = 'broken') EXECUTE FUNCTION refuse()"
        )

    with pytest.raises(Conflict) as told:
        job.empty_bin()

    assert told.value.sentence == ("Purged 2 things from bins. 1 thing could not be: models/fraud/broken.")
    assert [artifact.name for artifact in Artifact.objects.all()] == ["broken"]
