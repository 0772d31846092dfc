from __future__ import annotations

import pytest

from registry.checks import CHECKS, executables
from tests.registry.checks.looking import look
from tests.registry.checks.test_file_type import CSV, ELF, KNOWN, MACH_O, NOISE, PE, tarred, zipped


@pytest.mark.parametrize(
    "content",
    [
        ELF,
        PE,
        MACH_O,
        b"\xca\xfe\xba\xbe\0\0\0\2" + bytes(60),
        b"\xca\xfe\xba\xbe\0\0\0\x3d" + bytes(60),
        b"\xa7\r\r\n" + bytes(12),
        b"MZqFpD='\n" + bytes(90),
        b"jartsr='\n" + bytes(90),
    ],
)
@pytest.mark.parametrize("pack", [bytes, lambda held: zipped(a=held), tarred], ids=["plain", "zip", "tar"])
def test_a_program_is_critical_wherever_it_is(content, pack):
    issues, _ = look(executables, pack(content), "model.bin")

    assert issues == [("critical", "executable")]


@pytest.mark.parametrize("content", [b"#!/bin/sh\necho\n", b"\xef\xbb\xbf#!/usr/bin/env python\n"])
def test_a_script_is_high(content):
    issues, _ = look(executables, content, "begin")

    assert issues == [("high", "script")]


@pytest.mark.parametrize("name", ["library.so", "a.dll", "tool.exe"])
def test_what_a_system_would_load_by_its_name_is_critical(name):
    issues, _ = look(executables, NOISE, name)

    assert issues == [("critical", "executable")]


@pytest.mark.parametrize("name", KNOWN)
def test_data_is_no_program(name):
    issues, _ = look(executables, KNOWN[name][1], name)

    assert issues == []


def test_a_word_that_begins_like_a_program_is_none():
    issues, _ = look(executables, b"MZ is what it says.\n" + CSV * 9, "a.txt")

    assert issues == []


def test_an_asset_may_be_a_program():
    assert CHECKS["executables"].kinds == ("model", "dataset")


def test_a_module_that_can_be_run_is_read_as_code_elsewhere():
    assert look(executables, b"#!/usr/bin/env python3\nimport math\n", "convert.py")[0] == []
