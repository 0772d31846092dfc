"""Keys under a passphrase: what a file from elsewhere may ask for."""

from __future__ import annotations

import pytest

from governance.errors import Invalid
from registry import keys
from registry.keeping import apart

WORDS = "correct horse battery 9"


def test_the_same_keys_come_back(tmp_path):
    apart.write(tmp_path / "keys", WORDS)

    assert apart.read(tmp_path / "keys", WORDS).master == keys.load()


def test_the_secret_key_comes_back_into_this_server_s_own_file(tmp_path, settings, monkeypatch):
    monkeypatch.delenv("STEWARD_SECRET_KEY", raising=False)
    apart.write(tmp_path / "apart", WORDS)
    was, settings.SECRET_KEY, settings.STEWARD_HOME = settings.SECRET_KEY, "another", tmp_path
    (tmp_path / "keys").mkdir()

    said = apart.take_over(apart.read(tmp_path / "apart", WORDS).secret_key)

    assert said == "The secret key of before was put back: stop Steward and start it again."
    assert (tmp_path / "keys" / "secret_key").read_text() == was
    assert (tmp_path / "keys" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_given_secret_key_is_not_replaced(tmp_path, settings, monkeypatch):
    monkeypatch.setenv("STEWARD_SECRET_KEY", settings.SECRET_KEY)

    assert apart.take_over(settings.SECRET_KEY) == ""
    assert apart.take_over("the old one") == (
        "STEWARD_SECRET_KEY is another one than before: give the old one, or renew the webhooks' secrets."
    )


@pytest.mark.slow
def test_two_files_of_the_same_keys_share_nothing(tmp_path):
    apart.write(tmp_path / "one", WORDS)
    apart.write(tmp_path / "two", WORDS)

    assert (tmp_path / "one").read_text() != (tmp_path / "two").read_text()


@pytest.mark.slow
def test_an_older_file_is_replaced(tmp_path):
    apart.write(tmp_path / "keys", "an older passphrase")

    apart.write(tmp_path / "keys", WORDS)

    assert apart.read(tmp_path / "keys", WORDS).master == keys.load()
    assert [path.name for path in tmp_path.glob("keys*")] == ["keys"]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(Invalid) as refused:
        apart.read(tmp_path / "none", WORDS)

    assert refused.value.sentence == f"{tmp_path / 'none'} cannot be read."
