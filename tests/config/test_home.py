"""The state folder and its secrets."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from config.stack import home
from config.stack.errors import Refusal


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_and_secrets_are_for_their_owner_alone(own_home: Path) -> None:
    home.make_home()

    assert {mode(own_home / name) for name in home.FOLDERS} == {0o700}
    assert {mode(own_home / "keys" / name) for name in home.SECRETS} == {0o600}


def test_every_secret_is_its_own(own_home: Path) -> None:
    home.make_home()

    assert len({home.secret(name) for name in home.SECRETS}) == len(home.SECRETS)


def test_a_second_start_keeps_the_secrets(own_home: Path) -> None:
    home.make_home()
    before = [home.secret(name) for name in home.SECRETS]

    home.make_home()

    assert [home.secret(name) for name in home.SECRETS] == before


def test_a_secret_that_others_could_read_is_closed(own_home: Path) -> None:
    home.make_home()
    (own_home / "keys" / "secret_key").chmod(0o644)
    (own_home / "keys").chmod(0o755)

    home.make_home()

    assert (mode(own_home / "keys"), mode(own_home / "keys" / "secret_key")) == (0o700, 0o600)


def test_a_command_before_the_first_start_finds_its_secret(own_home: Path) -> None:
    assert len(home.secret("secret_key")) == 64


def test_home_of_another_user_is_refused(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = own_home
    if os.geteuid() == 0:
        place.mkdir()
        os.chown(place, 12345, 12345)
    else:
        place = Path("/")
        monkeypatch.setenv("STEWARD_HOME", "/")
    owner = place.stat().st_uid

    with pytest.raises(Refusal) as refusal:
        home.make_home()

    assert str(refusal.value) == (
        f"{place} belongs to user {owner}, and this is user {os.geteuid()}: "
        "start Steward as its owner, or set STEWARD_HOME to a folder of your own."
    )
    assert not (place / "keys").exists()


def test_a_file_in_place_of_the_home_is_refused(own_home: Path) -> None:
    own_home.write_text("mine")

    with pytest.raises(Refusal, match=r"must be a folder: move it away or set STEWARD_HOME\.$"):
        home.make_home()


@pytest.fixture
def deep_home(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    deep = own_home / ("d" * (150 - len(str(own_home)) - 1))
    monkeypatch.setenv("STEWARD_HOME", str(deep))
    return deep


def test_sockets_of_a_deep_home_lie_in_a_short_private_folder(deep_home: Path) -> None:
    home.make_home()

    sockets = home.run_folder()

    assert len(str(sockets / home.POSTGRES_SOCKET)) <= 90
    assert mode(sockets) == 0o700
    sockets.rmdir()


def test_a_deep_home_finds_the_same_folder_again(deep_home: Path) -> None:
    assert home.run_folder() == home.run_folder()
    assert home.run_folder() != deep_home / "run"


def test_a_socket_folder_laid_by_somebody_else_is_refused(deep_home: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.mkdir(mode=0o700)
    home.run_folder().symlink_to(trap)

    with pytest.raises(Refusal, match="is not a private folder of this user"):
        home.make_home()

    home.run_folder().unlink()


def test_an_open_socket_folder_is_refused(deep_home: Path) -> None:
    home.run_folder().mkdir()
    home.run_folder().chmod(0o755)

    with pytest.raises(Refusal, match="is not a private folder of this user"):
        home.make_home()

    home.run_folder().rmdir()


def test_given_servers_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://a:b@db/c")
    monkeypatch.setenv("REDIS_URL", "rediss://:d@broker:6380/1")

    assert home.database_url() == "postgresql://a:b@db/c"
    assert home.redis_url() == home.broker_url() == "rediss://:d@broker:6380/1"


@pytest.mark.parametrize(
    "given", ["unix://u:p@/run/r.sock?db=2", "redis+socket://u:p@/run/r.sock?virtual_host=2"]
)
def test_a_socket_is_written_as_each_reader_wants_it(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", given)

    assert home.redis_url() == "unix://u:p@/run/r.sock?db=2"
    assert home.broker_url() == "redis+socket://u:p@/run/r.sock?virtual_host=2"
