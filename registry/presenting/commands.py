"""How a program pushes and fetches one artifact: lines to be copied, by the small client and by curl."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from django.urls import reverse

from registry.models import Alias, Artifact, Kind, Version
from registry.models.gates import gates_of
from registry.presenting.addresses import of_api
from registry.records import RecordKind

EXAMPLES = {"model": "model.pkl", "dataset": "data.csv", "asset": "report.md"}


def commands(
    server: str, artifact: Artifact, versions: Sequence[Version], aliases: Sequence[Alias]
) -> dict[str, str]:
    """`server` is its own address as the person reached it; the newest version comes first."""
    held = {alias.name: alias.version for alias in aliases}
    alias = next((name for name in [*reversed(gates_of(artifact.team)), *held] if name in held), "")
    newest = next(iter(versions), None)
    return {
        "push": f"STEWARD_URL={server} {push(artifact)}",
        "pull": f"STEWARD_URL={server} {pull(artifact, newest, alias)}",
        "pipeline": pipeline(server, artifact),
        "python": python(server, artifact, newest, alias),
        "curl_push": curl_push(server, artifact, newest.number + 1 if newest else 1),
        "curl_fetch": curl_fetch(server, artifact, held.get(alias, newest), alias),
    }


# ------------------------------------------------------------------ by the small client


def push(artifact: Artifact) -> str:
    kind = "" if artifact.kind == Kind.MODEL else f" --kind {artifact.kind}"
    name = f"{artifact.team.slug}/{artifact.name}"
    return f"python3 steward.py push {name} {EXAMPLES[artifact.kind]}{kind} --wait"


def pull(artifact: Artifact, newest: Version | None, alias: str) -> str:
    """By an alias; before there is one, by number."""
    kind = "" if artifact.kind == Kind.MODEL else f"{artifact.kind}:"
    frozen = newest is not None and not newest.is_draft and not alias
    which = f":{newest.number}" if newest and frozen else f"@{alias or 'production'}"
    name = f"{artifact.team.slug}/{artifact.name}"
    return f"python3 steward.py pull {kind}{name}{which} {artifact.name}/"


def pipeline(server: str, artifact: Artifact) -> str:
    """Three lines for a pipeline, whose last one is its verdict."""
    return "\n".join(
        [
            f"curl -fsSO {server}{reverse('registry:client')}",
            f"export STEWARD_URL={server}  # STEWARD_TOKEN is a secret of the pipeline",
            push(artifact),
        ]
    )


def python(server: str, artifact: Artifact, newest: Version | None, alias: str) -> str:
    """The same client as a module, beside the program that takes it."""
    reference, folder = pull(artifact, newest, alias).split()[-2:]
    return "\n".join(
        [
            "# steward.py lies beside this program; the token is in STEWARD_TOKEN",
            "import os, steward",
            "",
            f'os.environ["STEWARD_URL"] = "{server}"',
            f'folder = steward.pull("{reference}", "{folder}")',
        ]
    )


# ------------------------------------------------------------------ by curl


def curl_push(server: str, artifact: Artifact, number: int) -> str:
    """Begin, upload, submit: three requests."""
    path = EXAMPLES[artifact.kind]
    return "\n".join(
        [
            f"versions={server}{of_api(artifact.label)}/versions",
            'sign="Authorization: Bearer $STEWARD_TOKEN"',
            'curl -H "$sign" -H "Content-Type: application/json" -d "{}" $versions/',
            f'curl -H "$sign" -T {path} $versions/{number}/files/{path}',
            f'curl -H "$sign" -X POST $versions/{number}/submit',
        ]
    )


def curl_declare(server: str, version: Version, kind: RecordKind) -> str:
    """A record of a kind, as its example has it."""
    body = json.dumps({"kind": kind.name, "data": kind.example}, indent=1, ensure_ascii=False)
    return "\n".join(
        [
            'curl -H "Authorization: Bearer $STEWARD_TOKEN" -H "Content-Type: application/json" \\',
            f"  {server}{of_api(version.label)}/records/ -d @- <<'RECORD'",
            body,
            "RECORD",
        ]
    )


def curl_fetch(server: str, artifact: Artifact, version: Version | None, alias: str) -> str:
    """By alias where there is one, so that the command stays the same when the version moves."""
    file = version.files.first() if version else None
    below = f"aliases/{alias}" if alias else f"versions/{version.number if version else 1}"
    path = quote(file.path) if file else EXAMPLES[artifact.kind]
    sign = '-H "Authorization: Bearer $STEWARD_TOKEN"'
    return f"curl {sign} -O \\\n  {server}{of_api(artifact.label)}/{below}/files/{path}"
