"""Storing one thing by the rules of its own model."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from governance.errors import Conflict, Invalid

M = TypeVar("M", bound=models.Model)


def cleaned(thing: M) -> M:
    """Validate by the model's own rules: `Invalid` names the fields."""
    try:
        thing.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), errors=error.message_dict) from error
    return thing


def saved(thing: M) -> M:
    """Validate and insert; a twin is a `Conflict`."""
    cleaned(thing)
    try:
        with transaction.atomic():
            thing.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(f"There is already a {thing._meta.verbose_name} like this one.") from error
    return thing
