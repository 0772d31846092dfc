"""What a gate asks: how many approvals an alias needs, and what evidence an approval binds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from governance.access import Objection, listed, policies
from governance.actions import evidence_digest
from governance.errors import Conflict, Invalid
from governance.models import Approval, User, Vote
from governance.once import once
from governance.policies import other_person
from governance.prepared import prepared
from registry.checks import for_kind
from registry.models import Finding, Kind, Severity, Version, Waiver
from registry.models.contracts import contract_of
from registry.models.gates import Gate, gates_of, thresholds_of
from registry.models.names import CHECK
from registry.presenting.addresses import of_version

BY_ITSELF = "Steward, by itself"
USUAL = Gate()
WORDS = {severity.value: severity.label for severity in Severity}


def draft_says(version: Version) -> str:
    """Why a draft passes no gate."""
    return f"Version {version.number} is a draft: submit it first."


def draft_objection(version: Version) -> Objection:
    """The same with its cure."""
    cure, who = "who began it submits it.", str(version.added_by)
    return Objection(draft_says(version), cure, "draft", who, of_version(version))


def can_be_approved(version: Version, alias: str) -> None:
    """Only what is frozen, and only for an alias that has a gate."""
    gates = gates_of(version.team)
    if alias not in gates:
        no_gate = f"An approval is for {listed(list(gates))}: no other alias has a gate."
        raise Invalid(no_gate, errors={"alias": [no_gate]})
    if version.is_draft:
        raise Conflict(draft_says(version))


def approvals_needed(version: Version, alias: str) -> int:
    """None for an alias without a gate."""
    gate = gates_of(version.team).get(alias)
    return gate.approvals if gate else 0


def approvers(version: Version, alias: str) -> tuple[str, ...]:
    """The roles whose yes counts."""
    return gates_of(version.team).get(alias, USUAL).approvers


def required_checks(version: Version, alias: str) -> list[str]:
    """The names of the checks that have to have passed before a version takes an alias."""
    asked = gates_of(version.team).get(alias, USUAL)
    return sorted(check.name for check in for_kind(version.artifact.kind) if asked.requires(check.name))


def by_itself(version: Version, alias: str) -> dict[str, bool]:
    """Whether a yes promotes: said only where it does, so that what was signed before stays as it was."""
    gate = gates_of(version.team).get(alias)
    return {"by_itself": True} if gate and gate.by_itself else {}


def other_approvers(version: Version, alias: str) -> dict[str, list[str]]:
    """Whose yes counts, in the same way: only where it is not that of stewards alone."""
    found = approvers(version, alias)
    return {"approvers": sorted(found)} if found != USUAL.approvers else {}


def licences(version: Version, alias: str) -> dict[str, list[str]]:
    """The licences that it takes, in the same way: only where it does not take any."""
    found = gates_of(version.team).get(alias, USUAL).licences
    return {"licences": sorted(found)} if found else {}


def signed(version: Version, alias: str) -> dict[str, bool]:
    """Whether it asks for a signature, in the same way."""
    return {"signed": True} if gates_of(version.team).get(alias, USUAL).signed else {}


def run(version: Version, alias: str) -> dict[str, str]:
    """Of which playbook a finished run is needed, in the same way."""
    found = gates_of(version.team).get(alias, USUAL).run
    return {"run": found} if found else {}


def card(version: Version, alias: str) -> dict[str, list[str]]:
    """The headings that it asks for, in the same way."""
    found = gates_of(version.team).get(alias, USUAL).card
    return {"card": sorted(found)} if found else {}


def thresholds(version: Version) -> dict[str, list[str]]:
    """By what the team judges otherwise than usual, in the same way."""
    found = thresholds_of(version.team)
    return {"thresholds": [f"{name} {value:g}" for name, value in sorted(found.items())]} if found else {}


def licence(version: Version, alias: str) -> dict[str, str]:
    """Its own, where the gate looks at it: who owns the artifact may say another one after the yes."""
    return {"licence": version.artifact.licence} if licences(version, alias) else {}


def contract(version: Version) -> dict[str, int]:
    """The contract that its tables were held against, in the same way: only where there is one."""
    found = contract_of(version.artifact) if version.artifact.kind == Kind.DATASET else None
    return {"contract": found.number} if found else {}


@once
def evidence(version: Version, alias: str) -> dict[str, Any]:
    """Bytes, open findings, waivers in force and the policy: everything a yes depends on."""
    open_findings = open_now(version=version.pk)
    covered = {(found.check_name, found.path, found.name) for found in open_findings}
    waivers = accepted(artifact=version.artifact_id, authors=version.authors)
    return {
        "version": f"{version.artifact.first_label}/versions/{version.number}",
        "digest": version.digest,
        "alias": alias,
        "findings": [
            [found.check_name, found.path, found.name, WORDS[found.severity]] for found in open_findings
        ],
        "waivers": [
            [waiver.pk, *key]
            for waiver in waivers
            if (key := (waiver.check_name, waiver.path, waiver.name)) in covered
        ],
        **names_known(version, open_findings),
        **licence(version, alias),
        **contract(version),
        "policy": {
            "approvals": approvals_needed(version, alias),
            **by_itself(version, alias),
            **other_approvers(version, alias),
            **licences(version, alias),
            **signed(version, alias),
            **run(version, alias),
            **card(version, alias),
            **thresholds(version),
            "checks": required_checks(version, alias),
            "policies": sorted(set(policies("version.promote"))),
        },
    }


@prepared
def open_now(*, version: Any) -> QuerySet[Finding, Any]:
    """Of each what a yes depends on: there may be 5,000, and as objects they take three times as long."""
    found = Finding.objects.filter(version=version).open().order_by("check_name", "path", "name")
    return found.values_list("check_name", "path", "name", "severity", named=True)


@prepared
def accepted(*, artifact: Any, authors: Any) -> QuerySet[Waiver]:
    return Waiver.objects.in_force().filter(artifact=artifact).exclude(by__in=authors).order_by("pk")


def names_known(version: Version, found: Iterable[Any]) -> dict[str, list[str]]:
    """The team's own names among what is open: said only where there are any, as `by_itself` is."""
    unknown = [each.name for each in found if each.check_name == CHECK and each.severity == Severity.HIGH]
    known = version.team.known_names.in_force().filter(name__in=unknown).exclude(added_by__in=version.authors)
    names = sorted(known.values_list("name", flat=True)) if unknown else []
    return {"names": names} if names else {}


def counting(approval: Approval, version: Version) -> list[Vote]:
    """The yeses that count: of people who have the role today, not authors, and not made by who asked."""
    written_by = version.authors
    return [
        vote
        for vote in yeses(approval=approval.pk)
        if not vote.by.counts_as & written_by and still_counts(vote.by, approval)
    ]


@prepared
def yeses(*, approval: Any) -> QuerySet[Vote]:
    return Vote.objects.filter(approval=approval, yes=True).select_related("by")


def still_counts(person: User, approval: Approval) -> bool:
    holds = person.memberships.filter(team=approval.team_id, role__in=approval.by_roles).exists()
    return person.is_active and holds and other_person.objection(person, approval) is None


def requests(version: Version, now: dict[str, Any]) -> list[Approval]:
    """The open requests about exactly this evidence."""
    return open_requests(subject=version.label, alias=now["alias"], digest=evidence_digest(now))


@prepared
def open_requests(*, subject: Any, alias: Any, digest: Any) -> QuerySet[Approval]:
    return Approval.objects.open().filter(subject=subject, alias=alias, digest=digest)


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What became different between two pieces of evidence, as sentences."""
    said = {
        "digest": "The files are not the ones that were signed.",
        "findings": "The open findings are not the ones that were signed.",
        "waivers": "The waivers in force are not the ones that were signed.",
        "names": "The names that the team knows are not the ones that were signed.",
        "contract": "The contract is not the one that was signed.",
        "licence": "The licence is not the one that was signed.",
        "policy": "The gate asks for something else than when it was signed.",
    }
    return [sentence for name, sentence in said.items() if before.get(name) != after.get(name)]
