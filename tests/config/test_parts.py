"""What the parent says, as the rest of the same output is written."""

from __future__ import annotations

import json
import re

from config.stack import parts


def test_a_sentence_has_its_time(monkeypatch, capsys):
    monkeypatch.delenv("STEWARD_LOG", raising=False)

    parts.say("Stopping.")

    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d Stopping\.\n", capsys.readouterr().out)


def test_beside_json_it_is_json(monkeypatch, capsys):
    monkeypatch.setenv("STEWARD_LOG", "json")

    parts.say("Stopping.")

    said = json.loads(capsys.readouterr().out)
    assert (said["level"], said["logger"], said["message"]) == ("info", "steward.stack", "Stopping.")
