"""Send e-mails that are due: those whose message was lost, and those that are tried again."""

from __future__ import annotations

from governance import mailing
from governance.schedule import every


@every(seconds=20)
def send_mails() -> None:
    mailing.send_due()
