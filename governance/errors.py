"""What can go wrong, as sentences: one class per HTTP status, shown alike by pages and API."""

from __future__ import annotations

from typing import Any, ClassVar


class Problem(Exception):
    """A refusal that the reader can act on. `sentence` is what the page and the API show."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, sentence: str, **details: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details


class Invalid(Problem):
    """What was sent is malformed. `errors` may name the fields: {field: [sentence, …]}."""

    status = 400
    title = "Not understood"


class Denied(Problem):
    """A role or a policy says no. `details["objections"]` holds every reason."""

    status = 403
    title = "Refused"
    subject: object = None
    """What it was about, for the record: an approval is refused about its version."""


class Unconfirmed(Problem):
    """The sign-in is some time ago, and this matters: one says again who one is, and goes on."""

    status = 403
    title = "Confirm that it is you"


class Absent(Problem):
    """It does not exist, or this person may not know that it does."""

    status = 404
    title = "Not found"


class Conflict(Problem):
    """The thing is not in a state in which this can happen."""

    status = 409
    title = "Not possible now"


class LengthRequired(Problem):
    """A body without an announced length: a cut one would look complete."""

    status = 411
    title = "Length required"


class TooLarge(Problem):
    """More than this place accepts."""

    status = 413
    title = "Too large"


class TooMany(Problem):
    """Too often within a while. `details["retry_after"]` says how many seconds to wait."""

    status = 429
    title = "Too often"


class Unavailable(Problem):
    """A named part is away; the same request works again when it is back."""

    status = 503
    title = "A part is away"


DATABASE_AWAY = "The database is away. Nothing was changed; try again in a moment."


class Full(Problem):
    """The disk is full; nothing of what was sent has been kept."""

    status = 507
    title = "No space left"
