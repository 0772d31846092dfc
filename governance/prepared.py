"""Queries that are asked all the time: their SQL is worked out once, afterwards only values change.

Django takes longer to turn a query into SQL than PostgreSQL takes to answer it. So a function writes its
query once, with what is given by name standing for values to come, and is called like any other:

    @prepared
    def pointed_at(person: User, *, alias: Any) -> QuerySet[Version]:
        return Version.objects.visible_to(person).filter(aliases__name=alias)

    pointed_at(person, alias="production")   # a list

What is given by place shapes the query, and the SQL is kept for each shape: a person's is all that
`visible_to` may look at. A list of keys goes behind `__in`, and behind an `exclude` only one that is never
empty. Why so: docs/decisions/0006-kept-sql.md.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import wraps
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet, Value
from django.db.models.expressions import Col, ColPairs
from django.db.models.fields.json import KeyTransform

Params = Sequence[Any]
M = TypeVar("M", bound=Model)
Row = TypeVar("Row")

MOST = 500  # shapes of one query


@dataclass(frozen=True)
class Given:
    """Stands in a query's parameters for the value of this name."""

    name: str


def prepared(write: Callable[..., QuerySet[M, Row]]) -> Callable[..., list[Row]]:
    """Keep the SQL of the query that a function writes."""
    parameters = inspect.signature(write).parameters.values()
    given = {each.name: Value(Given(each.name)) for each in parameters if each.kind is each.KEYWORD_ONLY}
    known: dict[Hashable, tuple[Known[Any, Row], Params]] = {}
    texts: dict[str, Known[Any, Row]] = {}

    @wraps(write)
    def ask(*shape: Any, **values: Any) -> list[Row]:
        key = tuple(getattr(part, "shape", part) for part in shape)
        found = known.get(key)
        if found is None:
            if len(known) >= MOST:
                known.clear()
                texts.clear()
            query, params = known_of(write(*shape, **given))
            found = known[key] = texts.setdefault(query.sql, query), params
        query, params = found
        return query.ask(params, values)

    return ask


def known_of(rows: QuerySet[M, Row]) -> tuple[Known[M, Row], Params]:
    """Its SQL and what is in it for this shape: that of most people differs in nothing else."""
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, params = worked_out(compiler)
    return Known(rows, compiler, sql), params


class Known(Generic[M, Row]):
    """A query whose SQL is known. Of the tree that it was written from nothing is kept but its columns: a
    tree takes up to half a megabyte."""

    def __init__(self, rows: QuerySet[M, Row], compiler: Any, sql: str) -> None:
        self.model, self.iterable = rows.model, rows._iterable_class
        self.fields = cast(Any, rows)._fields
        self.sql = sql
        self.converters = converters(compiler)
        compiler.select = [(slim(column),) for column, *_ in compiler.select or []]
        compiler.query = compiler.where = compiler.having = compiler.qualify = None
        compiler.quote_cache = compiler._meta_ordering = None
        compiler.connection = None  # each thread has its own
        self.compiler = compiler

    def ask(self, params: Params, values: Mapping[str, Any]) -> list[Row]:
        """The rows, with these values."""
        params = [as_told(values[told.name]) if isinstance(told, Given) else told for told in params]
        compiler = copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_, **__: (self.sql, params)
        compiler.get_converters = lambda *_: self.converters
        query = SimpleNamespace(get_compiler=lambda *_, **__: compiler)
        rows: QuerySet[M, Row] = QuerySet(self.model, query, DEFAULT_DB_ALIAS)  # type: ignore[arg-type]
        asked: Any = rows
        asked._fields = self.fields
        return list(cast("Iterable[Row]", self.iterable(asked)))


def worked_out(compiler: Any) -> tuple[str, tuple[Any, ...]]:
    """SQL and parameters; empty for a query that has no rows whatever is in the tables."""
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return "", ()
    if any(isinstance(param, date) for param in params):
        raise TypeError("The moment of the first question would be kept for all others: say Now().")
    return sql, tuple(params)


def converters(compiler: Any) -> dict[int, Any]:
    """By column, what makes a field's value of what the database sends."""
    columns = (compiler.select or [])[: compiler.col_count]
    found: dict[int, Any] = compiler.get_converters([column for column, *_ in columns])
    return {place: (steps, slim(column)) for place, (steps, column) in found.items()}


def slim(column: Any) -> Any:
    """A column as reading a row needs it: of what is worked out only converters count, and they are known."""
    return column if isinstance(column, Col | KeyTransform | ColPairs) else Value(None)


def as_told(value: Any) -> Any:
    """A value as PostgreSQL reads it: keys in brackets, and at least one, since it takes no empty ones."""
    return tuple(value) or (None,) if isinstance(value, list | tuple | set) else value
