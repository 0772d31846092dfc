"""What can happen to artifacts: every write of this app."""

from registry.actions.aliases import move_alias, promote, roll_back
from registry.actions.archiving import archive, unarchive
from registry.actions.artifacts import add_artifact, edit_artifact
from registry.actions.bin import delete_artifact, delete_draft, purge, restore
from registry.actions.contracts import set_contract
from registry.actions.declarations import declare
from registry.actions.evaluations import evaluate
from registry.actions.findings import waive, waive_all
from registry.actions.follows import follow, unfollow
from registry.actions.gates import confirm_gates, reject_gates, request_gates
from registry.actions.grants import (
    announce_end_of_grant,
    approve_grant,
    end_grant,
    expire_grant,
    open_dataset,
    reject_grant,
    request_grant,
    restrict,
)
from registry.actions.holds import hold, release_hold
from registry.actions.incidents import derive_incidents
from registry.actions.names import add_name, end_name
from registry.actions.pushing import add_held_files, add_version_once
from registry.actions.records import add_record, right_to_declare, withdraw_record
from registry.actions.renaming import rename
from registry.actions.several import archive_several, follow_several, tag_several
from registry.actions.signing import add_signing_key, end_signing_key
from registry.actions.triage import triage
from registry.actions.uploading import begin_upload, drop_upload, expect_part, finish_upload, keep_part
from registry.actions.use import download, download_all, look, look_at_all, preview
from registry.actions.versions import add_file, add_version, expect_file, recheck, remove_file, submit
from registry.actions.waivers import announce_end, end_waiver
from registry.actions.withdrawing import reinstate, withdraw

__all__ = [
    "add_artifact",
    "add_file",
    "add_held_files",
    "add_name",
    "add_record",
    "add_signing_key",
    "add_version",
    "add_version_once",
    "announce_end",
    "announce_end_of_grant",
    "approve_grant",
    "archive",
    "archive_several",
    "begin_upload",
    "confirm_gates",
    "declare",
    "delete_artifact",
    "delete_draft",
    "derive_incidents",
    "download",
    "download_all",
    "drop_upload",
    "edit_artifact",
    "end_grant",
    "end_name",
    "end_signing_key",
    "end_waiver",
    "evaluate",
    "expect_file",
    "expect_part",
    "expire_grant",
    "finish_upload",
    "follow",
    "follow_several",
    "hold",
    "keep_part",
    "look",
    "look_at_all",
    "move_alias",
    "open_dataset",
    "preview",
    "promote",
    "purge",
    "recheck",
    "reinstate",
    "reject_gates",
    "reject_grant",
    "release_hold",
    "remove_file",
    "rename",
    "request_gates",
    "request_grant",
    "restore",
    "restrict",
    "right_to_declare",
    "roll_back",
    "set_contract",
    "submit",
    "tag_several",
    "triage",
    "unarchive",
    "unfollow",
    "waive",
    "waive_all",
    "withdraw",
    "withdraw_record",
]
