"""Playbooks: all of them, one of them, and beginning a run of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from governance import access, subjects
from governance.errors import Absent
from governance.forms import posted
from governance.models import Team, User
from governance.pages import Signed, why_not
from governance.prepared import prepared
from kb import actions
from kb.measuring import measure
from kb.models import Run
from kb.playbooks import ABOUT, PLAYBOOKS, ROLES, Playbook, Step
from kb.presenting import metrics as presented
from kb.presenting.runs import run_rows
from kb.questions import QUESTIONS, standing
from kb.run_forms import PlaybookForm, StartForm
from kb.shelf import own, playbook_for, shelf, shipped_since
from kb.views.runs import titles
from registry.models import Kind, Version
from registry.presenting.comparing import lines

MOST_TEAMS = 50
FEW = 5
MOST_LABELS = 50
NO_TEAM = "You are in no team that runs playbooks."


def teams_of(person: User) -> list[Team]:
    """Those in which one may begin a run."""
    able = access.teams(person, "run.start")
    return list(Team.objects.at_work().filter(pk__in=able).order_by("slug")[:MOST_TEAMS])


def chosen(person: User, slug: str) -> Team | None:
    """The team that was asked for, when one sees its runs; else the first of one's own."""
    if slug:
        found = Team.objects.filter(slug=slug, pk__in=access.teams(person, "run.view")).first()
        if found is None:
            raise Absent(f"There are no playbooks of {slug[:60]} that you may see.")
        return found
    return next(iter(teams_of(person)), None)


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    """All of them, with how many runs one sees of each."""
    team = chosen(request.user, request.GET.get("team", ""))
    found = shelf(team)
    counts = counted(request.user)
    rows = [
        {
            "playbook": each,
            "about": ABOUT[each.about],
            "own": each != PLAYBOOKS.get(each.code),
            **counts.get(each.code, {}),
        }
        for each in sorted(found.values(), key=lambda each: each.code)
    ]
    return render(request, "kb/playbooks.html", {"rows": rows, "team": team, "section": "playbooks"})


@login_required
@require_safe
def questions(request: Signed) -> HttpResponse:
    """The twenty questions, each with its playbook and how things stand for what one sees."""
    stands = standing(request.user)
    rows = [
        {
            "question": each,
            "playbook": PLAYBOOKS.get(each.code),
            "stands": stands.get(each.figure, ""),
            "runs": stands.get(f"runs:{each.code}", "") if each.figure else "",
            "checks": stands.get(f"checks:{each.code}", ""),
        }
        for each in QUESTIONS
    ]
    return render(request, "kb/questions.html", {"rows": rows, "section": "questions"})


def counted(person: User) -> dict[str, dict[str, int]]:
    """Open and finished runs by playbook. What is confidential is not counted."""
    seen = Run.objects.visible_to(person).filter(confidential=False).order_by()
    done = Count("pk", filter=Q(outcome="done"))
    rows = seen.values("playbook__code").annotate(open=Count("pk", filter=Q(closed_at=None)), done=done)
    return {row["playbook__code"]: {"open": row["open"], "done": row["done"]} for row in rows}


@login_required
@require_safe
def show(request: Signed, code: str) -> HttpResponse:
    team = chosen(request.user, request.GET.get("team", ""))
    playbook, mine = found(team, code), own(team, code) if team else None
    newest = newest_runs(request.user, code=code)
    shipped = PLAYBOOKS.get(code)
    context = {
        **common(playbook),
        "team": team,
        "own": mine,
        "differs": bool(mine and shipped and mine.based_on != shipped.digest),
        "about": ABOUT[playbook.about],
        "roles": [ROLES[role] for role in playbook.roles],
        "rows": [described(playbook, step) for step in playbook.steps],
        "runs": run_rows(newest, titles(newest)),
        "may_edit": bool(team) and not access.role_objections(request.user, "playbook.set", team),
        "closed": why_not(request.user, "run.start", team) if team else NO_TEAM,
    }
    return render(request, "kb/playbook.html", context)


@prepared
def newest_runs(person: User, *, code: Any) -> QuerySet[Run]:
    runs = Run.objects.visible_to(person).filter(playbook__code=code, confidential=False).order_by("-pk")
    return runs.select_related("team", "playbook").defer("playbook__text")[:FEW]


def found(team: Team | None, code: str) -> Playbook:
    playbook = playbook_for(team, code) if team else PLAYBOOKS.get(code)
    if playbook is None:
        raise Absent("There is no such playbook that you may see.")
    return playbook


def common(playbook: Playbook) -> dict[str, Any]:
    return {
        "playbook": playbook,
        "section": "playbooks",
        "crumbs": [{"word": "Playbooks", "href": reverse("kb:playbooks")}],
    }


def described(playbook: Playbook, step: Step) -> dict[str, Any]:
    roles = [ROLES[role] for role in step.roles]
    when = step.when.said({each.key: each for each in playbook.steps}) if step.when else ""
    return {"step": step, "roles": roles, "after": after(playbook, step), "when": when}


def after(playbook: Playbook, step: Step) -> str:
    """After which steps it comes, where that is not just the one before."""
    numbers = [each.number for each in playbook.steps if each.key in step.after]
    if numbers == [step.number - 1] or (not numbers and step.number == 1):
        return ""
    return f"after {', '.join(map(str, numbers))}" if numbers else "at any time"


@login_required
@require_safe
def figures(request: Signed, code: str) -> HttpResponse:
    """How its runs go, of those that one sees."""
    team = chosen(request.user, request.GET.get("team", ""))
    playbook = found(team, code)
    context = common(playbook)
    context["crumbs"] = [*context["crumbs"], {"word": code, "href": reverse("kb:playbook", args=[code])}]
    if not playbook.confidential:
        measured = measure(request.user, code)
        context |= {"figures": presented.figures(measured, request.user), "cut": measured.cut}
        context["chart"] = presented.drawn(measured.times)
    return render(request, "kb/playbook_figures.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Signed, code: str) -> HttpResponse:
    """Begin a run in one team."""
    subject = request.GET.get("subject", "")[:400]
    team = chosen(request.user, request.GET.get("team", "") or subjects.team(subject))
    if team is None:
        raise Absent(NO_TEAM)
    playbook = found(team, code)
    access.refuse(team, access.role_objections(request.user, "run.start", team))
    form = StartForm(
        posted(request), playbook=playbook, team=team, initial={"subject": subject} if subject else None
    )
    made = form.sent(request, lambda **_: begin(team, form, by=request.user))
    if made is not None:
        messages.success(request, f"Run {made.pk} has begun. Those who have a part in it were told.")
        return redirect("kb:run", made.pk)
    page = reverse("kb:playbook", args=[code])
    context = {**common(playbook), "team": team, "teams": teams_of(request.user), "form": form}
    context["labels"] = labels(request.user, team, playbook.about)
    context["crumbs"] = [*context["crumbs"], {"word": playbook.title, "href": f"{page}?team={team.slug}"}]
    return render(request, "kb/run_start.html", context, status=form.status)


def labels(person: User, team: Team, about: str) -> list[str]:
    """What a run may be about, as it is typed: the newest versions of the team."""
    seen = Version.objects.visible_to(person).filter(artifact__team=team).exclude(submitted_at=None)
    if about in Kind.values:
        seen = seen.filter(artifact__kind=about)
    newest = seen.filter(withdrawn_at=None).select_related("artifact__team").order_by("-submitted_at")
    return [] if about == "team" else [each.label for each in newest[:MOST_LABELS]]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Signed, code: str) -> HttpResponse:
    """The team's own text, and how it differs from what is shipped."""
    team = chosen(request.user, request.GET.get("team", ""))
    if team is None:
        raise Absent(NO_TEAM)
    playbook = found(team, code)
    access.refuse(team, access.role_objections(request.user, "playbook.set", team))
    begun = {"text": playbook.text, "based_on": playbook.digest}
    form = PlaybookForm(posted(request), initial=begun)
    made = form.sent(request, lambda **given: actions.set_playbook(team, code, **given, by=request.user))
    page = f"{reverse('kb:playbook', args=[code])}?team={team.slug}"
    if made is not None:
        messages.success(request, f"{team.slug} works by this text from the next run on.")
        return redirect(page)
    shipped = PLAYBOOKS[code].text if code in PLAYBOOKS else ""
    context = {**common(playbook), "team": team, "form": form}
    context["crumbs"] = [*context["crumbs"], {"word": playbook.title, "href": page}]
    context["changes"] = lines(shipped, playbook.text)
    mine = own(team, code)
    context["since"] = lines(*since) if mine and (since := shipped_since(mine)) else []
    return render(request, "kb/playbook_edit.html", context, status=form.status)


def begin(team: Team, form: StartForm, *, by: User) -> Run:
    given = form.cleaned_data
    return actions.start_run(
        team,
        form.playbook.code,
        subject=given["subject"].strip().strip("/"),
        people=form.people,
        note=given["note"],
        by=by,
    )
