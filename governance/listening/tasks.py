"""A task knows which request asked for it, so that log and trail can be followed from one to the other."""

from __future__ import annotations

from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun

from governance.origin import NOWHERE, Origin, origin

HEADER = "steward_request_id"


@before_task_publish.connect
def hand_on(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None and origin.get().request_id:
        headers[HEADER] = origin.get().request_id


@task_prerun.connect
def take_up(task_id: str, task: Any, **_: Any) -> None:
    origin.set(Origin(request_id=getattr(task.request, HEADER, None) or "", task_id=task_id))


@task_postrun.connect
def let_go(**_: Any) -> None:
    origin.set(NOWHERE)
