"""What a model may consist of: formats that are read here, and what lies beside them. Any other is told.

A format that nobody here can read cannot be checked; one that is made of native code, or of another
language's objects, cannot be made safe. A team may waive such a finding, for a time. See
docs/decisions/0016.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from registry.checks import Issue, check
from registry.formats.names import EXECUTABLE, LOADED, PICTURES, TEXT
from registry.parsers import words
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part

READ = (LOADED | TEXT | PICTURES | {"empty", "notebook", "python", "pdf", "markdown", "yaml"}) - {
    "jar",
    "wheel",
}
BESIDE = words("wav flac ogg mp4 parquet arrow feather orc avro sqlite")
# Numbers without a format of their own: what reads them knows their shape from another file.
RAW = words(
    """
    bin data dat weights params pdiparams pdmodel pdopt model spm bpe raw msgpack idx index faiss ann
    param mnn caffemodel mlmodel cbm ubj xgb bst lgb onnx_data ot pte rten tfrecord vec ckpt mat ncnn wts
    arrows dta sas7bdat xpt deprecated
    trie fst ftz tiktoken ggml litertlm task profile bias pb meta crc ocdbt distcp mdl dnn cmf vw crfsuite
    """
)
# Of these any program may make any use, so their bytes are looked at as well.
ANYTHING = frozenset(
    {"bin", "data", "dat", "raw", "weights", "params", "param", "model", "idx", "index", "ckpt"}
)
LEAST_BYTES = 4096
# How far the numbers of each byte are from being equal (chi-squared of 255 degrees, five deviations of it to
# both sides): what is encrypted or packed lies between, weights of any precision are ten times beyond, and
# ascending numbers below.
EVEN = range(142, 369)
MEDIA = words(
    """
    ttf otf ttc woff woff2 eot ico cur icns mp3 aac m4a opus avi mkv webm mov heic avif psd tga pgm ppm
    pbm z fits nc wav dcm nii mid npy lut exr hdr
    """
)
RAW_NAMES = re.compile(
    r"\.data-\d{5}-of-\d{5}$|^events\.out\.tfevents\.|\.onnx[._]data|group\d+-shard\d+of\d+|^model\.bin\.\d+$|"
    # without an ending: spaCy, Flax and Orbax, chunks of zarr
    r"^(?:model|vectors|key2row|tokenizer|moves|lexemes|strings|trees|checkpoint(?:_\d+)?|\d+(?:\.\d+)*|[0-9a-f]{32})$"
)
STORAGE = re.compile(r"(?:^|/)(?:data|constants|weights|\.data)/\w+(?:\.storage)?$|\.debug_pkl$")
NATIVE = {
    **dict.fromkeys(("engine", "plan", "trt"), "a TensorRT engine, which is native code for one machine"),
    **dict.fromkeys(("rds", "rda", "rdata"), "R objects, which run code when they are loaded"),
    **dict.fromkeys(("t7", "th"), "Torch7 objects, which may hold code"),
    **dict.fromkeys(("jar", "war", "apk", "dex"), "a program for Java or Android"),
    **dict.fromkeys(
        ("whl", "egg", "rpm", "deb", "dmg", "pkg", "msi", "iso", "img"), "a package to be installed"
    ),
    **dict.fromkeys(("rknn", "hef", "dlc", "xmodel", "blob"), "code for a chip, which nobody here can read"),
    **dict.fromkeys(("doc", "docm", "xls", "xlsm", "ppt", "pptm", "xlsb"), "a document that may hold macros"),
}
R_OBJECTS = (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n", b"X\n\0\0\0\2\0", b"X\n\0\0\0\3\0")
# Images of disks and old archives: programs mount or unpack them, whatever they are called.
IMAGES = (b"MSWIM\0\0\0", b"QFI\xfb", b"conectix", b"vhdxfile", b"KDMV", b"\x60\xea")
LHA = re.compile(rb".{2}-lh[0-9d]-", re.DOTALL)
ACE, ACE_AT = b"**ACE**", 7
ISO, ISO_AT, DMG, DMG_SIZE = b"CD001", 32_769, b"koly", 512
# What macOS leaves in archives and folders: where windows stood, and attributes of files.
LEFT_BEHIND = {"._": b"\0\5\x16\7", ".ds_store": b"\0\0\0\1Bud1"}
# Sources: age-encryption.org/v1, RFC 9580 (6.2).
SEALED = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----", b"-----BEGIN PGP MESSAGE-----")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Which word begins is asked late: a search for one of three letters is the quickest.
WORDS = re.compile(
    rb"[_os](?:_import__(?<=__import__)\s*\(|s\.(?<=\bos\.)(?:system|popen)\s*\("
    rb"|ubprocess\.(?<=\bsubprocess\.)\w+\s*\()"
)
UNREAD = frozenset({"7z", "rar", "zstd", "lz4", "jar", "wheel", "wasm"})
# joblib and pandas pack so, and pickle_imports looks inside.
PICKLED = re.compile(r"\.(?:pkl|pickle|joblib|dill)(?:\.(?:lz4|zst))?$")
CURE = "convert it to safetensors, ONNX or GGUF, or a steward who is not the author waives this for a time."


@check("model", since=date(2026, 11, 27), timeout=60)
@each_part
def run(part: Part) -> Iterator[Issue]:
    if part.format not in EXECUTABLE:  # told by the check of that name
        yield from judged(part)


def judged(part: Part) -> Iterator[Issue]:
    what = NATIVE.get(part.extension, "")
    if part.ends.head.startswith(R_OBJECTS):
        what = NATIVE["rds"]
    elif part.ends.head.startswith(OLE):
        what = NATIVE["doc"]
    elif is_image(part):
        what = "an image of a disk or an archive, in which nobody here can look"
    if part.ends.head.startswith(SEALED):
        said = "It is encrypted, so that nobody can check it"
        yield Issue("high", f"{said}: push what it holds.", "encrypted", part.path)
    elif what and part.format not in TEXT:
        yield Issue("high", f"This is {what}: {CURE}", f"format:{part.extension or 'unknown'}", part.path)
    elif part.format == "unknown":
        yield from unknown(part)
    elif part.format in UNREAD and not holds_pickle(part):
        said = f"A model has no need of the format {part.format}, in which nobody here can look"
        yield Issue("high", f"{said}: {CURE}", f"format:{part.format}", part.path)
    elif part.format not in READ | BESIDE:
        yield Issue(
            "medium", f"The format {part.format} is none of models: leave it out.", "beside", part.path
        )


def holds_pickle(part: Part) -> bool:
    return part.format in {"zstd", "lz4"} and bool(PICKLED.search(part.base))


def is_known_by_name(part: Part) -> bool:
    return bool(RAW_NAMES.search(part.base)) or is_storage(part) or is_left_behind(part)


def is_left_behind(part: Part) -> bool:
    return any(
        part.base.startswith(name) and part.ends.head.startswith(start) for name, start in LEFT_BEHIND.items()
    )


def is_image(part: Part) -> bool:
    head, tail = part.ends.head, part.ends.tail
    if part.format != "unknown":
        return False
    placed = head.startswith(ISO, ISO_AT) or head.startswith(ACE, ACE_AT)
    started = placed or head.startswith(IMAGES) or LHA.match(head)
    return bool(started) or tail[-DMG_SIZE:].startswith(DMG)


def unknown(part: Part) -> Iterator[Issue]:
    """Raw numbers are known by their names alone; words of programs in them are no numbers."""
    if names_programs(part.ends.head) or names_programs(part.ends.tail):
        said = "It is in no format that is known here, and it names programs"
        yield Issue("high", f"{said}: ask who made it; {CURE}", "words", part.path)
    elif part.extension not in RAW | MEDIA and not is_known_by_name(part):
        said = "It is in no format that is known here, so that nothing in it was checked"
        yield Issue("high", f"{said}: {CURE}", "format:unknown", part.path)
    elif part.extension in ANYTHING and not part.path and is_even(part.ends.head, part.ends.tail):
        said = "Its bytes are as even as only encrypted or packed ones are, so that nobody can check it"
        yield Issue("high", f"{said}: push what it holds; {CURE}", "format:even", part.path)


def is_even(head: bytes, tail: bytes) -> bool:
    return all(len(data) >= LEAST_BYTES and int(spread(data)) in EVEN for data in (head, tail))


def spread(data: bytes) -> float:
    expected = len(data) / 256
    counts = Counter(data)
    return sum((counts[byte] - expected) ** 2 for byte in range(256)) / expected


def names_programs(data: bytes) -> bool:
    return bool(WORDS.search(data))


def is_storage(part: Part) -> bool:
    """The numbers of a tensor in an archive of PyTorch, or what TorchScript keeps beside its code."""
    return bool(part.path) and bool(STORAGE.search(part.name))
