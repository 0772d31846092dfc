"""What became of each clause: met, broken, worth a look, or not evaluated, which is never a pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

from registry.contracts.clauses import COUNTED, Clause, clauses

State = Literal["met", "broken", "look", "not evaluated", "stated"]
Profile = dict[str, Any]
A_LOOK, TOO_MANY = 0.05, 0.2
"""Shares of missing values where a contract does not say how many it takes; ours."""
MOST_NAMED = 5
A_DAY = timedelta(days=1)
MEASURED_SINCE = "rows counted since the contract was made: check the version again"
BROKEN = {
    "least": "{rows} of {column} lie below {bound}.",
    "most": "{rows} of {column} lie above {bound}.",
    "values": "{rows} of {column} hold something else than the {bound} values of the contract.",
    "pattern": "{rows} of {column} do not fit the pattern of the contract.",
    "longest": "{rows} of {column} are longer than {bound} characters.",
    "key": "{rows} lack {column} or repeat it: it is a key in the contract.",
}
TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date",
    "time": "a time",
    "text": "a text",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a table is judged by beside its profile: when its version was frozen, and of how many it says that
    it comes from them."""

    frozen_at: datetime | None = None
    parents: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one clause. `rows` break it, of `of`; `said` is a sentence, or what is needed."""

    clause: Clause
    state: State
    said: str = ""
    rows: int | None = None
    of: int | None = None


def outcomes(table: dict[str, Any], profile: Profile, seen: Seen) -> Iterator[Outcome]:
    known = {column["name"]: column for column in profile["columns"]}
    for clause in clauses(table):
        if clause.kind in OF_THE_TABLE:
            yield OF_THE_TABLE[clause.kind](clause, profile, seen)
        elif absent := [name for name in clause.columns if name not in known]:
            yield from of_absent(clause, absent, profile)
        elif clause.kind in COUNTED:
            yield counted(clause, profile)
        elif clause.kind == "missing":
            yield missing(clause, known[clause.column], profile["rows"])
        else:
            yield Outcome(clause, "stated" if clause.kind == "unit" else "met")


def of_absent(clause: Clause, absent: list[str], profile: Profile) -> Iterator[Outcome]:
    """A column that is not there breaks one clause, and the others have nothing to look at."""
    if profile["width"] > len(profile["columns"]):
        yield Outcome(clause, "not evaluated", f"a table of at most {len(profile['columns']):,} columns")
    elif clause.kind == "present" and clause.bound:
        text = f"{clause.column} is not there: the contract asks for it."
        yield Outcome(clause, "broken", text)
    elif clause.kind == "present":
        yield Outcome(clause, "met")
    elif clause.kind == "key":
        yield Outcome(clause, "not evaluated", f"the column {absent[0]}")


def counted(clause: Clause, profile: Profile) -> Outcome:
    rows, of = (profile.get("clauses") or {}).get(clause.key), profile["rows"]
    if rows is None:
        return Outcome(clause, "not evaluated", MEASURED_SINCE)
    if not rows:
        return Outcome(clause, "met", rows=0, of=of)
    return Outcome(clause, "broken", broken(clause, rows, of), rows, of)


def broken(clause: Clause, rows: int, of: int) -> str:
    some = f"{rows:,} of {of:,} rows"
    if clause.kind == "type":
        return f"{some} of {clause.column} are not {TYPES[clause.type]}."
    bound = f"{len(clause.bound):,}" if clause.kind == "values" else clause.bound
    return BROKEN[clause.kind].format(rows=some, column=", ".join(clause.columns), bound=bound)


def missing(clause: Clause, column: dict[str, Any], of: int) -> Outcome:
    rows = column["missing"]
    share = rows / of if of else 0.0
    said = f"{clause.column} is missing in {rows:,} of {of:,} rows ({100 * share:.3g} %)"
    if clause.bound is None:
        state: State = "broken" if share > TOO_MANY else "look" if share > A_LOOK else "met"
        limit = TOO_MANY if share > TOO_MANY else A_LOOK
        said += f": more than {100 * limit:.0f} %, and the contract does not say how many it takes."
    else:
        state = "broken" if share > clause.bound else "met"
        said += f": the contract takes {100 * clause.bound:.3g} %."
    return Outcome(clause, state, "" if state == "met" else said, rows, of)


# ------------------------------------------------------------------ of the whole table


def rows(clause: Clause, profile: Profile, seen: Seen) -> Outcome:
    number, least, most = profile["rows"], clause.bound.get("least"), clause.bound.get("most")
    if profile.get("measured"):
        return Outcome(clause, "not evaluated", f"all rows: measured were {profile['measured']}")
    said = ""
    if least is not None and number < least:
        said = f"There are {number:,} rows: the contract asks for {least:,} or more."
    if most is not None and number > most:
        said = f"There are {number:,} rows: the contract takes {most:,} at most."
    return Outcome(clause, "broken" if said else "met", said, of=number)


def others(clause: Clause, profile: Profile, seen: Seen) -> Outcome:
    more = [column["name"] for column in profile["columns"] if column["name"] not in set(clause.bound)]
    if not more:
        return Outcome(clause, "met")
    left = f" and {len(more) - MOST_NAMED:,} more" if len(more) > MOST_NAMED else ""
    return Outcome(clause, "broken", f"Not in the contract: {', '.join(more[:MOST_NAMED])}{left}.")


def upstream(clause: Clause, profile: Profile, seen: Seen) -> Outcome:
    if seen.parents is None:
        return Outcome(clause, "not evaluated", "to know what the version comes from")
    if seen.parents:
        return Outcome(clause, "met")
    return Outcome(clause, "broken", "The version does not say what it comes from: the contract asks for it.")


def freshness(clause: Clause, profile: Profile, seen: Seen) -> Outcome:
    """From the end of the newest day, or the newest moment, to when the version was frozen."""
    name, hours = clause.column, clause.bound["hours"]
    newest = next((moment(each.get("most")) for each in profile["columns"] if each["name"] == name), None)
    if newest is None or seen.frozen_at is None:
        return Outcome(clause, "not evaluated", f"a column {name} of dates or times")
    lag = (seen.frozen_at - newest) / timedelta(hours=1)
    if lag > hours:
        said = f"The newest {name} is {lag:,.0f} h older than the version: the contract takes {hours:g} h."
        return Outcome(clause, "broken", said)
    if newest - seen.frozen_at > A_DAY:
        return Outcome(clause, "look", f"The newest {name} lies after the version was frozen.")
    return Outcome(clause, "met")


def moment(text: str | None) -> datetime | None:
    """A day ends where the next one begins; without a zone it is taken for UTC."""
    try:
        found = datetime.fromisoformat(text or "")
        if len(text or "") == 10:
            found = datetime.combine(found.date(), time()) + A_DAY
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


OF_THE_TABLE: dict[str, Callable[[Clause, Profile, Seen], Outcome]] = {
    "rows": rows,
    "others": others,
    "upstream": upstream,
    "freshness": freshness,
}
