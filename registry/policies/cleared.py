"""Only a model that every check of bytes has cleared is loaded, to be scored."""

from __future__ import annotations

from governance.access import Objection, able, policy
from governance.models import User
from registry.evaluations import fit_to_be_loaded
from registry.models import Version
from registry.presenting.addresses import of_version


@policy("version.evaluate")
def cleared(person: User, version: Version, **_: object) -> Objection | None:
    reason = fit_to_be_loaded(version)
    if not reason:
        return None
    return Objection(
        reason,
        "wait until its checks have finished, or push a version without what they found.",
        who=able(version, "finding.waive", but=version.authors),
        link=of_version(version) if version.is_draft else of_version(version, "findings"),
    )
