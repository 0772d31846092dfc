"""How the values of a declared column are written, source by source: masks, and how many are valid.

A mask is a value with its digits as 9 and its letters as a: two sources whose dominant masks differ write the
same thing in two ways. Nothing is repaired: `(00) 555-5555` and `+00 555 5555` are both no telephone numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

KINDS = ("phone", "date", "currency", "country", "unit")
TELEPHONES = "registry.profiles.telephones"
MOST_DIFFERENT = 5_000
MOST_SOURCES = 50
FEWEST_ROWS = 10
LONGEST = 60
CURRENCIES = re.compile(
    r"AED|AFN|ALL|AMD|ANG|AOA|ARS|AUD|AWG|AZN|BAM|BBD|BDT|BGN|BHD|BIF|BMD|BND|BOB|BRL|"
    r"BSD|BTN|BWP|BYN|BZD|CAD|CDF|CHF|CLP|CNY|COP|CRC|CUP|CVE|CZK|DJF|DKK|DOP|DZD|EGP|"
    r"ERN|ETB|EUR|FJD|FKP|GBP|GEL|GHS|GIP|GMD|GNF|GTQ|GYD|HKD|HNL|HTG|HUF|IDR|ILS|INR|"
    r"IQD|IRR|ISK|JMD|JOD|JPY|KES|KGS|KHR|KMF|KPW|KRW|KWD|KYD|KZT|LAK|LBP|LKR|LRD|LSL|"
    r"LYD|MAD|MDL|MGA|MKD|MMK|MNT|MOP|MRU|MUR|MVR|MWK|MXN|MYR|MZN|NAD|NGN|NIO|NOK|NPR|"
    r"NZD|OMR|PAB|PEN|PGK|PHP|PKR|PLN|PYG|QAR|RON|RSD|RUB|RWF|SAR|SBD|SCR|SDG|SEK|SGD|"
    r"SHP|SLE|SOS|SRD|SSP|STN|SVC|SYP|SZL|THB|TJS|TMT|TND|TOP|TRY|TTD|TWD|TZS|UAH|UGX|"
    r"USD|UYU|UZS|VED|VES|VND|VUV|WST|XAF|XCD|XOF|XPF|YER|ZAR|ZMW|ZWG"
)  # ISO 4217
SIGNS = frozenset("€$£¥₹₩₽₺₴₪฿₫₦")
DATES = (
    *("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y%m%d"),
    *("%d-%m-%Y", "%d %b %Y", "%B %d, %Y"),
)
MOMENT = r"^(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$"


def parsed(entry: str) -> tuple[str, str, str]:
    """`mobile: phone DE` → the column, its kind and a region; no kind when it says nothing that is known."""
    column, _, said = entry.rpartition(":")
    kind, _, region = said.strip().partition(" ")
    region = region.strip().upper()
    sound = kind in KINDS and (region == "" or (kind == "phone" and len(region) == 2 and region.isalpha()))
    return column.strip(), kind if sound and column.strip() else "", region


def told(libraries: Callable[[str], Any], sample: Any, declared: dict[str, Any]) -> list[dict[str, Any]]:
    """Of each declared column that is there: rows, how many are valid, and by source the dominant mask."""
    found = []
    for column, kind, region in map(parsed, declared.get("formats") or ()):
        if kind and column in sample.columns and not sample.schema[column].is_nested():
            found.append(of_column(libraries, sample, declared, column, kind, region))
    return found


def of_column(
    libraries: Callable[[str], Any], sample: Any, declared: dict[str, Any], name: str, kind: str, region: str
) -> dict[str, Any]:
    polars = libraries("polars")
    texts = polars.col(name).cast(polars.String).str.strip_chars().alias("text")
    keys = {key: declared.get(key) for key in ("source", "group") if declared.get(key) in sample.columns}
    rows = sample.select(texts, *(polars.col(column).alias(key) for key, column in keys.items()))
    rows = rows.filter(polars.col("text").str.len_chars() > 0)
    values = rows.group_by("text", maintain_order=True).len("rows").head(MOST_DIFFERENT)
    valid = validity(libraries, values.get_column("text"), kind, region)
    result: dict[str, Any] = {
        "column": name,
        "kind": kind,
        "rows": int(values.get_column("rows").sum()),
        "valid": int(values.filter(polars.Series(valid, dtype=polars.Boolean)).get_column("rows").sum()),
    }
    if "source" in keys:
        result["sources"] = dominant(polars, rows, kind)
    if kind == "phone" and "group" in keys:
        result["conflicts"] = conflicts(libraries, rows, values.get_column("text"), region)
    return result


# ------------------------------------------------------------------ masks


def mask(polars: Any, kind: str) -> Any:
    """How a value is written, as an expression: what varies from value to value by itself is left out."""
    text = polars.col("text").str.slice(0, LONGEST)
    if kind == "phone":
        return text.str.replace_all(r"\d", "9").str.replace_all(r"\p{L}", "a")
    if kind == "date":
        text = text.str.replace_all(r"\p{L}+", "a").str.replace_all(r"\d{3,}", "9999")
        return text.str.replace_all(r"\b\d{1,2}\b", "99").str.replace_all(r"\d", "9")
    for _ in range(3):  # separators of thousands
        text = text.str.replace_all(r"(\d)[,.' \u{a0}](\d{3})(\D|$)", "$1$2$3")
    if kind == "unit":
        return text.str.replace_all(r"\d+([.,]\d+)?", "9").str.to_lowercase()
    text = text.str.replace_all(r"\d+", "9")
    return (
        text.str.replace_all(r"\b\p{Lu}{2}\b", "\u0002")
        .str.replace_all(r"\b\p{Lu}{3}\b", "\u0003")
        .str.replace_all(r"\p{L}+(\s+\p{L}+)*", "a")
        .str.replace_all("\u0002", "AA", literal=True)
        .str.replace_all("\u0003", "AAA", literal=True)
    )


def dominant(polars: Any, rows: Any, kind: str) -> list[dict[str, Any]]:
    """By the place of each source: its rows, the mask that most of them have, and how many have it."""
    named = rows.select(
        polars.col("source").cast(polars.String).fill_null("(none)"), mask(polars, kind).alias("mask")
    )
    places = {name: place for place, name in enumerate(sorted(named["source"].unique().to_list()), start=1)}
    counts = named.group_by("source", "mask").len("rows").sort("rows", "mask", descending=[True, False])
    found: dict[str, dict[str, Any]] = {}
    for source, form, number in counts.iter_rows():
        known = found.setdefault(source, {"source": places[source], "mask": form, "share": number, "rows": 0})
        known["rows"] += number
    for known in found.values():
        known["share"] = round(known["share"] / known["rows"], 4)
    return sorted(found.values(), key=lambda each: each["source"])[:MOST_SOURCES]


# ------------------------------------------------------------------ valid


def validity(libraries: Callable[[str], Any], texts: Any, kind: str, region: str) -> list[bool]:
    if kind == "phone":
        plan = libraries(TELEPHONES)
        return [bool(plan.international(text, region)) for text in texts]
    if kind == "country":
        known = libraries(TELEPHONES).REGIONS
        return [text in known for text in texts]
    if kind == "date":
        return dates(libraries("polars"), texts)
    return [(is_money if kind == "currency" else has_unit)(text) for text in texts]


def dates(polars: Any, texts: Any) -> list[bool]:
    days = texts.str.replace(MOMENT, "$1")
    frame = polars.DataFrame({"day": days})
    tried = [polars.col("day").str.to_date(form, strict=False).is_not_null() for form in DATES]
    return [bool(value) for value in frame.select(polars.any_horizontal(tried)).to_series()]


def is_money(text: str) -> bool:
    """A code of ISO 4217 or a sign, with an amount or without."""
    rest = "".join(letter for letter in text if not (letter.isdigit() or letter in " .,'-+\u00a0"))
    return bool(CURRENCIES.fullmatch(rest)) or rest in SIGNS


def has_unit(text: str) -> bool:
    """Something is said beside the number."""
    rest = text.strip("0123456789.,'+- \u00a0")
    return 0 < len(rest) <= 20


def conflicts(libraries: Callable[[str], Any], rows: Any, texts: Any, region: str) -> int:
    """How many groups have several numbers, each valid."""
    polars, plan = libraries("polars"), libraries(TELEPHONES)
    known = {text: plan.international(text, region) for text in texts}
    held = rows.filter(polars.col("text").is_in([text for text, number in known.items() if number]))
    if not held.height:
        return 0
    called = polars.col("text").replace_strict(list(known), list(known.values()), default=None)
    numbers = held.drop_nulls("group").group_by("group").agg(called.n_unique().alias("numbers"))
    return int((numbers.get_column("numbers") > 1).sum())
