"""Playbooks and runs, for programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import access, subjects
from governance.api.base import WRITES, Number, Paged, Strict, Text, View, Whole, endpoint, in_path
from governance.errors import Absent
from governance.models import Team
from kb import actions
from kb.models import Entry, Run
from kb.playbooks import ABOUT, ROLES, Need, Playbook
from kb.proving import Proof, StepNow, playbook_of, steps_of
from kb.run_forms import called, called_by_role, outside
from kb.shelf import playbook_for, shelf

Values = dict[str, Any]

in_path("code", "A playbook's code, such as PB-03.", pattern="[A-Za-z0-9_-]{1,20}")
in_path("key", "A step's key.", pattern="[a-zA-Z0-9_-]{1,60}")
in_path("role", "A role of the playbook.", enum=list(ROLES))


class TeamQuery(Strict):
    team = Text(
        max_length=60, required=False, allow_blank=True, default="", help_text="As this team works by it."
    )


class RunQuery(Paged):
    state = serializers.ChoiceField(
        ("open", "done", "cancelled", "passed"), required=False, help_text="Only these; without it all."
    )
    playbook = Text(max_length=20, required=False, help_text="Only of this playbook, by its code.")


class NeedAnswer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    text = serializers.CharField()
    check = serializers.CharField(allow_blank=True)
    record = serializers.CharField(allow_blank=True)
    alias = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    least = serializers.FloatField(allow_null=True)
    most = serializers.FloatField(allow_null=True)
    options = serializers.ListField(child=serializers.CharField())


class StepAnswer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    do = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    after = serializers.ListField(child=serializers.CharField())
    when = serializers.CharField(allow_blank=True, help_text="What it is only taken for; empty: always.")
    days = serializers.IntegerField(allow_null=True, help_text="Due so many days after the run began.")
    needs = NeedAnswer(many=True)


class PlaybookAnswer(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    about = serializers.ChoiceField(list(ABOUT))
    questions = serializers.ListField(child=serializers.IntegerField())
    decides = serializers.CharField()
    digest = serializers.CharField(help_text="SHA-256 of its text.")


class PlaybookDetail(PlaybookAnswer):
    intro = serializers.CharField()
    corrections = serializers.ListField(child=serializers.CharField())
    steps = StepAnswer(many=True)


class ProofAnswer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    state = serializers.ChoiceField(
        ("proved", "waived", "prior", "failed", "changed", "missing", "not evaluated")
    )
    said = serializers.CharField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field
    digest = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField(allow_null=True)


class StepNowAnswer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(("proved", "waived", "skipped", "open", "later", "fallen"))
    people = serializers.ListField(child=serializers.CharField())
    due_at = serializers.DateTimeField(allow_null=True)
    proofs = ProofAnswer(many=True)


class RunOfPlaybookAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    playbook = serializers.CharField()
    playbook_digest = serializers.CharField()
    team = serializers.CharField()
    subject = serializers.CharField()
    digest = serializers.CharField(allow_blank=True, help_text="Of what it is about, when it began.")
    state = serializers.ChoiceField(("open", "paused", "done", "cancelled", "passed"))
    confidential = serializers.BooleanField()
    started_by = serializers.CharField()
    started_at = serializers.DateTimeField()
    note = serializers.CharField(allow_blank=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class RunOfPlaybookDetail(RunOfPlaybookAnswer):
    people = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="User names by role."
    )
    steps = StepNowAnswer(many=True, help_text="As they stand now: worked out, not stored.")


class EntryAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Entry.KINDS)
    step = serializers.CharField(allow_blank=True)
    need = serializers.IntegerField(allow_null=True)
    by = serializers.CharField()
    at = serializers.DateTimeField()
    text = serializers.CharField(allow_blank=True)
    number = serializers.FloatField(allow_null=True)
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field
    digest = serializers.CharField(allow_blank=True)
    ends_at = serializers.DateTimeField(allow_null=True)


class StartRunForm(Strict):
    team = Text(max_length=60)
    playbook = Text(max_length=20)
    subject = Text(max_length=400, help_text="The label of what it is about.")
    note = Text(max_length=2000, required=False, default="", allow_blank=True)
    people = serializers.DictField(
        child=serializers.ListField(child=Text(max_length=100), max_length=30),
        required=False,
        default=dict,
        help_text=f"User names by role: {', '.join(ROLES)}.",
    )


class PlaybookForm(Strict):
    team = Text(max_length=60)
    text = Text(max_length=200_000, help_text="TOML, with the code that the playbook has.")
    based_on = Text(max_length=64, help_text="The digest of the text that you began from.")
    note = Text(max_length=500, required=False, default="", allow_blank=True)


class PutEvidenceForm(Strict):
    need = Whole(min_value=0, help_text="Which of the step's needs, from 0.")
    text = Text(
        max_length=5000,
        required=False,
        default="",
        allow_blank=True,
        help_text="What is said or chosen; of a pair the label of the data.",
    )
    number = Number(required=False, help_text="Of a pair the number of the other version.")
    label = Text(  # type: ignore[assignment]  # a field
        max_length=400, required=False, default="", allow_blank=True
    )


class AcceptEvidenceForm(Strict):
    need = Whole(min_value=0)
    digest = Text(max_length=64, allow_blank=True, help_text="Of the evidence that you were shown.")


class WaiveStepForm(Strict):
    reason = Text(max_length=2000)
    ends_at = serializers.DateTimeField(help_text="At most 90 days from now.")


class RunReasonForm(Strict):
    reason = Text(max_length=2000)


class RunCommentForm(Strict):
    text = Text(max_length=5000)


class RunPeopleForm(Strict):
    people = serializers.ListField(child=Text(max_length=100), max_length=30, help_text="User names.")


class PlaybookView(View):
    @endpoint(PlaybookAnswer(many=True), query=TeamQuery, problems=(404,))
    def list(self) -> Values:
        """All playbooks on one page, as they are shipped or as a team changed them."""
        found = shelf(self.team(self.query["team"]) if self.query["team"] else None)
        rows = [briefly(each) for _, each in sorted(found.items())]
        return {"results": rows, "next": None, "previous": None}

    @endpoint(PlaybookDetail, query=TeamQuery)
    def retrieve(self, code: str) -> Values:
        """One of them with its steps."""
        slug = self.query["team"]
        found = playbook_for(self.team(slug), code) if slug else shelf(None).get(code)
        if found is None:
            raise Absent(f"There is no playbook {code[:20]}.")
        return fully(found)

    @endpoint(PlaybookDetail, body=PlaybookForm, problems=WRITES)
    def change(self, code: str) -> Values:
        """Have a team work by another text from the next run on."""
        team = self.team(self.body.pop("team"))
        actions.set_playbook(team, code, **self.body, by=self.person)
        return fully(playbook_for(team, code))

    def team(self, slug: str) -> Team:
        found = Team.objects.filter(slug=slug, pk__in=access.teams(self.person, "run.view")).first()
        if found is None:
            raise Absent(f"There are no playbooks of {slug} that you may see.")
        return found


class OfRuns(View):
    def find(self, pk: int) -> Run:
        seen = Run.objects.visible_to(self.person).select_related("team", "playbook", "started_by")
        found = seen.filter(pk=pk).first()
        if found is None:
            raise Absent("There is no such run that you may see.")
        return found


class EntryView(OfRuns):
    search_fields = ("text", "label", "step", "by__username")

    @endpoint(EntryAnswer(many=True), query=Paged, operation_id="runs_entries_list")
    def entries(self, pk: int) -> Values:
        """What was put into it, newest first."""
        seen = self.find(pk).entries.visible_to(self.person).select_related("by")
        return self.listed(seen, "-pk", shown)

    @endpoint(EntryAnswer, status=201, body=RunCommentForm, problems=WRITES)
    def comment(self, pk: int) -> Values:
        """Say something in it."""
        return shown(actions.comment(self.find(pk), self.body["text"], by=self.person))

    @endpoint(EntryAnswer, status=201, body=PutEvidenceForm, problems=WRITES)
    def put_in(self, pk: int, key: str) -> Values:
        """Put in what a step asks a person for."""
        return shown(actions.put(self.find(pk), key, **self.body, by=self.person))

    @endpoint(EntryAnswer, status=201, body=AcceptEvidenceForm, problems=WRITES)
    def accept(self, pk: int, key: str) -> Values:
        """Say that evidence that is older than the run proves a step all the same."""
        return shown(actions.accept(self.find(pk), key, **self.body, by=self.person))

    @endpoint(EntryAnswer, status=201, body=WaiveStepForm, problems=WRITES)
    def waive(self, pk: int, key: str) -> Values:
        """Let a step pass without its evidence, until a day."""
        return shown(actions.waive_step(self.find(pk), key, **self.body, by=self.person))


class RunView(OfRuns):
    search_fields = ("subject", "note", "playbook__code", "team__slug")

    @endpoint(RunOfPlaybookAnswer(many=True), query=RunQuery, operation_id="runs_list")
    def list(self) -> Values:
        """The runs that you see, newest first."""
        found = Run.objects.visible_to(self.person).select_related("team", "playbook", "started_by")
        state = self.query.get("state")
        if state:
            found = found.filter(outcome="" if state == "open" else state)
        if code := self.query.get("playbook"):
            found = found.filter(playbook__code=code)
        return self.listed(found.defer("playbook__text"), "-pk", answer)

    @endpoint(RunOfPlaybookDetail, status=201, body=StartRunForm, problems=(404, *WRITES))
    def create(self) -> Values:
        """Begin a run."""
        slug = self.body["team"]
        team = Team.objects.filter(slug=slug, pk__in=access.teams(self.person, "run.view")).first()
        if team is None:
            raise Absent(f"There is no team {slug} in which you see runs.")
        playbook = playbook_for(team, self.body["playbook"])
        people = called_by_role(team, self.body["people"], playbook)
        run = actions.start_run(
            team,
            self.body["playbook"],
            subject=self.body["subject"],
            people=people,
            note=self.body["note"],
            by=self.person,
        )
        return self.whole(run.pk)

    @endpoint(RunOfPlaybookDetail)
    def retrieve(self, pk: int) -> Values:
        """One run, with how each step stands now."""
        return self.whole(pk)

    @endpoint(RunOfPlaybookDetail, body=RunReasonForm, problems=WRITES)
    def pause(self, pk: int) -> Values:
        """Let nothing be due until it goes on."""
        actions.pause_run(self.find(pk), **self.body, by=self.person)
        return self.whole(pk)

    @endpoint(RunOfPlaybookDetail, problems=WRITES)
    def resume(self, pk: int) -> Values:
        """Let it go on."""
        actions.resume_run(self.find(pk), by=self.person)
        return self.whole(pk)

    @endpoint(RunOfPlaybookDetail, body=RunReasonForm, problems=WRITES)
    def cancel(self, pk: int) -> Values:
        """End it without an outcome."""
        actions.cancel_run(self.find(pk), **self.body, by=self.person)
        return self.whole(pk)

    @endpoint(RunOfPlaybookDetail, body=RunPeopleForm, problems=WRITES)
    def hand_over(self, pk: int, role: str) -> Values:
        """Say who has a role from now on."""
        run = self.find(pk)
        names = ",".join(self.body["people"])
        people = called(run.team, names, anybody=outside(playbook_of(run), role))
        actions.hand_over(run, role, people, by=self.person)
        return self.whole(pk)

    def whole(self, pk: int) -> Values:
        run = self.find(pk)
        steps = steps_of(run)
        people: dict[str, list[str]] = {}
        for part in run.people.select_related("user"):
            people.setdefault(part.role, []).append(part.user.username)
        seen = subjects.visible(self.person, {p.label for each in steps for p in each.proofs if p.label})
        return {**answer(run), "people": people, "steps": [standing(each, seen) for each in steps]}


def briefly(playbook: Playbook) -> Values:
    return {
        "code": playbook.code,
        "title": playbook.title,
        "about": playbook.about,
        "questions": list(playbook.questions),
        "decides": playbook.decides,
        "digest": playbook.digest,
    }


def fully(playbook: Playbook) -> Values:
    known = {step.key: step for step in playbook.steps}
    steps = [
        {
            "key": step.key,
            "title": step.title,
            "do": step.do,
            "roles": list(step.roles),
            "after": list(step.after),
            "when": step.when.said(known) if step.when else "",
            "days": step.days,
            "needs": [asked(need) for need in step.needs],
        }
        for step in playbook.steps
    ]
    more = {"intro": playbook.intro, "corrections": list(playbook.corrections), "steps": steps}
    return {**briefly(playbook), **more}


def asked(need: Need) -> Values:
    names = ("kind", "text", "check", "record", "alias", "unit", "least", "most")
    return {**{name: getattr(need, name) for name in names}, "options": list(need.options)}


def answer(run: Run) -> Values:
    return {
        "id": run.pk,
        "playbook": run.playbook.code,
        "playbook_digest": run.playbook.digest,
        "team": run.team.slug,
        "subject": run.subject,
        "digest": run.digest,
        "state": run.state,
        "confidential": run.confidential,
        "started_by": run.started_by.username,
        "started_at": run.started_at,
        "note": run.note,
        "closed_at": run.closed_at,
        "reason": run.reason,
    }


def standing(now: StepNow, seen: set[str]) -> Values:
    return {
        "key": now.step.key,
        "title": now.step.title,
        "state": now.state,
        "people": [each.username for each in now.people],
        "due_at": now.due_at,
        "proofs": [proof(each, seen) for each in now.proofs],
    }


def proof(found: Proof, seen: set[str]) -> Values:
    """What somebody may not see is not named."""
    known = not found.label or found.label in seen
    return {
        "kind": found.need.kind,
        "state": found.state,
        "said": found.said if known else "something that you may not see",
        "label": found.label if known else "",
        "digest": found.digest if known else "",
        "by": found.by,
        "at": found.at,
    }


def shown(entry: Entry) -> Values:
    names = ("kind", "step", "need", "at", "text", "number", "label", "digest", "ends_at")
    return {"id": entry.pk, "by": entry.by.username, **{name: getattr(entry, name) for name in names}}
