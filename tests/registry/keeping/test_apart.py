"""Keys under a passphrase: what a file from elsewhere may ask for."""

from __future__ import annotations

import pytest

from governance.errors import Invalid
from registry import keys
from registry.keeping import apart

WORDS = "correct horse battery 9"


def test_the_same_keys_come_back(tmp_path):
    apart.write(tmp_path / "keys", WORDS)

    assert apart.read(tmp_path / "keys", WORDS) == keys.load()


def test_two_files_of_the_same_keys_share_nothing(tmp_path):
    apart.write(tmp_path / "one", WORDS)
    apart.write(tmp_path / "two", WORDS)

    assert (tmp_path / "one").read_text() != (tmp_path / "two").read_text()


def test_an_older_file_is_replaced(tmp_path):
    apart.write(tmp_path / "keys", "an older passphrase")

    apart.write(tmp_path / "keys", WORDS)

    assert apart.read(tmp_path / "keys", WORDS) == keys.load()
    assert [path.name for path in tmp_path.glob("keys*")] == ["keys"]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(Invalid) as refused:
        apart.read(tmp_path / "none", WORDS)

    assert refused.value.sentence == f"{tmp_path / 'none'} cannot be read."
