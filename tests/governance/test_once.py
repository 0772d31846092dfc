"""What a page asks for several times is read once, and by nobody else."""

from __future__ import annotations

import pytest

from governance.once import once, one_look


def reading() -> tuple[list[str], object]:
    read: list[str] = []

    @once
    def fact(name: str) -> str:
        read.append(name)
        return name.upper()

    return read, fact


def test_within_one_look_the_same_is_read_once() -> None:
    read, fact = reading()

    @one_look
    def view() -> list[str]:
        return [fact("a"), fact("b"), fact("a")]

    assert (view(), read) == (["A", "B", "A"], ["a", "b"])


def test_the_next_look_reads_anew() -> None:
    read, fact = reading()
    view = one_look(lambda: fact("a"))

    view()
    view()

    assert read == ["a", "a"]


def test_elsewhere_each_question_is_asked() -> None:
    read, fact = reading()

    fact("a")
    fact("a")

    assert read == ["a", "a"]


def test_what_fails_leaves_nothing_behind() -> None:
    read, fact = reading()

    @one_look
    def view() -> None:
        fact("a")
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            view()

    assert read == ["a", "a"]
