"""Every address and method, for every kind of person: what the table in who_may.py says, and no more."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from governance import actions as governing
from governance import audit, health, inviting, resetting, stopping
from governance.kinds import INBOX, KINDS
from governance.models import Browser, Delivery, JobRun, Notification, Review, Team, Tries, User
from governance.schedule import JOBS
from kb import actions as knowing
from kb import importing
from kb.models import Import, Twins, Wanted, Week
from kb.playbooks import PLAYBOOKS
from registry import actions, measured, storage
from registry.models import Artifact, Evaluation, Gate, Kind, Profile, Severity, Version
from tests import factories
from tests.registry import signing
from tests.registry.api.conftest import passed
from tests.registry.conftest import found
from tests.who_may import MARKS, PEOPLE, TABLE, Row, plain

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Whose rights differ most; in the test that everybody waits for these are enough.
FEW = ("nob", "oth", "adm", "rea", "aut")
REST = tuple(person for person in PEOPLE if person not in FEW)
OUTCOMES = {401: "in", 403: "no", 404: "-"}
SIGN_IN = "/account/login/?next="
NEW = "another horse battery 8"
FAST = "django.contrib.auth.hashers.MD5PasswordHasher"
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
HOW = (
    "Who may do what stands in tests/who_may.py. Add or change the row there: method, address, what it is "
    "about, one cell for each kind of person. What a new row sends goes into SENT, and what it is about into "
    "`subjects`, both in tests/test_who_may.py."
)

About = dict[str, Any]


# ------------------------------------------------------------------ what is sent


def new_file(about: About) -> dict[str, Any]:
    return {"files": SimpleUploadedFile("new.txt", b"words")}


def asked_of(about: About) -> dict[str, Any]:
    return {"subject": f"models/fraud/scorer/versions/{about['number']}", "alias": about["alias"]}


def followed(about: About) -> dict[str, Any]:
    return {"act": "follow", "artifact": [about["pk"]]}


def zipped(files: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


ACCOUNT = {"username": "newcomer", "password": NEW}
MADE = {"team": "fraud", "name": "new"}
WRITTEN = {"team": "fraud", "slug": "new", "title": "new"}
CHOSEN = {"team": "fraud", "title": "new", "context": "new", "choice": "new"}
CHANGED = {"title": "new", "text": "new"}
SERVICE = {"username": "new", "answered_by": "mara", "roles": ["data-engineer"]}
INVITED = {"email": "newcomer@example.org", "roles": ["reader"]}
HOOK = {"address": "https://example.org/new"}
WAIVED = {"reason": "It is ours.", "expires": TOMORROW}
DECLARED = {"question": "Which?", "chosen": "this", "why": "It is new."}
SHUT = "datasets/fraud/shut/versions/1"
ASKED = {"purpose": "To train with it.", "until": TOMORROW}
OURS = {"reason": "It is our own class."}
SIGNER = {"name": "new", "whose": "new", "pem": signing.public(signing.key("another"))}
DRAWN = {"reason": "It does not hold."}
SAMPLE = {"rows": 1, "whole": True}
BEGUN = "models/fraud/scorer/versions/2"
PAUSED = {"act": "pause", "reason": "Holidays."}
TRIGGER = {"playbook": "PB-13", "kind": "check", "check_name": "file_type", "window_hours": 9, "most_open": 3}
LATER = {"reason": "Later.", "ends_at": f"{TOMORROW}T12:00:00Z"}
PROMISED = {"tables": {"*": {"columns": {"promised-of-the-shut": {"type": "text"}}}}}


def our_own() -> dict[str, Any]:
    shipped = PLAYBOOKS["PB-02"]
    return {"text": f"{shipped.text}\n# ours", "based_on": shipped.digest, "note": "new"}


# By method and address as the table has them: a dictionary, bytes, or a function of what the row is about.
SENT: dict[str, Any] = {
    "POST account/login/": {"login": "rita", "password": factories.PASSWORD},
    "POST account/password/": {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW},
    "POST account/confirm/": {"password": factories.PASSWORD},
    "POST account/": {"name": "New", "time_zone": "Europe/Berlin", "theme": "dark"},
    "POST account/email/": {"email": "new@example.org"},
    "POST account/reset/": lambda about: {"email": f"{uuid4().hex}@example.org"},
    "POST account/reset/{key}/": {"password": NEW, "again": NEW},
    "POST account/join/{key}/": {"username": "newcomer", "password": NEW, "again": NEW},
    "POST teams/{slug}/second-factor": {"roles": ["steward"]},
    "PUT api/v1/teams/{team}/second-factor": {"roles": ["steward"]},
    "POST teams/{slug}/invitations/new": INVITED,
    "POST api/v1/teams/{team}/invitations/": INVITED,
    "POST account/second-step/": {"code": "123456"},
    "POST account/passkey/": {"credential": "{}"},
    "POST account/security/app/": {"code": "123456"},
    "POST account/security/passkey/": {"name": "new", "credential": "{}"},
    "POST account/security/codes/file": {"code": ["1234567890"]},
    "POST account/tokens/": {"name": "new", "days": "30", "team": "*"},
    "POST teams/{slug}/members/": {"username": "zoe", "roles": ["reader"]},
    "POST teams/{slug}/members/{username}/": {"roles": ["auditor"]},
    "POST teams/{slug}/services/": SERVICE,
    "POST teams/{slug}/services/{username}/hand-over": {"to": "rita"},
    "POST teams/{slug}/webhook/": HOOK,
    "POST teams/{slug}/gate/": {
        "based_on": "0",
        "staging.approvals": "1",
        "staging.approvers": ["steward"],
        "production.approvals": "1",
        "production.approvers": ["steward"],
        "note": "new",
    },
    "POST teams/{slug}/signing-keys/": SIGNER,
    "POST teams/{slug}/signing-keys/{pk}/end/": DRAWN,
    "POST api/v1/teams/{team}/signing-keys/": SIGNER,
    "POST api/v1/teams/{team}/signing-keys/{pk}/end": DRAWN,
    "POST teams/{slug}/gate/requests/{pk}/": {"decision": "confirm"},
    "POST inbox/read": {"until": "1000000"},
    "POST inbox/undo": {"at": "2026-01-31T12:00:00Z"},
    "POST inbox/settings/": dict.fromkeys(KINDS, INBOX),
    "POST trail/export": {"form": "jsonl"},
    "POST new/team/": {"slug": "new"},
    "POST new/user/": ACCOUNT,
    "POST theme": {"theme": "dark"},
    "POST playbooks/{code}/edit/": lambda about: our_own(),
    "PUT api/v1/playbooks/{code}/": lambda about: {"team": "fraud", **our_own()},
    "POST playbooks/{code}/start/": {"subject": BEGUN},
    "POST search/missed": {"text": "nothing-has-this"},
    "POST triggers/new/": TRIGGER,
    "POST runs/confidential/": lambda about: {"number": about["pk"], "reason": "new"},
    "POST api/v1/glass/": lambda about: {"run": about["pk"], "reason": "new"},
    "POST triggers/{pk}/": {"act": "on"},
    "POST api/v1/triggers/": {"team": "fraud", "playbook": "PB-13", "kind": "check", "check": "file_type"},
    "POST runs/{pk}/": {"text": "new"},
    "POST runs/{pk}/change/": PAUSED,
    "POST runs/{pk}/steps/{key}/": {"act": "put", "need": "2", "text": "new"},
    "POST api/v1/runs/": {"team": "fraud", "playbook": "PB-02", "subject": BEGUN},
    "POST runs/{pk}/steps/{key}/file": lambda about: {"file": SimpleUploadedFile("new.txt", b"words")},
    "PUT api/v1/runs/{pk}/steps/{key}/files/{filename}": b"words",
    "POST api/v1/runs/{pk}/entries/": {"text": "new"},
    "POST runs/{pk}/after/": {"act": "ask", "text": "new", "owner": "mara", "due_on": f"{TOMORROW}"},
    "POST api/v1/runs/{pk}/follow-ups/": {"text": "new", "owner": "mara", "due_on": f"{TOMORROW}"},
    "POST api/v1/runs/{pk}/pause": {"reason": "Holidays."},
    "POST api/v1/runs/{pk}/cancel": {"reason": "Over."},
    "PUT api/v1/runs/{pk}/people/{role}": {"people": ["mara"]},
    "POST api/v1/runs/{pk}/steps/{key}/put": {"need": 2, "text": "new"},
    "POST api/v1/runs/{pk}/steps/{key}/accept": {"need": 0, "digest": ""},
    "POST api/v1/runs/{pk}/steps/{key}/waive": LATER,
    "POST jobs/{name}/pause": {"reason": "The disk is changed."},
    "POST api/v1/jobs/{job}/pause": {"reason": "The disk is changed."},
    "POST approvals/{pk}/": lambda about: {"decision": "approve", "digest": about["digest"]},
    "POST decisions/new/": CHOSEN,
    "POST api/v1/decisions/": CHOSEN,
    "POST articles/import/{team}/": lambda about: {
        "files": SimpleUploadedFile("new.zip", zipped({"n.md": "n"}))
    },
    "POST articles/new/": WRITTEN,
    "POST articles/{team}/{slug}/edit/": lambda about: {**CHANGED, "based_on": about["digest"]},
    "POST articles/{team}/{slug}/about/": {"owner": "mara", "interval": "30"},
    "POST articles/{team}/{slug}/verify/": lambda about: {"digest": about["digest"]},
    "POST articles/{team}/{slug}/": {"text": "new"},
    "POST api/v1/articles/{team}/{slug}/comments/": {"text": "new"},
    "POST api/v1/articles/": WRITTEN,
    "POST api/v1/articles/import": lambda about: zipped({"new.md": "new"}),
    "POST api/v1/imports/": lambda about: zipped({"new.md": "new"}),
    "POST articles/{team}/{slug}/rate": {"helpful": "yes"},
    "POST articles/{team}/{slug}/acknowledge": lambda about: {"digest": about["digest"]},
    "PUT api/v1/articles/{team}/{slug}/rating": {"helpful": True},
    "POST api/v1/articles/{team}/{slug}/acknowledge": lambda about: {"digest": about["digest"]},
    "POST collections/new/": {"team": "fraud", "slug": "new", "title": "New"},
    "POST collections/{team}/{slug}/edit/": {"title": "New"},
    "POST api/v1/collections/": {"team": "fraud", "slug": "new", "title": "New"},
    "PATCH api/v1/collections/{team}/{slug}/": {"title": "New"},
    "POST articles/{team}/{slug}/attachments/": new_file,
    "PUT api/v1/articles/{team}/{slug}/attachments/{filename}": b"words",
    "PUT api/v1/articles/{team}/{slug}/": lambda about: {**CHANGED, "based_on": about["digest"]},
    "PATCH api/v1/articles/{team}/{slug}/": {"interval": 30},
    "POST api/v1/articles/{team}/{slug}/verify": lambda about: {"digest": about["digest"]},
    "POST {kind}/new/": MADE,
    **dict.fromkeys(("POST models/", "POST datasets/", "POST assets/"), followed),
    "POST {kind}/{team}/{name}/edit/": {"description": "new", "owner": "mara"},
    "POST {kind}/{team}/{name}/declaration/": {"target": "label"},
    "PUT api/v1/{kind}/{team}/{name}/declaration": {"target": "label"},
    "POST {kind}/{team}/{name}/contract/": {"contract": "tables: {x: {columns: {a: {type: text}}}}"},
    "POST {kind}/{team}/{name}/contract/form/": {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "0",
        "form-0-name": "a",
        "form-0-type": "text",
        "table-pattern": "*",
    },
    "PUT api/v1/{kind}/{team}/{name}/contract": {"terms": PROMISED},
    "POST {kind}/{team}/{name}/restrict/": DRAWN,
    "POST {kind}/{team}/{name}/open/": DRAWN,
    "POST {kind}/{team}/{name}/grants/": ASKED,
    "POST {kind}/{team}/{name}/grants/{pk}/": {"decision": "approve"},
    "POST {kind}/{team}/{name}/grants/{pk}/end/": DRAWN,
    "POST {kind}/{team}/{name}/rename/": {"name": "renamed"},
    "POST {kind}/{team}/{name}/hold/": {"reason": "A case."},
    "POST {kind}/{team}/{name}/hold/release/": {"reason": "It is closed."},
    "POST {kind}/{team}/{name}/versions/new/": {"parents-TOTAL_FORMS": "0", "parents-INITIAL_FORMS": "0"},
    "POST {kind}/{team}/{name}/versions/{number}/withdraw/": {"reason": "It leaks."},
    "POST {kind}/{team}/{name}/versions/{number}/reinstate/": {"reason": "It does not."},
    "POST {kind}/{team}/{name}/versions/{number}/upload": new_file,
    "POST {kind}/{team}/{name}/versions/{number}/findings/{pk}/waive/": WAIVED,
    "POST findings/": lambda about: {"findings": [about["pk"]], "state": "in-triage"},
    "POST api/v1/triage/waive": lambda about: {**WAIVED, "findings": [about["pk"]]},
    "POST api/v1/triage/": lambda about: {"findings": [about["pk"]], "state": "in-triage"},
    "POST {kind}/{team}/{name}/versions/{number}/findings/{pk}/name/": OURS,
    "POST {kind}/{team}/{name}/versions/{number}/records/new/": {
        "kind": "decision",
        "data": json.dumps(DECLARED),
    },
    "POST {kind}/{team}/{name}/versions/{number}/records/{pk}/withdraw/": DRAWN,
    "POST {kind}/{team}/{name}/versions/{number}/evaluations/new/": {"dataset": SHUT, "part": "test"},
    "POST {kind}/{team}/{name}/versions/{number}/aliases/": {"alias": "candidate"},
    "POST {kind}/{team}/{name}/versions/{number}/aliases/{alias}/roll-back/": {"reason": "It is slow."},
    "POST api/v1/users/": ACCOUNT,
    "POST api/v1/teams/": {"slug": "new"},
    "PUT api/v1/teams/{team}/members/{username}": {"role": "auditor"},
    "POST api/v1/teams/{team}/services/": SERVICE,
    "POST api/v1/teams/{team}/services/{username}/hand-over": {"to": "rita"},
    "PUT api/v1/teams/{team}/webhook": HOOK,
    "POST api/v1/teams/{team}/gate/requests/": {
        "gates": {"staging": {"approvals": 1}, "production": {"approvals": 1}}
    },
    "POST api/v1/tokens/": {"name": "new"},
    "POST api/v1/approvals/": asked_of,
    "POST api/v1/findings/{pk}/waive": WAIVED,
    "POST api/v1/findings/{pk}/name": OURS,
    "POST api/v1/models/": MADE,
    "POST api/v1/datasets/": MADE,
    "POST api/v1/assets/": MADE,
    "POST api/v1/{kind}/{team}/{name}/rename": {"name": "renamed"},
    "POST api/v1/{kind}/{team}/{name}/hold": {"reason": "A case."},
    "POST api/v1/{kind}/{team}/{name}/hold/release": {"reason": "It is closed."},
    "PATCH api/v1/{kind}/{team}/{name}/": {"description": "new"},
    "POST api/v1/{kind}/{team}/{name}/restrict": DRAWN,
    "POST api/v1/{kind}/{team}/{name}/open": DRAWN,
    "POST api/v1/{kind}/{team}/{name}/grants/": ASKED,
    "POST api/v1/{kind}/{team}/{name}/grants/{pk}/end": DRAWN,
    "PUT api/v1/{kind}/{team}/{name}/aliases/{alias}": lambda about: {"version": about["number"]},
    "POST api/v1/{kind}/{team}/{name}/aliases/{alias}/rollback": lambda about: {
        "version": about["number"],
        "reason": "It is slow.",
    },
    "POST api/v1/{kind}/{team}/{name}/versions/{number}/withdraw": {"reason": "It leaks."},
    "POST api/v1/{kind}/{team}/{name}/versions/{number}/reinstate": {"reason": "It does not."},
    "POST api/v1/{kind}/{team}/{name}/versions/{number}/files/": {"files": []},
    "POST api/v1/{kind}/{team}/{name}/versions/{number}/uploads/": {"path": "new.bin", "size": 5},
    "PATCH api/v1/{kind}/{team}/{name}/versions/{number}/uploads/{pk}/": b"words",
    "POST api/v1/{kind}/{team}/{name}/versions/{number}/evaluations/": {"dataset": SHUT},
    "POST api/v1/{kind}/{team}/{name}/versions/{number}/records/": {"kind": "decision", "data": DECLARED},
    "POST api/v1/{kind}/{team}/{name}/versions/{number}/records/{pk}/withdraw": DRAWN,
    "PUT api/v1/{kind}/{team}/{name}/versions/{number}/files/{path}": b"words",
}


# ------------------------------------------------------------------ the prepared world


def everybody(team: Team) -> dict[str, User]:
    """One person of each kind that signs in."""
    roles = {
        "rea": "reader", "eng": "data-engineer", "sci": "data-scientist", "dev": "devops-engineer",
        "ste": "steward", "aud": "auditor",
    }  # fmt: skip
    names = {"rea": "rita"}
    people = {
        kind: factories.member(team, role, username=names.get(kind, "")) for kind, role in roles.items()
    }
    people["rea"].email = "the-address-of-the-reader@example.org"
    people["oth"] = factories.member(factories.team("pricing"), "steward", "data-scientist", username="zoe")
    people["adm"] = factories.admin()
    people["aut"] = factories.member(team, "data-scientist", "devops-engineer", "steward", username="mara")
    for person in people.values():
        person.set_password(factories.PASSWORD)
        person.save()
    return people


def version(artifact: Artifact, state: str, by: User) -> Version:
    """Frozen and checked, and told apart by its notes and its bytes."""
    files = {"notes.txt": f"bytes-of-the-{state}".encode()}
    return passed(factories.submitted(artifact, by, files, notes=f"notes-of-the-{state}"))


def in_production(version: Version, people: dict[str, User]) -> Version:
    factories.approved(version, people["ste"], people["dev"])
    actions.promote(version, "production", by=people["dev"])
    return version


def subjects(team: Team, people: dict[str, User]) -> dict[str, About]:
    """What rows are about: a word of the table, and the parts of the address that it gives."""
    author, steward = people["aut"], people["ste"]
    scorer = factories.artifact(team, author, name="scorer")
    former = in_production(version(scorer, "former", author), people)
    released = in_production(version(scorer, "released", author), people)
    ready, approved, blocked = (version(scorer, state, author) for state in ("ready", "approved", "blocked"))
    factories.approved(approved, steward, people["dev"])
    actions.move_alias(ready, "alias-of-the-ready", by=author)
    records = [
        actions.add_record(each, "decision", {**DECLARED, "why": f"declared-of-the-{name}"}, by=author)[0]
        for name, each in (("released", released), ("ready", ready))
    ]
    wine = factories.artifact(team, author, Kind.DATASET, name="wine")
    closed = in_production(version(wine, "closed", author), people)
    actions.restrict(wine, reason="why-it-is-closed", by=author)
    shut = factories.artifact(team, author, Kind.DATASET, name="shut")
    promised = actions.set_contract(shut, PROMISED, note="new", by=author)
    table = factories.submitted(shut, author, {"a.csv": b"a\n1\n"})
    column = {"name": "a", "type": "integer", "missing": 0}
    profile = {"rows": 1, "width": 1, "columns": [column], "duplicates": 0, "sample": SAMPLE}
    sealed = measured.seal(table.files.get().blob, profile)
    Profile.objects.create(file=table.files.get(), sealed=sealed)
    evaluation = Evaluation.objects.create(
        version=released,
        dataset=table,
        dataset_label=table.label,
        asked={"target": "a"},
        by=author,
        finished_at=datetime.now(UTC),
        outcome="failed",
        error="why-the-evaluation-failed",
    )
    in_a_week = datetime.now(UTC) + timedelta(days=7)
    asks, held = (
        actions.request_grant(wine, purpose=purpose, until=in_a_week, by=people[kind])
        for kind, purpose in (("eng", "why-they-ask-to-read"), ("aud", "To look after it."))
    )
    actions.approve_grant(held, by=author)
    remark = found(released, Severity.LOW, "finding-in-the-released")
    finding = found(blocked, Severity.HIGH, "finding-in-the-blocked")
    other = found(blocked, Severity.HIGH, "other.Name")
    unknown = found(blocked, Severity.HIGH, "team.Unknown")
    ours = found(blocked, Severity.HIGH, "team.Known")
    known = actions.add_name(ours, reason="why-it-is-known", by=steward)
    signer = actions.add_signing_key(
        team, name="build", whose="us", pem=signing.public(signing.key()), by=steward
    )
    expires = datetime.now(UTC) + timedelta(days=1)
    waiver = actions.waive(other, reason="why-it-is-waived", expires=expires, by=steward)
    draft = factories.draft(scorer, author, {"notes.txt": b"bytes-of-the-draft"}, notes="notes-of-the-draft")
    sending, _ = actions.begin_upload(draft, "path-of-what-is-sent", 9, by=author)
    request = governing.request_approval(
        ready.label, alias="production", note="why-it-is-asked-for", by=people["dev"]
    )
    gates = {"staging": Gate(approvals=1), "production": Gate(approvals=2)}
    change = actions.request_gates(team, gates, note="why-gates-change", by=author)
    withdrawn = version(scorer, "withdrawn", author)
    actions.withdraw(withdrawn, reason="why-it-is-withdrawn", by=author)
    on_hold = factories.artifact(team, author, name="held")
    actions.hold(on_hold, reason="why-it-is-on-hold", by=author)
    spare = factories.artifact(team, author, name="spare")
    archived = actions.archive(factories.artifact(team, author, name="archived"), by=author)
    deleted = factories.artifact(team, author, name="name-of-the-deleted")
    deletion = actions.delete_artifact(deleted, by=author)
    began = {"title": "title-of-the-article", "by": author}
    article = knowing.add_article(team, slug="known", text="model:fraud/scorer", **began)
    article = knowing.edit_article(article, text="Another.", based_on=article.digest, **began)
    plans = knowing.add_collection(team, slug="plans", title="name-of-the-collection", closed=True, by=author)
    knowing.add_article(team, slug="kept", title="what-is-kept", collection=plans, by=author)
    knowing.ask_reading(article, by=steward)
    also = knowing.add_article(team, slug="known-too", text="Words.", **began)
    knowing.attach(article, "kept.txt", storage.store(io.BytesIO(b"words")), by=author)
    decided = knowing.add_decision(
        team, title="title-of-the-decision", context="model:fraud/scorer", choice="This.", by=author
    )
    event = audit.record("version.recheck", blocked, by=User.system(), reason="what-the-trail-says")
    token, _ = governing.add_token(author, name="token-of-the-author", by=author)
    message = Notification.objects.create(
        user=author, kind="finding-blocking", subject=blocked.label, sentence="what-the-author-is-told"
    )
    account = governing.add_service(team, "ci", roles=["reader"], answered_by=author, by=steward)
    delivery = undelivered(team, steward)
    invited = governing.add_invitation(team, "old@example.org", roles=["reader"], by=steward)
    lost = factories.member(team, "reader", username="lost")
    factor = Authenticator.objects.create(user=lost, type="totp", data={})
    zoe = people["oth"]
    pricing = Team.objects.get(slug="pricing")
    elsewhere = governing.add_invitation(pricing, "new@example.org", roles=["reader"], by=zoe)
    proposal = {"sentence": "what-the-review-says", "label": "teams/fraud"}
    proposals = [{"title": "Roles that nobody uses", "count": "1", "entries": [proposal]}]
    now = datetime.now(UTC)
    Review.objects.create(team=team, week=now.date(), made_at=now, proposals=proposals)
    JobRun.objects.create(
        job="trim_job_runs", due_at=datetime.now(UTC), outcome="failed", error="why-the-job-failed"
    )
    run = knowing.start_run(team, "PB-03", subject=ready.label, note="why-the-run-began", by=author)
    shared = knowing.start_run(team, "PB-16", subject=team.label, by=author)
    filed = knowing.put_file(shared, "publish", 0, "kept.txt", storage.store(io.BytesIO(b"mine")), by=author)
    sides = {"facilitator": [people["dev"]], "party": [people["eng"], people["sci"]]}
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    follow_up = knowing.add_follow_up(run, "what-is-to-follow", owner=author, due_on=tomorrow, by=author)
    trigger = knowing.add_trigger(
        team, "PB-13", kind="check", check_name="file_type", note="why-it-begins-by-itself", by=author
    )
    conflict = knowing.start_run(
        team, "PB-17", subject=team.label, people=sides, note="what-is-said-in-confidence", by=people["dev"]
    )
    sealed = knowing.start_run(team, "PB-17", subject=team.label, people=sides, by=people["dev"])
    why = "why-somebody-has-to-look"
    glass = knowing.ask_glass("runs/confidential", conflict.pk, reason=why, by=people["adm"])
    governing.pause_job(JOBS["overdue_checks"], reason="why-the-job-pauses", by=people["adm"])
    return {
        "": {"kind": "models", "team": "fraud", "slug": "fraud", "name": "scorer", "path": "notes.txt"},
        "former": {"number": former.number},
        "released": {"number": released.number},
        "ready": {"number": ready.number},
        "approved": {"number": approved.number},
        "blocked": {"number": blocked.number, "pk": finding.pk},
        "chosen": {"pk": scorer.pk},
        "compared": {"number": blocked.number, "other": ready.number},
        "decision": {"number": decided.number},
        "article": {"slug": "known", "number": 1, "other": 2, "digest": article.digest},
        "collection": {"slug": "plans"},
        "kept": {"slug": "kept"},
        "attached": {"slug": "known", "name": "kept.txt", "filename": "kept.txt"},
        "draft": {"number": draft.number},
        "sending": {"pk": sending.pk},
        "closed": {"kind": "datasets", "name": "wine", "number": closed.number, "pk": asks.pk},
        "granted": {"kind": "datasets", "name": "wine", "pk": held.pk},
        "shut": {"kind": "datasets", "name": "shut"},
        "promised": {"kind": "datasets", "name": "shut", "number": promised.number},
        "measured": {"kind": "datasets", "name": "shut", "number": table.number},
        "record": {"pk": records[0].pk},
        "evaluation": {"pk": evaluation.pk},
        "remark": {"pk": remark.pk},
        "waiver": {"pk": waiver.pk},
        "unknown": {"number": blocked.number, "pk": unknown.pk},
        "known": {"pk": known.pk},
        "signer": {"pk": signer.pk},
        "open": {"pk": request.pk, "digest": request.digest},
        "change": {"pk": change.pk},
        "withdrawn": {"number": withdrawn.number},
        "held": {"name": on_hold.name},
        "spare": {"name": spare.name},
        "archived": {"name": archived.name},
        "deletion": {"pk": deletion.pk},
        "event": {"pk": event.pk},
        "token": {"pk": token.pk},
        "job": {"name": "trim_job_runs", "job": "trim_job_runs"},
        "judging": {"name": "leaked_secrets", "check": "leaked_secrets"},
        "paused": {"name": "overdue_checks", "job": "overdue_checks"},
        "reader": {"username": "rita"},
        "account": {"username": account.username},
        "message": {"pk": message.pk},
        "lost": {"username": "lost", "pk": factor.pk, "key": resetting.key(factor.user)},
        "invitation": {"pk": invited.pk},
        "invited": {"key": inviting.link(elsewhere).split("/")[-2]},
        "lock": {"pk": locked(people["rea"]).pk},
        "browser": {"pk": signed_in_elsewhere(author).pk},
        "delivery": {"pk": delivery.pk},
        "production": {"alias": "production"},
        "staging": {"alias": "staging"},
        "nightly": {"alias": "alias-of-the-ready"},
        "run": {"pk": run.pk, "key": "pipeline", "role": "steward", "follow_up": follow_up.pk},
        "conflict": {"pk": conflict.pk, "key": "identify"},
        "filed": {
            "pk": shared.pk,
            "key": "publish",
            "file": filed.label.rpartition("/")[2],
            "filename": "new.txt",
        },
        "trigger": {"pk": trigger.pk},
        "twins": {"pk": Twins.objects.create(one=article, other=also, likeness=0.9).pk},
        "week": {"pk": Week.objects.create(person=author, begins=date(2026, 1, 5)).pk},
        "stop": {"key": stopping.link(author, "article-week").split("/")[-2]},
        "import": {"pk": import_of(team, author).pk},
        "wanted": {"pk": Wanted.objects.create(team=team, text="text-of-what-is-wanted", people=2).pk},
        "glass": {"pk": glass.pk},
        "sealed": {"pk": sealed.pk},
        "playbook": {"code": "PB-02", "number": blocked.number},
    }


def import_of(team: Team, author: User) -> Import:
    stored = storage.store(io.BytesIO(zipped({"new-of-the-zip.md": "new"})))
    made = knowing.send_import(team, "zip-of-the-author.zip", stored, by=author)
    importing.read(made.pk)
    return made


def locked(person: User) -> Tries:
    now = datetime.now(UTC)
    return Tries.objects.create(
        kind="name", key="name-of-the-locked", user=person, wrong=5, first_at=now, last_at=now
    )


def signed_in_elsewhere(person: User) -> Browser:
    client = Client()
    client.force_login(person)
    return Browser.objects.get(key=client.session.session_key)


def undelivered(team: Team, steward: User) -> Delivery:
    """The webhook of the team, and the message that it did not take."""
    hook, _ = governing.set_webhook(team, "https://example.org/where-the-webhook-is", by=steward)
    delivery = hook.deliveries.get()
    delivery.state, delivery.last_error = "failed", "why-a-delivery-failed"
    delivery.save()
    return delivery


@dataclass
class World:
    """The people, what there is, and a browser and a token for each of them."""

    subjects: dict[str, About]
    sessions: dict[str, str]
    tokens: dict[str, str]
    client: Client

    def ask(self, who: str, method: str, row: Row) -> HttpResponse:
        """One request by one person, as if it had never been: everything it changed is taken back."""
        about = self.about(row)
        address = "/" + row.address.format(**about)
        self.client.cookies.clear()
        with transaction.atomic():
            answer = self.program if row.address.startswith("api/") else self.page
            response = answer(who, method, address, self.sent(row, about))
            response.body = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        return response

    def about(self, row: Row) -> About:
        return {key: value for word in ("", *row.about) for key, value in self.subjects[word].items()}

    def sent(self, row: Row, about: About) -> Any:
        given = SENT.get(f"{row.method} {row.address.partition('?')[0]}", {})
        return given(about) if callable(given) else given

    def page(self, who: str, method: str, address: str, sent: Any) -> HttpResponse:
        if who in self.sessions:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        if method == "POST":
            return self.client.post(address, sent)
        return self.client.generic(method, address)

    def program(self, who: str, method: str, address: str, sent: Any) -> HttpResponse:
        body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        headers = {"HTTP_AUTHORIZATION": f"Bearer {self.tokens[who]}"} if who in self.tokens else {}
        kind = "application/octet-stream" if isinstance(sent, bytes) else "application/json"
        return self.client.generic(method, address, b"" if method == "GET" else body, kind, **headers)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: Any) -> World:
    """Everything that the table names. Nothing is looked at by /readyz, and passwords are hashed fast."""
    monkeypatch.setattr(health, "PARTS", {})
    factories.hashed()  # kept for all tests: as they hash, before it becomes fast here
    settings.PASSWORD_HASHERS = [FAST, *settings.PASSWORD_HASHERS]
    cache.clear()  # guesses of passwords are counted there
    team = factories.team("fraud")
    Team.objects.filter(pk=team.pk).update(name="name-of-the-team")
    people = everybody(team)
    there = subjects(team, people)
    tokens = {who: governing.add_token(person, name="tests", by=person)[1] for who, person in people.items()}
    sessions = {who: session(person) for who, person in people.items()}
    return World(there, sessions, tokens, Client(raise_request_exception=False))


def session(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def outcome(answer: HttpResponse) -> str:
    """An answer as a cell of the table."""
    if answer.status_code == 302 and answer["Location"].startswith(SIGN_IN):
        return "in"
    return "yes" if answer.status_code < 400 else OUTCOMES.get(answer.status_code, str(answer.status_code))


def nothing(wrong: Iterable[str]) -> None:
    """Fail with everything that is wrong, and with what to do about it."""
    found = list(wrong)
    assert not found, "\n".join([HOW, *found])


# ------------------------------------------------------------------ every address


def addresses(resolver: Any = None, before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every pattern of the resolver as the table writes it, with what it calls."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from addresses(entry, here)
        else:
            assert isinstance(entry, URLPattern)
            yield here, entry.callback


def patterns() -> dict[str, list[Callable[..., Any]]]:
    known = defaultdict(list)
    for address, view in addresses():
        known[plain(address)].append(view)
    return known


def test_every_address_has_a_row():
    known = {row.pattern for row in TABLE}

    nothing(f"/{address} has no row" for address in patterns() if address not in known)


def test_no_row_stands_twice():
    nothing(f"{row} stands twice" for row, times in Counter(map(str, TABLE)).items() if times > 1)


def test_every_row_has_an_address():
    known = patterns()

    nothing(f"{row} has no address" for row in TABLE if row.pattern not in known)


def test_every_method_has_a_row(world):
    rows = {row.pattern: row for row in reversed(TABLE)}
    known = {(row.pattern, row.method) for row in TABLE}
    asked = [(row, method) for row in rows.values() for method in METHODS]

    nothing(
        f"{method} /{row.pattern} is answered and has no row"
        for row, method in asked
        if (row.pattern, method) not in known and world.ask("aut", method, row).status_code != 405
    )


def test_last_slash_of_a_programs_address_changes_nothing():
    shapes = {address: {shape(view) for view in views} for address, views in patterns().items()}

    assert [address for address, shape in shapes.items() if len(shape) > 1] == []


def shape(view: Callable[..., Any]) -> tuple[str, str, str]:
    """What a view is and which of its methods answers to what. HEAD appears when it is used first."""
    methods = {name: answers for name, answers in getattr(view, "actions", {}).items() if name != "head"}
    return view.__module__, view.__qualname__, str(methods)


# ------------------------------------------------------------------ every person


@pytest.mark.parametrize("who", [*FEW, *(pytest.param(who, marks=pytest.mark.slow) for who in REST)])
def test_everybody_does_and_sees_what_the_table_says(world, who):
    wrong, seen = [], set()
    for row in TABLE:
        answer = world.ask(who, row.method, row)
        if outcome(answer) != row.cells[who]:
            wrong.append(f"{row}: {who} gets {outcome(answer)}, the table says {row.cells[who]}")
        seen |= {
            mark
            for mark in MARKS
            if mark not in answer.wsgi_request.get_full_path() and mark.encode() in answer.body
        }

    said = {mark for mark, cells in MARKS.items() if cells[who] == "yes"}
    wrong += [f"{who} sees {mark}, the table says no" for mark in sorted(seen - said)]
    wrong += [f"{who} does not see {mark}, the table says yes" for mark in sorted(said - seen)]
    nothing(wrong)
