"""Send to webhooks what is due: what was lost on the way, and what is tried again."""

from __future__ import annotations

from governance import delivering
from governance.schedule import every


@every(seconds=20)
def send_webhooks() -> None:
    delivering.send_due()
