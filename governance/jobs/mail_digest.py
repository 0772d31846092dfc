"""Write the daily e-mail of everybody who likes to be told once a day."""

from __future__ import annotations

from governance.mailing import post_digests
from governance.schedule import at
from governance.templatetags.words import counted


@at(hour=7)
def mail_digest() -> str | None:
    number = post_digests()
    return f"Wrote {counted(number, 'daily mail')}." if number else None
