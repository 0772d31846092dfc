from __future__ import annotations

import pytest

from registry.checks import CHECKS, executables
from tests.registry.checks.looking import look
from tests.registry.checks.test_file_type import CSV, ELF, KNOWN, MACH_O, PE


@pytest.mark.parametrize(
    "content",
    [
        ELF,
        PE,
        MACH_O,
        b"\xca\xfe\xba\xbe\0\0\0\2" + bytes(60),
        b"\xca\xfe\xba\xbe\0\0\0\x3d" + bytes(60),
        b"#!/bin/sh\necho\n",
        b"\xef\xbb\xbf#!/usr/bin/env python\n",
        b"\xa7\r\r\n" + bytes(12),
    ],
)
def test_a_program_or_a_script_is_high(content):
    issues, _ = look(executables, content, "helper")

    assert issues == [("high", "executable")]


@pytest.mark.parametrize("name", KNOWN)
def test_data_is_no_program(name):
    issues, _ = look(executables, KNOWN[name][1], name)

    assert issues == []


def test_a_word_that_begins_like_a_program_is_none():
    issues, _ = look(executables, b"MZ is what it says.\n" + CSV * 9, "a.txt")

    assert issues == []


def test_an_asset_may_be_a_program():
    assert CHECKS["executables"].kinds == ("model", "dataset")
