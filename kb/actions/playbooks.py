"""A team changes its own copy of a playbook."""

from __future__ import annotations

from governance import access, audit
from governance.actions import saved
from governance.audit import action
from governance.errors import Absent, Conflict, Invalid
from governance.models import Team, User
from kb.models import PlaybookVersion
from kb.playbooks import PLAYBOOKS, new
from kb.shelf import kept, own


@action("playbook.set")
def set_playbook(
    team: Team, code: str, text: str, *, based_on: str, note: str = "", by: User
) -> PlaybookVersion:
    """Work by another text from the next run on; `based_on` is the digest of the one that was changed. Runs
    that have begun go on by theirs."""
    team = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    access.check(by, "playbook.set", team, code=code)
    shipped = PLAYBOOKS.get(code)
    if shipped is None:
        raise Absent(f"There is no playbook {code[:20]}.")
    mine = own(team, code)
    now = mine.digest if mine else shipped.digest
    if based_on != now:
        raise Conflict("Somebody has changed it since you began. Load the page again and put your change in.")
    text = text.replace("\r\n", "\n").strip() + "\n"
    found = new(text)
    if found.code != code:
        refuse(f"Its code stays {code}.")
    if (found.confidential, found.about) != (shipped.confidential, shipped.about):
        refuse("What it is about, and whether it is in confidence, stays as it is shipped.")
    if found.digest == now:
        raise Conflict("This is how it is already: nothing would change.")
    number = mine.number + 1 if mine else 1
    row = PlaybookVersion(team=team, code=code, number=number, text=text, digest=found.digest, by=by)
    row.based_on, row.note = kept(shipped).digest, note
    row = saved(row)
    audit.record(
        "playbook.set", row, by=by, reason=note, before={"digest": now}, after={"digest": row.digest}
    )
    return row


def refuse(sentence: str) -> None:
    raise Invalid(sentence, errors={"text": [sentence]})
