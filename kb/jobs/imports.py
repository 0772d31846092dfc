"""Go on with zips of Markdown that a worker left half-way: a queue may lose messages, rows do not."""

from __future__ import annotations

from governance.schedule import every
from governance.templatetags.words import counted
from kb import actions, tasks
from kb.models import Import

SECONDS = 60


@every(seconds=SECONDS)
def imports() -> str | None:
    if Import.objects.to_read().exists() or Import.objects.to_take().exists():
        tasks.take_imports.apply_async(expires=SECONDS)
    gone = actions.forget_imports()
    return f"Forgot {counted(gone, 'zip')} that nobody took in." if gone else None
