"""What can happen to knowledge and to the demo: every write of this app."""

from kb.actions.demo import load_demo, put_away
from kb.actions.runs import (
    accept,
    cancel_run,
    comment,
    hand_over,
    notice,
    pause_run,
    put,
    resume_run,
    start_run,
    waive_step,
)

__all__ = [
    "accept",
    "cancel_run",
    "comment",
    "hand_over",
    "load_demo",
    "notice",
    "pause_run",
    "put",
    "put_away",
    "resume_run",
    "start_run",
    "waive_step",
]
