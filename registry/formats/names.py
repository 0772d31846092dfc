"""Which formats a file name promises, by its extension."""

from __future__ import annotations

import re

EXECUTABLE = frozenset({"elf", "pe", "mach-o", "java-class", "bytecode", "script"})
# How archives of PyTorch name the numbers of a tensor. Source: torch/serialization.py, `_save`.
TENSOR = re.compile(r"(?:^|/)data/\d+$")
ZIPS = frozenset({"zip", "torch", "keras", "npz", "jar", "wheel", "office"})
PACKED = frozenset({"gzip", "bzip2", "xz", "lzma", "zlib", "zstd", "lz4"})
DANGEROUS = EXECUTABLE | ZIPS | {"pickle", "tar", "wasm"}

TEXT = frozenset({"text", "csv", "tsv", "json", "jsonl", "xml", "html"})
TABLE = frozenset({"text", "csv", "tsv"})
JSON = frozenset({"json", "jsonl", "notebook"})
TENSORS = frozenset({"safetensors", "onnx", "protobuf", "gguf", "tflite", "hdf5", "npy", "ubjson"})
LOADED = ZIPS | PACKED | TENSORS | TEXT | {"pickle", "tar"}

PICTURES = frozenset({"png", "jpeg", "gif", "webp", "bmp", "tiff"})

# Formats by the names that promise them. A name that is not here promises nothing.
PROMISES: dict[str, frozenset[str]] = {
    extension: formats
    for extensions, formats in (
        ("txt log md markdown rst tex toml ini cfg conf yaml yml", TEXT | {"notebook"}),
        ("css js ts sql r jl c h cpp", TEXT),
        ("py pyi sh bash zsh pl rb", TEXT | {"script"}),
        ("csv tsv tab", TABLE),
        ("json geojson", JSON),
        ("jsonl ndjson", JSON),
        ("ipynb", frozenset({"notebook", "json"})),
        ("xml svg html htm", frozenset({"xml", "html", "text"})),
        ("pkl pickle joblib dill sav p bin pt pth ckpt model", LOADED),
        ("safetensors", frozenset({"safetensors"})),
        ("onnx", frozenset({"onnx"})),
        ("pb", frozenset({"protobuf", "onnx"})),
        ("gguf", frozenset({"gguf"})),
        ("ubj", frozenset({"ubjson"})),
        ("tflite", frozenset({"tflite"})),
        ("h5 hdf5 hdf", frozenset({"hdf5"})),
        ("keras", frozenset({"keras", "zip", "hdf5"})),
        ("npy", frozenset({"npy"})),
        ("npz", frozenset({"npz", "zip"})),
        ("parquet pq", frozenset({"parquet"})),
        ("arrow feather ipc", frozenset({"arrow", "feather"})),
        ("orc", frozenset({"orc"})),
        ("avro", frozenset({"avro"})),
        ("sqlite sqlite3 db", frozenset({"sqlite"})),
        ("png", frozenset({"png"})),
        ("jpg jpeg", frozenset({"jpeg"})),
        ("gif", frozenset({"gif"})),
        ("webp", frozenset({"webp"})),
        ("bmp", frozenset({"bmp"})),
        ("tif tiff", frozenset({"tiff"})),
        ("wav", frozenset({"wav"})),
        ("flac", frozenset({"flac"})),
        ("ogg", frozenset({"ogg"})),
        ("mp4 m4a mov", frozenset({"mp4"})),
        ("pdf", frozenset({"pdf"})),
        ("zip", ZIPS),
        ("jar", frozenset({"jar", "zip"})),
        ("whl", frozenset({"wheel", "zip"})),
        ("docx xlsx pptx odt ods odp epub", frozenset({"office", "zip"})),
        ("tar", frozenset({"tar", "torch"})),  # checkpoint.pth.tar
        ("gz tgz", frozenset({"gzip"})),
        ("bz2", frozenset({"bzip2"})),
        ("xz", frozenset({"xz"})),
        ("zst", frozenset({"zstd"})),
        ("lz4", frozenset({"lz4"})),
        ("7z", frozenset({"7z"})),
        ("rar", frozenset({"rar"})),
        ("wasm", frozenset({"wasm"})),
        ("so exe dll dylib", EXECUTABLE),
    )
    for extension in extensions.split()
}

# A text is what its name says: only the name tells YAML from a letter.
TEXTS_BY_NAME = {
    "md": "markdown",
    "markdown": "markdown",
    "yaml": "yaml",
    "yml": "yaml",
    "py": "python",
    "csv": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "txt": "text",
    "log": "text",
}
