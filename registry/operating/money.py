"""Costs over years in today's money: net present values."""

from __future__ import annotations

from typing import Any

HOURS = 8760
Side = dict[str, Any]


def discounted(yearly: float, rate: float, years: int) -> float:
    """Σ yearly / (1 + rate)ᵗ for t from 1 on."""
    return sum(yearly / (1 + rate) ** year for year in range(1, years + 1))


def on_premises(side: Side, rate: float, years: int) -> float:
    """capex + Σ (kW · PUE · 8760 · price + staff + maintenance) / (1 + r)ᵗ - residual."""
    power = side["kw"] * side["pue"] * HOURS * side["price_per_kwh"]
    yearly = power + side["staff_per_year"] + side["maintenance_per_year"]
    return float(side["capex"] + discounted(yearly, rate, years) - side["residual"])


def cloud(side: Side, rate: float, years: int) -> float:
    """Σ (usage · rate + egress + management) / (1 + r)ᵗ."""
    yearly = side["hours_per_year"] * side["per_hour"] + side["egress_per_year"] + side["management_per_year"]
    return discounted(yearly, rate, years)


def a_year(value: float, rate: float, years: int) -> float:
    """What a present value comes to each year."""
    return value / discounted(1.0, rate, years)


def break_even(here: Side, there: Side, rate: float, years: int) -> float | None:
    """The share of a year from which on a machine of one's own is cheaper than the hour in the cloud."""
    a_whole_year = there["per_hour"] * HOURS
    return a_year(on_premises(here, rate, years), rate, years) / a_whole_year if a_whole_year else None
