"""Archives unpack where they should, mean one thing, and end."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable

import pytest

from registry.checks import archives
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox
from tests.registry.checks.test_file_type import KNOWN, tarred, torch, zipped


def zip_of(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return sink.getvalue()


def unseekable(**members: bytes) -> bytes:
    """As a program writes it that cannot go back: sizes follow the data."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

        def tell(self) -> int:
            raise io.UnsupportedOperation

    sink = Pipe()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sink.getvalue()


def wide(held: bytes, files: int | None = None) -> bytes:
    """With the larger end record, which PyTorch always writes; `files` is how many it says there are."""
    at = held.rindex(END)
    entries, length, offset = struct.unpack_from("<HLL", held, at + 10)
    entries = entries if files is None else files
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 798, 45, 0, 0, entries, entries, length, offset)
    return held[:at] + record + struct.pack("<4sLQL", b"PK\6\7", 0, at, 1) + held[at:]


def mode(name: str, bits: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = bits << 16
    return info


def tar_of(*members: tarfile.TarInfo | str, form: int = tarfile.PAX_FORMAT) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=form) as archive:
        for held in members:
            info = tarfile.TarInfo(held) if isinstance(held, str) else held
            info.size = 2 if info.isreg() else 0
            archive.addfile(info, io.BytesIO(b"hi"))
    return sink.getvalue()


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def changed(held: bytes, signature: bytes, offset: int, form: str, value: int) -> bytes:
    """One field of the first header that begins so."""
    at = held.index(signature) + offset
    return held[:at] + struct.pack(form, value) + held[at + struct.calcsize(form) :]


LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
TWO = zip_of(("a.txt", b"hello"), ("b.txt", b"world"))


def with_gap(gap: bytes) -> bytes:
    """Bytes between the files and the directory, which moves."""
    at = TWO.index(CENTRAL)
    moved = changed(TWO, END, 16, "<L", at + len(gap))
    return moved[:at] + gap + moved[at:]


def overlapping() -> bytes:
    """The second entry of the directory leads to the first file."""
    at = TWO.rindex(CENTRAL)
    held = TWO[: at + 42] + struct.pack("<L", 0) + TWO[at + 46 :]
    return held.replace(b"b.txt", b"a.txt")


HELLO = zip_of(("../../x", b"hello" * 99))
HONEST = {
    "two.csv.gz": gzip.compress(b"1,2\n") + gzip.compress(b"3,4\n"),
    "two.csv.bz2": bz2.compress(b"1,2\n") + bz2.compress(b"3,4\n"),
    "stored.zip": TWO,
    "deflated.zip": zip_of(("a", b"x" * 999), method=zipfile.ZIP_DEFLATED),
    "bzip2.zip": zip_of(("a", b"x" * 999), method=zipfile.ZIP_BZIP2),
    "lzma.zip": zip_of(("a", b"x" * 999), method=zipfile.ZIP_LZMA),
    "piped.zip": unseekable(**{"a.txt": b"hello" * 99, "b.txt": b""}),
    "folders.zip": zip_of(("a/", b""), ("a/b.txt", b"hi"), (mode("c", 0o100644), b"hi")),
    "empty.zip": zipped(),
    "java.zip": zip_of(("a/Foo$Bar.txt", b"hi"), ("~$note", b"hi"), ("100%a%.txt", b"hi"), ("a b: c", b"hi")),
    "umlaut.zip": zip_of(("Z\u00fcrich/\u65e5\u672c.txt", b"hi")),
    "model.pt": torch(),
    "as-torch-writes.pt": wide(torch()),
    "plain.tar": tarred(),
    "ustar.tar": tar_of("a", "b/c", form=tarfile.USTAR_FORMAT),
    "gnu.tar": tar_of("a" * 150, form=tarfile.GNU_FORMAT),
    "dots.tar": tar_of("./model.yaml", "./weights..v1/a"),
    "a.tar.gz": gzip.compress(tarred()),
    "a.csv.gz": gzip.compress(b"1,2\n" * 100_000),
    "zeros.npz": KNOWN["arrays.npz"][1],
}
HOSTILE = {
    "two-directories": (wide(TWO, files=1), ("high", "closed")),
    "upwards": (zip_of(("../../x", b"")), ("critical", "outside")),
    "absolute": (zip_of(("/etc/cron.d/x", b"")), ("critical", "outside")),
    "drive": (zip_of(("C:\\x", b"")), ("critical", "outside")),
    "backslashes": (zip_of(("..\\..\\x", b"")), ("critical", "outside")),
    "bidirectional": (zip_of(("a\u202etxt.exe", b"")), ("high", "hidden_name")),
    "link": (zip_of((mode("a", 0o120777), b"/etc/passwd")), ("high", "link")),
    "pipe": (zip_of((mode("a", 0o010644), b"")), ("high", "device")),
    "other name": (TWO.replace(b"a.txt", b"z.txt", 1), ("high", "differs:name")),
    "other method": (changed(TWO, LOCAL, 8, "<H", 8), ("high", "differs:method")),
    "other size": (changed(TWO, LOCAL, 22, "<L", 4), ("high", "differs:size")),
    "other checksum": (changed(TWO, LOCAL, 14, "<L", 4), ("high", "differs:checksum")),
    "encrypted once": (changed(TWO, CENTRAL, 8, "<H", 1), ("high", "differs:encryption")),
    "encrypted": (changed(changed(TWO, CENTRAL, 8, "<H", 1), LOCAL, 6, "<H", 1), ("high", "encrypted")),
    "method": (changed(changed(TWO, CENTRAL, 10, "<H", 99), LOCAL, 8, "<H", 99), ("high", "method")),
    "checksum": (TWO.replace(b"hello", b"jello"), ("high", "checksum")),
    "gap": (with_gap(b"hidden file " * 9), ("high", "gap")),
    "after": (TWO + b"more", ("high", "after")),
    "before": (b"PK\3\4" + bytes(40) + TWO, ("high", "before")),
    "overlap": (overlapping(), ("high", "overlap")),
    "cut": (TWO[:-8], ("high", "closed")),
    "cut end": (b"PK\5\6c" + bytes(6), ("high", "closed")),
    "count": (changed(TWO, END, 10, "<H", 7), ("high", "closed")),
    "no header": (TWO.replace(b"PK\3\4\x14\0\0\0\0\0", b"PK\0\0\x14\0\0\0\0\0"), ("high", "closed")),
    "bomb": (zip_of(("a", bytes(65 << 20)), method=zipfile.ZIP_DEFLATED), ("high", "bomb")),
    "gzip bomb": (gzip.compress(bytes(65 << 20)), ("high", "bomb")),
    "bzip2 bomb": (bz2.compress(bytes(65 << 20)), ("high", "bomb")),
    "xz bomb": (lzma.compress(bytes(65 << 20), preset=0), ("high", "bomb")),
    "after gzip": (gzip.compress(b"hello") + b"more bytes", ("high", "after")),
    "after xz": (lzma.compress(b"hello") + b"more bytes", ("high", "after")),
    "second stream": (gzip.compress(b"hello") + gzip.compress(HELLO), ("critical", "outside")),
    "second bzip2 stream": (bz2.compress(HELLO[:500]) + bz2.compress(HELLO[500:]), ("critical", "outside")),
    "cut bzip2": (bz2.compress(b"hello" * 99)[:-9], ("high", "closed")),
    "cut gzip": (gzip.compress(b"hello" * 99)[:-20], ("high", "closed")),
    "tar upwards": (tar_of("../../x"), ("critical", "outside")),
    "tar absolute": (tar_of("/etc/x"), ("critical", "outside")),
    "tar link": (tar_of(link("a", "/etc/passwd")), ("critical", "link_outside")),
    "tar upward link": (tar_of(link("a", "../../x")), ("critical", "link_outside")),
    "tar hard link": (tar_of(link("a", "../x", tarfile.LNKTYPE)), ("critical", "link_outside")),
    "tar device": (tar_of(link("a", "", tarfile.CHRTYPE)), ("high", "device")),
    "tar twice": (tar_of("a", "a"), ("high", "same_name")),
    "tar after": (tarred() + b"more bytes", ("high", "after")),
    "rar": (b"Rar!\x1a\x07\1\0" + bytes(40), ("medium", "cannot_open")),
    "zstd": (b"\x28\xb5\x2f\xfd\x04\x58" + bytes(20), ("medium", "cannot_open")),
}


@pytest.mark.parametrize("name", HONEST)
def test_what_programs_pack_is_no_issue(name):
    assert look(archives, HONEST[name], name) == ([], {})


@pytest.mark.parametrize("name", HOSTILE)
def test_a_trick_is_told(name):
    content, issue = HOSTILE[name]

    assert issue in look(archives, content, "model.bin")[0]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_high():
    held = zip_of(("a.txt", b"1"), ("./a.txt", b"2"))

    assert look(archives, held, "a.zip")[0] == [("high", "same_name")]


@pytest.mark.parametrize("name", ["upwards", "encrypted", "gap", "tar link"])
@pytest.mark.parametrize(
    "pack", [lambda held: zipped(inner=held), tarred, gzip.compress], ids=["zip", "tar", "gzip"]
)
def test_tricks_inside_are_told(name, pack: Callable[[bytes], bytes]):
    content, issue = HOSTILE[name]

    assert issue in look(archives, pack(content), "model.bin")[0]


def test_what_is_packed_too_often_is_high():
    held = b"hello"
    for _ in range(9):
        held = zipped(a=held)

    assert look(archives, held, "a.zip")[0] == [("high", "closed")]


def test_links_inside_are_low():
    held = tar_of("a/b/c", link("a/d", "b/c"), link("a/b/e", "../f"))

    assert look(archives, held, "a.tar")[0] == [("low", "link"), ("low", "link")]


@pytest.mark.parametrize("name", ["stored.zip", "piped.zip", "ustar.tar", "a.tar.gz", "lzma.zip"])
def test_whatever_is_changed_it_comes_to_an_end(name):
    chance = random.Random(7)
    for _ in range(150):
        held = bytearray(HONEST[name])
        for _ in range(chance.randint(1, 5)):
            held[chance.randrange(len(held))] = chance.choice([0, 255, chance.randrange(256)])
        issues, _ = look(archives, bytes(held), name)
        assert {severity for severity, _ in issues} <= {"critical", "high", "medium", "low"}


def test_in_the_sandbox(tmp_path):
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, HOSTILE["upwards"][0], "a.zip", "archives")

    assert (report.outcome, [issue.name for issue in report.issues]) == ("done", ["outside"])
    sandbox.stop()
