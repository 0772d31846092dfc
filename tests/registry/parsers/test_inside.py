"""What is inside of files is opened within bounds."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile

import numpy
import pytest

from registry.checks import archives, configs, tensors
from registry.parsers import Malformed, inside, templates, windows, xml_texts
from registry.parsers.inside import Closed, everything, parts
from registry.parsers.windows import Budget, Unpacked, Window
from registry.parsers.zips import Inflated
from tests.registry.checks.looking import look
from tests.registry.checks.test_file_type import zipped


def named(content: bytes, name: str = "a.zip") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def test_members_of_members_have_their_path():
    held = zipped(**{"b.zip": zipped(**{"c.txt": b"hi"}), "d.txt.gz": gzip.compress(b"hello")})

    found = [(part.path, part.name, part.format) for part in parts(named(held))]

    assert found == [
        ("", "a.zip", "zip"),
        ("b.zip", "b.zip", "zip"),
        ("b.zip!c.txt", "c.txt", "text"),
        ("d.txt.gz", "d.txt.gz", "gzip"),
        ("d.txt.gz", "d.txt", "text"),
    ]


HELD = {f"{number}.txt": b"hi" for number in range(3)}


def tarred(held: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for name, content in held.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return sink.getvalue()


MIXED = {"1.zip": zipped(a=b"1"), "2.gz": gzip.compress(b"hi")}


@pytest.mark.parametrize(
    ("content", "most", "looked_at"),
    [
        pytest.param(zipped(**HELD), 2, 1, id="in a zip"),
        pytest.param(zipped(**{"1/": b"", "2/": b"", "3/": b""}), 2, 1, id="folders"),
        pytest.param(tarred(HELD), 2, 3, id="in a tar"),
        pytest.param(zipped(**{"1.zip": zipped(**HELD)}), 2, 2, id="in a zip of zips"),
        pytest.param(zipped(**MIXED), 3, 4, id="in all of them together"),
    ],
)
def test_more_members_than_can_be_looked_at_are_told(content, most, looked_at, monkeypatch):
    monkeypatch.setattr(windows, "MOST_LISTED", most)

    found = list(everything(named(content)))

    told = [part.because for part in found if isinstance(part, Closed)]
    assert set(told) == {f"holds more than {most} files"}
    assert len(found) - len(told) == looked_at


def test_what_is_packed_is_looked_at_for_so_long_and_no_longer(monkeypatch):
    monkeypatch.setattr(windows, "SECONDS", 0)
    monkeypatch.setattr(windows, "SECONDS_PER_MIB", 0)

    whole, closed = everything(named(zipped(**HELD)))

    assert (whole.format, closed.too_much) == ("zip", True)
    assert closed.because == "takes longer to look at than so small a file may"


def test_a_broken_directory_is_read_once_whoever_asks(monkeypatch):
    monkeypatch.setattr(windows, "MOST_LISTED", 2)
    content = zipped(**{"1.txt": b"hi", "2.txt": b"hi"}).replace(b"PK\3\4", b"PK\3\5", 1)

    whole, closed = everything(named(b"\0" + content))

    with pytest.raises(Malformed, match="a file without a header"):
        len(whole.directory.members)
    assert closed.because == "has a file without a header: pack it again"


def test_many_members_of_a_packed_tar_are_unpacked_once():
    held = {f"{number}.txt": bytes([97 + number % 26]) * 40_000 for number in range(60)}
    budget = []

    for part in parts(named(gzip.compress(tarred(held)), "a.tgz")):
        part.file.seek(0)
        part.file.read()
        budget.append(part.budget.left)

    assert budget[0] - budget[-1] < 4 * 60 * 40_000


def test_parts_of_one_file_do_not_disturb_each_other():
    file = named(gzip.compress(b"hello"), "a.txt.gz")
    (outer, inner) = parts(file)

    read = [
        (inner.file.seek(0), inner.file.read(9), outer.file.seek(0), outer.file.read(2))[1] for _ in range(3)
    ]

    assert read == [b"hello"] * 3


def test_what_is_packed_can_be_read_in_any_order():
    content = bytes(range(256)) * 20_000
    file = Unpacked(lambda: Inflated(io.BytesIO(gzip.compress(content)), 47), None, Budget(1 << 20))

    assert [(file.seek(place), file.read(5))[1] for place in (4_000_000, 10, 2_000_000, 5_119_998)] == [
        content[place : place + 5] for place in (4_000_000, 10, 2_000_000, 5_119_998)
    ]


def test_large_arrays_in_gzip_are_measured():
    sink = io.BytesIO()
    numpy.save(sink, numpy.arange(100_000))

    assert look(tensors, gzip.compress(sink.getvalue()), "a.npy.gz") == ([], {})


def test_a_window_ends_where_it_should():
    window = Window(io.BytesIO(b"0123456789"), 2, 5)

    assert (window.read(99), window.seek(-2, 2), window.read()) == (b"23456", 3, b"56")


def test_unpacking_ends_by_budget():
    budget = Budget(0)

    budget.spend(windows.MOST_UNPACKED)

    with pytest.raises(Malformed):
        budget.spend(1)


@pytest.mark.slow
def test_bombs_in_archives_end_and_are_told():
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}.json", b'{"a": "' + b"x" * (8 << 20) + b'"}')
    held = zipped(**{f"{number}.zip": inner.getvalue() for number in range(4)})

    issues, _ = look(archives, held, "a.zip")

    assert {"bomb", "closed"} & {name for _, name in issues}


@pytest.mark.parametrize(
    "text",
    [
        "{{ " * 100_000,
        "{{ '" + "\\'" * 60_000,
        "{{ x }}" + "'" * 100_000 + "{%" * 50_000,
        "{% set a = " + "'a' ~ " * 50_000,
    ],
)
def test_a_template_costs_little_whatever_it_is(text):
    assert len(list(templates.judge(text, ""))) <= len(templates.RULES)


@pytest.mark.slow
@pytest.mark.parametrize(
    "start", ["<!ENTITY ", "<!DOCTYPE x ", "<xi:include ", "<Extension ", "<?xml-stylesheet ", '="']
)
def test_markup_costs_little_whatever_it_is(start):
    assert list(xml_texts.judge(start * 100_000, "xml", ""))[1:] == []


def test_an_end_inside_a_text_is_no_end():
    held = json.dumps({"chat_template": "{{ '}}' ~ os.popen('echo') }}"})

    assert ("critical", "template_call") in look(configs, held.encode(), "tokenizer_config.json")[0]


def test_of_tensors_after_many_only_a_few_bytes_are_read(monkeypatch):
    monkeypatch.setattr(windows, "TENSORS", 1 << 17)
    numbers = numpy.random.default_rng(3).bytes(1 << 16)
    held = zipped(**{f"archive/data/{number}": numbers for number in range(4)})

    lengths = [len(part.ends.head) for part in parts(named(held, "a.pt")) if part.path]

    assert lengths == [1 << 16, 1 << 16, 1 << 12, 1 << 12]


def test_a_large_tensor_that_is_packed_is_not_unpacked_for_its_end(monkeypatch):
    monkeypatch.setattr(windows, "TENSORS", 0)
    monkeypatch.setattr(inside, "LARGEST_TO_MEASURE", 1 << 19)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("archive/data/0", numpy.random.default_rng(3).bytes(1 << 20))

    (found,) = [part for part in parts(named(sink.getvalue(), "a.pt")) if part.path]

    assert (found.ends.size, found.ends.tail) == (1 << 20, b"")


def test_what_is_named_like_a_tensor_after_many_and_is_none_is_read_in_full(monkeypatch):
    monkeypatch.setattr(windows, "TENSORS", 0)
    held = zipped(**{"archive/data/0": b"a text of many words\n" * 1000})

    (inner,) = [part for part in parts(named(held, "a.pt")) if part.path]

    assert (inner.format, inner.ends.complete) == ("text", True)


def test_an_empty_file_is_looked_at_whatever_its_name_is():
    assert [part.ends.size for part in parts(named(b"", "a.distcp"))] == [0]
