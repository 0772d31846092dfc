"""Tests of two shares, and of how requests were split, without a library: the web server judges, too."""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist

from registry.evaluating.chances import chi_square_beyond

NORMAL = NormalDist()


def no_worse(errors: int, requests: int, other_errors: int, other_requests: int, margin: float) -> float:
    """The p-value of the one-sided z test that the share of errors is `margin` or more above the other one:
    small where it is shown to be no worse. The standard error is of shares with one error and one success
    more (Agresti and Caffo 2000): without any error it would be zero, and ten requests would prove
    everything."""
    difference = errors / requests - other_errors / other_requests
    one, other = (errors + 1) / (requests + 2), (other_errors + 1) / (other_requests + 2)
    error = sqrt(one * (1 - one) / (requests + 2) + other * (1 - other) / (other_requests + 2))
    if not error:  # of more requests than a float tells apart
        return float(difference >= margin)
    return NORMAL.cdf((difference - margin) / error)


def split_as_planned(units: int, other_units: int, planned_share: float) -> float:
    """The p-value of chi-square that units were split by the planned share: the test for a mismatch of the
    sample ratio (Fabijan and others 2019)."""
    total = units + other_units
    expected = total * planned_share, total * (1 - planned_share)
    value = sum((got - want) ** 2 / want for got, want in zip((units, other_units), expected, strict=True))
    return chi_square_beyond(value, 1)


def two_shares(successes: int, units: int, other_successes: int, other_units: int) -> tuple[float, float]:
    """z of the difference of two shares, pooled, and its two-sided p-value; nothing differs where all are
    alike."""
    pooled = (successes + other_successes) / (units + other_units)
    error = sqrt(pooled * (1 - pooled) * (1 / units + 1 / other_units))
    if not error:
        return 0.0, 1.0
    z = (successes / units - other_successes / other_units) / error
    return z, 2 * NORMAL.cdf(-abs(z))


def units_needed(share: float, difference: float, alpha: float, power: float) -> int | None:
    """Units of each side by which a two-sided test at `alpha` finds a difference from this share with this
    power (Fleiss, Levin and Paik 2003, 4.14); nothing where no such share exists."""
    other = share + difference if share + difference < 1 else share - difference
    if not 0 < other < 1 or not difference:
        return None
    middle = (share + other) / 2
    reach = NORMAL.inv_cdf(1 - alpha / 2) * sqrt(2 * middle * (1 - middle))
    reach += NORMAL.inv_cdf(power) * sqrt(share * (1 - share) + other * (1 - other))
    return ceil((reach / difference) ** 2)
