"""What can happen to knowledge and to the demo: every write of this app."""

from kb.actions.articles import (
    add_article,
    archive_article,
    drop_draft,
    edit_article,
    import_articles,
    restore_article,
    save_draft,
    set_article,
    unarchive_article,
    verify_article,
)
from kb.actions.attaching import attach, check_fetch, detach, expect_attachment
from kb.actions.collections import add_collection, edit_collection
from kb.actions.decisions import add_decision
from kb.actions.demo import load_demo, put_away
from kb.actions.entries import accept, comment, put, waive_step
from kb.actions.followups import add_follow_up, settle_follow_up, write_retrospective
from kb.actions.glass import ask_glass, open_glass, reject_glass
from kb.actions.importing import drop_import, forget_imports, send_import, take_import
from kb.actions.playbooks import set_playbook
from kb.actions.readers import acknowledge, ask_reading, end_reading, rate, unwatch, watch
from kb.actions.reminding import remind_readers, tell_broken, tell_stale, tell_week
from kb.actions.run_files import check_file_fetch, expect_file, note_checked, put_file
from kb.actions.run_parts import remind
from kb.actions.run_reminding import ask_for_retrospective, remind_follow_up, tell_unused
from kb.actions.runs import (
    cancel_run,
    hand_over,
    notice,
    pause_run,
    resume_run,
    start_run,
)
from kb.actions.talk import comment_article
from kb.actions.triggers import add_trigger, count_pass, fire, switch_off, switch_on
from kb.actions.twins import compare, pair_twins, part_twins, unsketched
from kb.actions.wanting import ask_for_articles, close_wanted, dismiss_wanted, forget_misses, note_miss
from kb.actions.words import count_words, note_words

__all__ = [
    "accept",
    "acknowledge",
    "add_article",
    "add_collection",
    "add_decision",
    "add_follow_up",
    "add_trigger",
    "archive_article",
    "ask_for_articles",
    "ask_for_retrospective",
    "ask_glass",
    "ask_reading",
    "attach",
    "cancel_run",
    "check_fetch",
    "check_file_fetch",
    "close_wanted",
    "comment",
    "comment_article",
    "compare",
    "count_pass",
    "count_words",
    "detach",
    "dismiss_wanted",
    "drop_draft",
    "drop_import",
    "edit_article",
    "edit_collection",
    "end_reading",
    "expect_attachment",
    "expect_file",
    "fire",
    "forget_imports",
    "forget_misses",
    "hand_over",
    "import_articles",
    "load_demo",
    "note_checked",
    "note_miss",
    "note_words",
    "notice",
    "open_glass",
    "pair_twins",
    "part_twins",
    "pause_run",
    "put",
    "put_away",
    "put_file",
    "rate",
    "reject_glass",
    "remind",
    "remind_follow_up",
    "remind_readers",
    "restore_article",
    "resume_run",
    "save_draft",
    "send_import",
    "set_article",
    "set_playbook",
    "settle_follow_up",
    "start_run",
    "switch_off",
    "switch_on",
    "take_import",
    "tell_broken",
    "tell_stale",
    "tell_unused",
    "tell_week",
    "unarchive_article",
    "unsketched",
    "unwatch",
    "verify_article",
    "waive_step",
    "watch",
    "write_retrospective",
]
