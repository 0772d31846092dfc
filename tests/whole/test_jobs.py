"""Jobs on the running system: by the clock, by hand, and after the scheduler and the worker were killed."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.whole.stack import Person, Stack

pytestmark = pytest.mark.slow


def wait_for(look: Callable[[], Any], seconds: float = 60) -> Any:
    until = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.5)
    assert found
    return found


def good_run(admin: Person, job: str, after: str = "") -> dict[str, Any] | None:
    """The newest run that ended well and was due later."""
    runs = admin.get(f"jobs/{job}/runs/").json()["results"]
    return next((run for run in runs if run["state"] == "done" and run["due_at"] > after), None)


def test_a_job_runs_by_the_clock_again_and_again(admin: Person) -> None:
    first = wait_for(lambda: good_run(admin, "overdue_checks"))
    second = wait_for(lambda: good_run(admin, "overdue_checks", first["due_at"]))

    assert (first["asked_by"], second["asked_by"], second["attempt"]) == (None, None, 1)


def test_a_nightly_job_waits_for_its_first_night(admin: Person) -> None:
    (run,) = wait_for(lambda: admin.get("jobs/trim_job_runs/runs/").json()["results"])

    assert (run["state"], run["said"]) == ("skipped", "It is new: its first turn is the next one.")


def test_a_job_runs_when_it_is_asked_to_and_that_is_on_the_record(admin: Person) -> None:
    asked = admin.post("jobs/weekly_review/run")
    run = wait_for(lambda: good_run(admin, "weekly_review"), 20)

    events = admin.get("events/", params={"subject": "jobs/weekly_review"}).json()["results"]
    assert (asked.status_code, run["id"], run["asked_by"]) == (202, asked.json()["id"], "admin")
    assert [(event["action"], event["actor"]) for event in events] == [
        ("job.end", "system"),
        ("job.run", "admin"),
    ]


@pytest.mark.parametrize("part", [r"\[celery beat", r"\[celeryd: "])
def test_jobs_go_on_after_a_part_was_killed(stack: Stack, admin: Person, part: str) -> None:
    before = wait_for(lambda: good_run(admin, "overdue_checks"))
    for process in stack.processes(part):
        os.kill(process, signal.SIGKILL)

    after = wait_for(lambda: good_run(admin, "overdue_checks", before["due_at"]), 90)

    assert after["state"] == "done"


def test_readyz_tells_that_all_jobs_are_well(stack: Stack) -> None:
    found = requests.get(f"{stack.url}/readyz", timeout=5).json()["parts"]

    assert found["jobs"] == {"ok": True, "says": ""}


@pytest.mark.parametrize("part", [r"steward: web server worker", r"\[celeryd: ", r"\[celery beat"])
def test_parts_share_what_they_have_loaded(stack: Stack, part: str) -> None:
    (process,) = stack.processes(part)
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    held, share = (int(re.findall(rf"^{name}:\s+(\d+) kB", rollup, re.M)[0]) for name in ("Rss", "Pss"))

    assert share < 0.75 * held
