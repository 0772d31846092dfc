"""Formats that say who they are: fixed bytes at fixed places. And the media type of every format."""

from __future__ import annotations

MEDIA_TYPES = {
    "empty": "application/x-empty",
    "unknown": "application/octet-stream",
    # what runs
    "elf": "application/x-elf",
    "pe": "application/vnd.microsoft.portable-executable",
    "mach-o": "application/x-mach-binary",
    "java-class": "application/java-vm",
    "wasm": "application/wasm",
    "bytecode": "application/x-python-bytecode",
    "script": "text/x-shellscript",
    # what may run when it is loaded
    "pickle": "application/x-python-pickle",
    "zip": "application/zip",
    "torch": "application/zip",
    "keras": "application/zip",
    "npz": "application/zip",
    "jar": "application/java-archive",
    "wheel": "application/zip",
    "office": "application/zip",
    "tar": "application/x-tar",
    # packed
    "gzip": "application/gzip",
    "bzip2": "application/x-bzip2",
    "xz": "application/x-xz",
    "lzma": "application/x-lzma",
    "zlib": "application/zlib",
    "zstd": "application/zstd",
    "lz4": "application/x-lz4",
    "7z": "application/x-7z-compressed",
    "rar": "application/vnd.rar",
    # models and tables
    "safetensors": "application/vnd.safetensors",
    "onnx": "application/vnd.onnx",
    "protobuf": "application/x-protobuf",
    "gguf": "application/vnd.gguf",
    "tflite": "application/vnd.tflite",
    "ubjson": "application/ubjson",
    "hdf5": "application/x-hdf5",
    "npy": "application/x-npy",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.file",
    "feather": "application/x-feather",
    "orc": "application/x-orc",
    "avro": "application/avro",
    "sqlite": "application/vnd.sqlite3",
    # pictures, sound, documents
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    # text
    "text": "text/plain",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "notebook": "application/x-ipynb+json",
    "markdown": "text/markdown",
    "yaml": "application/yaml",
    "python": "text/x-python",
    "xml": "application/xml",
    "html": "text/html",
}

# An object whose first field is one of a model of XGBoost. Source: dmlc json_io.h, src/learner.cc.
UBJSON = (
    b"{L\0\0\0\0\0\0\0\x07learner",
    b"{L\0\0\0\0\0\0\0\x07version",
    b"{i\x07learner",
    b"{U\x07learner",
)
STARTS = (
    *((start, "ubjson") for start in UBJSON),
    (b"\x7fELF", "elf"),
    (b"\xfe\xed\xfa\xce", "mach-o"),
    (b"\xfe\xed\xfa\xcf", "mach-o"),
    (b"\xce\xfa\xed\xfe", "mach-o"),
    (b"\xcf\xfa\xed\xfe", "mach-o"),
    (b"\0asm", "wasm"),
    (b"PK\3\4", "zip"),
    (b"PK\5\6", "zip"),
    (b"PK\7\x08", "zip"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\0", "xz"),
    (b"]\0\0", "lzma"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x93NUMPY", "npy"),
    (b"ARROW1\0\0", "arrow"),
    (b"FEA1", "feather"),
    (b"Obj\x01", "avro"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"fLaC", "flac"),
    (b"OggS\0", "ogg"),
    (b"%PDF-", "pdf"),
)
ANY_START = tuple(start for start, _ in STARTS)
HDF5 = b"\x89HDF\r\n\x1a\n"
# A block of the user's own may come first. Source: HDF5 File Format Specification, level 0A.
HDF5_PLACES = (0, 512, 1024, 2048, 4096)
PYTHON_MAGIC = range(3000, 4000)  # 3.0 and later. Source: CPython, pycore_magic_number.h
OLDEST_JAVA_CLASS = 45  # a fat Mach-O has the number of its architectures here


def by_signature(head: bytes, tail: bytes) -> str:
    """The format whose signature this is; empty when there is none."""
    if head.startswith(ANY_START):
        return next(format for start, format in STARTS if head.startswith(start))
    if any(head.startswith(HDF5, place) for place in HDF5_PLACES if place < len(head)):
        return "hdf5"
    return with_a_second_look(head, tail)


def with_a_second_look(head: bytes, tail: bytes) -> str:
    """Signatures that are short, or that lie at both ends."""
    match head[:4]:
        case b"PAR1" if len(head) >= 12 and tail.endswith(b"PAR1"):
            return "parquet"
        case b"\xca\xfe\xba\xbe":
            return "mach-o" if int.from_bytes(head[4:8], "big") < OLDEST_JAVA_CLASS else "java-class"
        case b"RIFF":
            return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12], "")
        case b"\xff\xff\xff\xff" if is_stream_of_arrow(head, tail):
            return "arrow"
        case b"GGUF" if 0 < min(int.from_bytes(head[4:8], order) for order in ("little", "big")) < 100:
            return "gguf"
    if head.startswith(b"ORC") and b"ORC" in tail[-16:]:
        return "orc"
    if head.startswith(b"BZh") and head[4:10] in {b"1AY&SY", b"\x17rE8P\x90"}:
        return "bzip2"
    if head[2:4] == b"\r\n" and int.from_bytes(head[:2], "little") in PYTHON_MAGIC and b"\0" in head[4:16]:
        return "bytecode"
    return windows_program(head) or {b"TFL3": "tflite", b"ftyp": "mp4"}.get(head[4:8], "") or bitmap(head)


def is_stream_of_arrow(head: bytes, tail: bytes) -> bool:
    """Messages, each with its length in front, the last of length zero: how `datasets` saves its tables."""
    length, root = (int.from_bytes(head[place : place + 4], "little") for place in (4, 8))
    return length % 8 == 0 and 0 < root < length < 1 << 28 and tail.endswith(b"\xff\xff\xff\xff\0\0\0\0")


def windows_program(head: bytes) -> str:
    """`MZ` alone may begin a text: what it points at, or bytes no text has, decide."""
    if not head.startswith(b"MZ") or len(head) < 64:
        return ""
    place = int.from_bytes(head[60:64], "little")
    return "pe" if head.startswith(b"PE\0\0", place) or b"\0" in head[:64] else ""


def bitmap(head: bytes) -> str:
    return "bmp" if head.startswith(b"BM") and head[6:10] == bytes(4) else ""
