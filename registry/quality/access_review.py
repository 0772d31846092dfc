"""Whether those who have rights in a team still should: leavers, rights that nobody uses, second factors."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Estate, Needs, quality
from registry.quality.ownership_coverage import named

PRIVILEGED = ("steward",)
UNUSED, PRIVILEGED_DAYS, OTHER_DAYS = 90, 90, 365


@quality(
    "Review of access",
    "nobody whose account is closed holds a role (high); stewards have a second factor (medium); who holds "
    "more than the role of a reader did something in the last 90 days (low: people decide whether to take it "
    "away); roles were given in the last 90 days to stewards, in the last 365 to others (low)",
    "NIST SP 800-53 AC-2, AC-5, AC-6; SOC 2 CC6; the times are our own",
    about="team",
)
def run(estate: Estate) -> Iterator[Issue | Needs]:
    if not estate.members:
        yield Needs("somebody who holds a role")
    left = [each.name for each in estate.members if not each.active]
    if left:
        yield Issue(
            "high", f"{named(left)}: the account is closed and holds a role. Take it away.", "leavers"
        )
    active = [each for each in estate.members if each.active]
    weak = [each.name for each in active if set(each.roles) & set(PRIVILEGED) and not each.factor]
    if weak:
        yield Issue("medium", f"{named(weak)}: a steward without a second factor. Ask for one.", "factor")
    idle = [
        each.name
        for each in active
        if set(each.roles) - {"reader"} and each.days >= UNUSED and not each.at_work
    ]
    if idle:
        text = f"{named(idle)}: did nothing here for {UNUSED} days. See whether the roles are needed."
        yield Issue("low", text, "unused")
    old = [each.name for each in active if each.days >= days(each.roles) and each.name not in idle]
    if old:
        text = f"{named(old)}: the roles were given long ago and not confirmed since. Look at them again."
        yield Issue("low", text, "old")


def days(roles: tuple[str, ...]) -> int:
    return PRIVILEGED_DAYS if set(roles) & set(PRIVILEGED) else OTHER_DAYS
