"""Looking at the files of runs: by every check for files, in the sandbox, as for any other file. Everything
here may run twice, beside itself, or be killed half-way: what has no outcome is found again by a job."""

from __future__ import annotations

import logging

from governance.alone import alone
from governance.errors import Unavailable
from governance.models import User
from kb import actions, attachments
from kb.models import RunFile
from registry.actions.blobs import holds_blobs

logger = logging.getLogger("steward.checks")

SPACE = 0x57E3A36

holds_blobs(RunFile, "blob")


def look(pk: int) -> bool:
    """Check one of them; False when what it takes is away, and a job will ask again."""
    with alone(SPACE, pk % 2**31) as mine:
        rows = RunFile.objects.waiting().select_related("blob", "run__team", "added_by")
        file = rows.filter(pk=pk).first()
        if not mine or file is None:
            return True
        try:
            outcome, issues = attachments.judged(file)
        except Unavailable as away:
            logger.warning("file %s of a run waits: %s", pk, away.sentence)
            return False
        actions.note_checked(file, outcome, issues, by=User.system())
    return True
