"""What exists: artifacts, versions and their files, blobs, aliases, what checks found."""

from registry.models.aliases import Alias, Move
from registry.models.artifacts import KINDS, Artifact, Kind
from registry.models.bin import Deletion
from registry.models.blobs import Blob
from registry.models.canaries import CanaryRound
from registry.models.contracts import Contract
from registry.models.declarations import Declaration
from registry.models.evaluations import Evaluation
from registry.models.findings import CheckResult, Finding, Severity, Waiver
from registry.models.follows import Follow
from registry.models.former_names import FormerName
from registry.models.gates import Gate, GateRequest, GateSettings
from registry.models.grants import Grant, Restriction
from registry.models.incidents import Incident
from registry.models.inspections import Inspection
from registry.models.names import KnownName
from registry.models.profiles import Profile
from registry.models.records import Record
from registry.models.signing import Signature, SigningKey
from registry.models.triage import Triage
from registry.models.uploads import Part, Upload
from registry.models.versions import File, Link, Version

__all__ = [
    "KINDS",
    "Alias",
    "Artifact",
    "Blob",
    "CanaryRound",
    "CheckResult",
    "Contract",
    "Declaration",
    "Deletion",
    "Evaluation",
    "File",
    "Finding",
    "Follow",
    "FormerName",
    "Gate",
    "GateRequest",
    "GateSettings",
    "Grant",
    "Incident",
    "Inspection",
    "Kind",
    "KnownName",
    "Link",
    "Move",
    "Part",
    "Profile",
    "Record",
    "Restriction",
    "Severity",
    "Signature",
    "SigningKey",
    "Triage",
    "Upload",
    "Version",
    "Waiver",
]
