"""Runs begin, are written into, pause, are handed over and end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from django.utils import timezone

from governance import access, audit, subjects
from governance.actions import saved
from governance.audit import action
from governance.errors import Absent, Conflict, Denied, Invalid
from governance.models import Team, User
from governance.origin import NOWHERE, origin
from governance.telling import tell
from kb.models import Entry, Run, RunPerson
from kb.playbooks import ABOUT, ROLES, Need, Playbook, digest_of
from kb.proving import PRIOR, StepNow, playbook_of, steps_of
from kb.shelf import pinned, playbook_for

MOST_PEOPLE = 30
MOST_WRITTEN = 2_000  # entries of one run
LONGEST_WAIVER = timedelta(days=90)
KINDS = {"model": "models/", "dataset": "datasets/", "version": "", "team": "teams/"}
BINDS = {"article": ("article",), "decision": ("decision",), "upload": ("version",)}

People = Mapping[str, Iterable[User]]


@action("run.start")
def start_run(
    team: Team, code: str, *, subject: str, people: People | None = None, note: str = "", by: User
) -> Run:
    """Begin to work through a playbook, about one thing of the team, by these people for each role."""
    team = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    access.check(by, "run.start", team)
    playbook = playbook_for(team, code)
    thing = about(team, playbook, subject, by)
    row = pinned(team, code)
    refuse_twin(team, playbook, subject)
    run = saved(
        Run(
            playbook=row,
            team=team,
            subject=thing.label,
            digest=getattr(thing, "digest", ""),
            note=note,
            confidential=playbook.confidential,
            started_by=by,
        )
    )
    parts = check_people(team, playbook, people or {})
    if playbook.confidential:
        check_heard(parts, by)
    RunPerson.objects.bulk_create(RunPerson(run=run, role=role, user=user) for role, user in parts)
    noted("run.start", run, by=by, after={"playbook": code, "about": run.subject, "digest": row.digest})
    told(run, {user for _, user in parts} - {by}, f"{by} began “{playbook.title}” about {run.subject}.")
    return run


def about(team: Team, playbook: Playbook, label: str, by: User) -> Any:
    """What it is about: seen by who begins, the team's own, and frozen."""
    kind, thing = subjects.find(by, label)
    fits = kind.name == ("team" if playbook.about == "team" else "version")
    if not fits or not thing.label.startswith(KINDS[playbook.about]):
        refuse("subject", f"“{playbook.title}” is about {ABOUT[playbook.about]}.")
    owner = thing if kind.name == "team" else thing.team
    if owner.pk != team.pk:
        refuse("subject", f"{label} is not {team.slug}'s.")
    if kind.name == "version" and thing.is_draft:
        raise Conflict(f"Version {thing.number} is a draft: submit it first.")
    return thing


def refuse_twin(team: Team, playbook: Playbook, subject: str) -> None:
    """Of what is confidential several may be open: whoever begins one may not learn of another."""
    if playbook.confidential:
        return
    twin = Run.objects.open().filter(team=team, playbook__code=playbook.code, subject=subject).first()
    if twin is not None:
        raise Conflict(f"Run {twin.pk} of “{playbook.title}” is open about it already.")


def check_people(team: Team, playbook: Playbook, people: People) -> list[tuple[str, User]]:
    """Who does what: active members of the team, in roles that the playbook has."""
    parts = [(role, user) for role, users in people.items() for user in users]
    if strange := [role for role in people if role not in playbook.roles]:
        refuse("people", f"“{playbook.title}” has no role {strange[0][:30]}.")
    if len(parts) > MOST_PEOPLE:
        refuse("people", f"At most {MOST_PEOPLE} people take part in a run.")
    able = access.holders(team, "run.put")
    if away := [user for _, user in parts if user.pk not in able or user.answered_by_id]:
        refuse("people", f"{away[0]} is nobody who may take part in runs of {team.slug}.")
    facilitators = {user.pk for role, user in parts if role == "facilitator"}
    if both := [user for role, user in parts if role == "party" and user.pk in facilitators]:
        refuse("people", f"{both[0]} cannot be facilitator and party: name somebody who is not involved.")
    return list(dict.fromkeys(parts))


def check_heard(parts: list[tuple[str, User]], by: User) -> None:
    """In confidence there is somebody who is not involved, and two sides; who begins it is one of them."""
    roles = [role for role, _ in parts]
    if roles.count("facilitator") != 1 or roles.count("party") < 2:
        refuse("people", "Name one facilitator who is not involved, and at least two parties.")
    if by.pk not in {user.pk for _, user in parts}:
        refuse("people", "Only who is named in it may begin it: nobody else sees it.")


# ------------------------------------------------------------------ what is put in


@action("run.put")
def put(
    run: Run,
    step: str,
    need: int,
    *,
    text: str = "",
    number: float | None = None,
    label: str = "",
    by: User,
) -> Entry:
    """Put in what a step asks a person for: a statement, a number, a choice, or what proves it elsewhere."""
    run = at_work(run)
    now, asked = find_need(run, step, need)
    allowed(by, "run.put", run, step=now, kind=asked.kind)
    in_turn(run, now)
    entry = Entry(run=run, step=step, need=need, by=by)
    if asked.kind in BINDS:
        bind(entry, asked, label, by)
    elif asked.kind == "number":
        measure(entry, number)
    elif asked.kind in ("statement", "choice"):
        say(entry, asked, text)
    else:
        raise Conflict("The registry proves this by itself: nobody puts it in.")
    return written(run, entry, {"step": now.step.title, "what": asked.text}, "run.put")


def bind(entry: Entry, asked: Need, label: str, by: User) -> None:
    kind, thing = subjects.find(by, label.strip().strip("/"))
    if kind.name not in BINDS[asked.kind]:
        refuse("label", f"This is no {asked.kind}: it is a {kind.name}.")
    if access.team_of(thing) != entry.run.team:
        refuse("label", f"It is not {entry.run.team.slug}'s: evidence of another team proves nothing here.")
    entry.kind, entry.label, entry.digest = Entry.BIND, thing.label, getattr(thing, "digest", "")
    if asked.kind == "upload" and not entry.digest:
        raise Conflict("It is a draft: submit it first.")


def measure(entry: Entry, number: float | None) -> None:
    if number is None or not isfinite(number):
        refuse("number", "Give a number.")
    entry.kind, entry.number, entry.digest = Entry.NUMBER, number, digest_of(repr(number))


def say(entry: Entry, asked: Need, text: str) -> None:
    if not text.strip():
        refuse("text", "Say it in words.")
    if asked.kind == "choice" and text not in asked.options:
        refuse("text", f"Choose one of: {', '.join(asked.options)}.")
    entry.kind, entry.text, entry.digest = asked.kind, text, digest_of(text)


@action("run.accept")
def accept(run: Run, step: str, need: int, *, digest: str, by: User) -> Entry:
    """Say that evidence that is older than the run proves a step all the same: this one, with this digest."""
    run = at_work(run)
    now, asked = find_need(run, step, need)
    allowed(by, "run.put", run, step=now, kind=Entry.ACCEPT)
    proof = now.proofs[need]
    if proof.state != PRIOR:
        raise Conflict("There is no older evidence to accept here.")
    if proof.digest != digest:
        raise Conflict("The evidence is not the one that you were shown. Load the page again.")
    entry = Entry(run=run, step=step, need=need, by=by, kind=Entry.ACCEPT)
    entry.label, entry.digest = proof.label, proof.digest
    return written(run, entry, {"step": now.step.title, "what": asked.text}, "run.accept")


@action("run.waive")
def waive_step(run: Run, step: str, *, reason: str, ends_at: datetime, by: User) -> Entry:
    """Let a step pass without its evidence: in one's own name, for a reason, until a day."""
    run = at_work(run)
    now = find_step(run, step)
    allowed(by, "run.waive", run, step=now)
    if run.confidential:
        raise Conflict("Nobody is passed over in a confidential run: none of its steps is waived.")
    if not reason.strip():
        refuse("reason", "Say why this step may pass without its evidence.")
    if not timezone.now() < ends_at <= timezone.now() + LONGEST_WAIVER:
        refuse("ends_at", f"A waiver ends in the future, at most {LONGEST_WAIVER.days} days from now.")
    if now.finished:
        raise Conflict("This step is finished: there is nothing to waive.")
    entry = Entry(run=run, step=step, by=by, kind=Entry.WAIVER, text=reason, ends_at=ends_at)
    return written(run, entry, {"step": now.step.title, "until": ends_at.date().isoformat()}, "run.waive")


@action("run.comment")
def comment(run: Run, text: str, *, by: User) -> Entry:
    run = locked(run)
    allowed(by, "run.comment", run)
    if not text.strip():
        refuse("text", "Say something.")
    return written(run, Entry(run=run, by=by, kind=Entry.COMMENT, text=text), {}, "run.comment")


# ------------------------------------------------------------------ the run as a whole


@action("run.hand_over")
def hand_over(run: Run, role: str, people: Iterable[User], *, by: User) -> Run:
    """Other people in one role from now on. What the others did stays theirs."""
    run = at_work(run)
    allowed(by, "run.hand_over", run)
    parts = check_people(run.team, playbook_of(run), {**people_now(run, but=role), role: list(people)})
    new = {user for each, user in parts if each == role}
    if run.confidential:
        keep_heard(run, parts, role, new)
    run.people.filter(role=role).exclude(user__in=new).delete()
    for user in sorted(new, key=lambda each: each.pk):
        RunPerson.objects.get_or_create(run=run, role=role, user=user)
    names = ", ".join(sorted(str(user) for user in new)) or "nobody"
    changed(run, f"{ROLES[role]}: {names}", by)
    noted("run.hand_over", run, by=by, after={"role": ROLES[role].lower(), "people": names})
    told(run, new - {by}, f"{by} made you {ROLES[role].lower()} of run {run.pk}.")
    return run


def keep_heard(run: Run, parts: list[tuple[str, User]], role: str, new: set[User]) -> None:
    """A party stays a party: whoever was to be heard is heard."""
    if role == "party" and not set(people_now(run).get("party", [])) <= new:
        raise Conflict("A party stays a party: nobody is taken out before they were heard.")
    check_heard(parts, next(user for _, user in parts))


@action("run.pause")
def pause_run(run: Run, *, reason: str, by: User) -> Run:
    """Nothing is due and nobody is asked until it goes on."""
    run = at_work(run)
    allowed(by, "run.pause", run)
    give_reason(reason)
    run.paused_at = timezone.now()
    run.save(update_fields=["paused_at"])
    changed(run, f"Paused: {reason}", by)
    noted("run.pause", run, by=by, reason=reason)
    return run


@action("run.resume")
def resume_run(run: Run, *, by: User) -> Run:
    run = locked(run)
    allowed(by, "run.resume", run)
    if run.paused_at is None or run.closed_at:
        raise Conflict("This run does not pause.")
    run.paused_at = None
    run.save(update_fields=["paused_at"])
    changed(run, "Went on", by)
    noted("run.resume", run, by=by)
    return run


@action("run.cancel")
def cancel_run(run: Run, *, reason: str, by: User) -> Run:
    """End it without an outcome. What was put in stays."""
    run = locked(run)
    allowed(by, "run.cancel", run)
    if run.closed_at:
        raise Conflict(f"This run is closed already: {run.outcome}.")
    give_reason(reason)
    end(run, "cancelled", reason)
    changed(run, f"Cancelled: {reason}", by)
    noted("run.cancel", run, by=by, reason=reason)
    told(
        run, {part.user for part in run.people.select_related("user")} - {by}, f"{by} cancelled run {run.pk}."
    )
    return run


@action("run.end")
def notice(run: Run, *, by: User) -> Run:
    """Compare what is proved with what people were told: say what came and what fell, and close a run that is
    finished. Safe to repeat."""
    run = locked(run)
    if run.closed_at or run.paused_at:
        return run
    steps = steps_of(run)
    proved = [now.step.key for now in steps if now.finished]
    new = [now for now in steps if now.step.key in proved and now.step.key not in run.told]
    came = [now for now in new if now.state != "skipped"]
    fell = [now for now in steps if now.step.key in run.told and now.step.key not in proved]
    run.told = proved
    run.save(update_fields=["told"])
    for now in came:
        noted("run.prove", run, by=by, after={"step": now.step.title, "state": now.state})
    for now in fell:
        noted("run.fall", run, by=by, after={"step": now.step.title})
        told(run, set(now.people), f"The evidence of “{now.step.title}” does not hold any more.", "run-fell")
    if all(now.finished for now in steps):
        end(run, "done", "")
        noted("run.end", run, by=by, after={"playbook": run.playbook.code, "digest": run.digest})
        told(run, everybody(run), f"Run {run.pk} is finished.")
    elif new:
        tell_next(run, steps, new)
    return run


def tell_next(run: Run, steps: list[StepNow], new: list[StepNow]) -> None:
    """Those whose step has become possible by what was just finished."""
    keys = {now.step.key for now in new}
    for now in steps:
        if now.state == "open" and keys & set(now.step.after):
            told(run, set(now.people), f"“{now.step.title}” waits for you.", "run-step")


# ------------------------------------------------------------------ parts


def locked(run: Run) -> Run:
    found = Run.objects.select_for_update(of=("self",)).select_related("team", "playbook", "started_by")
    return found.get(pk=run.pk)


def at_work(run: Run) -> Run:
    """Locked, and in a state in which something can be done in it."""
    run = locked(run)
    if run.closed_at:
        raise Conflict(f"This run is closed: {run.outcome}.")
    if run.paused_at:
        raise Conflict("This run pauses: resume it first.")
    return run


def find_step(run: Run, key: str) -> StepNow:
    for now in steps_of(run):
        if now.step.key == key:
            return now
    raise Absent(f"This run has no step {key[:60]}.")


def find_need(run: Run, key: str, place: int) -> tuple[StepNow, Need]:
    now = find_step(run, key)
    if now.state == "skipped":
        raise Conflict("This step is not taken: the choice before it leads elsewhere.")
    if not 0 <= place < len(now.step.needs):
        raise Absent("This step asks for nothing like that.")
    return now, now.step.needs[place]


def in_turn(run: Run, now: StepNow) -> None:
    """A confidential run keeps its order: nothing is decided before everybody was heard."""
    if run.confidential and now.state == "later":
        raise Conflict("The steps before this one are not finished: first everybody is heard.")


def allowed(by: User, name: str, run: Run, step: StepNow | None = None, kind: str = "") -> None:
    """Ask whether this may be done. What is refused in a confidential run leaves no trace of who tried."""
    about: dict[str, Any] = {"step": step} if step is not None else {}
    about |= {"kind": kind} if kind else {}
    try:
        access.check(by, name, run, **about)
    except Denied as denied:
        if run.confidential:
            raise Conflict(denied.sentence) from denied
        raise


def written(run: Run, entry: Entry, after: dict[str, Any], name: str) -> Entry:
    if run.entries.count() >= MOST_WRITTEN:
        raise Conflict(f"A run holds at most {MOST_WRITTEN:,} entries.")
    entry = saved(entry)
    noted(name, run, by=entry.by, after={**after, "entry": entry.pk, "sha256": entry.digest})
    return entry


def changed(run: Run, text: str, by: User) -> None:
    """Keep in the run itself what became of it: of a confidential one nothing else does."""
    saved(Entry(run=run, by=by, kind=Entry.CHANGE, text=text))


def noted(name: str, run: Run, *, by: User, after: Any = None, reason: str = "") -> None:
    """On the record. Of a confidential run the trail says that there was something, neither what nor who:
    that stands in the run."""
    if not run.confidential:
        audit.record(name, run, by=by, after=after, reason=reason)
        return
    mark = origin.set(NOWHERE)
    try:
        audit.record("run.confidential", "runs/confidential", by=None)
    finally:
        origin.reset(mark)


def remind(run: Run, people: set[User], titles: list[str]) -> None:
    """Tell those whose steps are late."""
    more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
    kind = "run-confidential" if run.confidential else "run-late"
    told(run, people, f"“{titles[0]}”{more} of run {run.pk} should be done by now.", kind)


def told(run: Run, people: set[User], sentence: str, kind: str = "run") -> None:
    """Tell them, in a confidential run without a word of what it is about and by no webhook."""
    if run.confidential:
        kind, sentence = "run-confidential", "There is news in a run that you are named in."
    if people:
        tell(kind, sorted(people, key=lambda each: each.pk), run, sentence)


def everybody(run: Run) -> set[User]:
    return {part.user for part in run.people.select_related("user")}


def people_now(run: Run, but: str = "") -> dict[str, list[User]]:
    found: dict[str, list[User]] = {}
    for part in run.people.select_related("user").exclude(role=but):
        found.setdefault(part.role, []).append(part.user)
    return found


def end(run: Run, outcome: str, reason: str) -> None:
    run.closed_at, run.outcome, run.reason, run.paused_at = timezone.now(), outcome, reason, None
    run.clean_fields()
    run.save(update_fields=["closed_at", "outcome", "reason", "paused_at"])


def give_reason(reason: str) -> None:
    if not reason.strip():
        refuse("reason", "Say why.")


def refuse(field: str, sentence: str) -> None:
    raise Invalid(sentence, errors={field: [sentence]})
