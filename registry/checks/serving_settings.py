"""What tells a server of models where to find its code: it may stay with the model, and be the server's own.

Sources: Ollama (Modelfile), Triton (model_config.proto, `EXECUTION_ENV_PATH`, `op_library_filename`), DJL
Serving (serving.properties, `option.entryPoint`, `translatorFactory`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from registry.checks import MIB, Issue, check
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part, whole
from registry.parsers.telling import strict

LARGEST = MIB
AWAY = r"(?:https?|ftp|s3|gs|file)://|(?:\S*/)?\.\.(?:/|$)|/(?:etc|proc|sys|dev|root|tmp|var/run)/"
OLLAMA = re.compile(
    rf"^[ \t]*(?:FROM|ADAPTER)[ \t]+[\"']?(?:{AWAY})|\{{\{{-?\s*(?:\$\w+\s*:?=\s*)?call\b", re.I | re.M
)
TRITON = re.compile(
    r"\bEXECUTION_ENV_PATH\b|\bop_library_filename\b"
    r"|\b(?:backend|platform|default_model_filename|cc_model_filenames)\s*:\s*\"[^\"\n]*(?:\.\.|/|\.so\b)"
    r"|\bplugins?\b[^{}\n]{0,80}\.so\b|\bname\s*:\s*\"[^\"\n]*\.so\""
)
DJL = re.compile(
    r"^[ \t]*(?:option\.)?(?:"
    r"entry_?point[ \t]*[=:][ \t]*(?!djl_python\b)\S+|trust_remote_code[ \t]*[=:][ \t]*true"
    r"|python_?executable\b|extra_?python_?path\b|translator(?:_?factory)?[ \t]*[=:][ \t]*(?!ai\.djl\.)\S+"
    r"|env\w*[ \t]*[=:]\S*LD_PRELOAD)",
    re.I | re.M,
)
ENDINGS = {"modelfile": OLLAMA, "properties": DJL}
FILES = {"modelfile": OLLAMA, "config.pbtxt": TRITON, "serving.properties": DJL}


@check("model", "dataset", "asset", since=date(2026, 11, 27), timeout=60)
@each_part
def run(part: Part) -> Iterator[Issue]:
    if part.base in FILES or part.extension in ENDINGS:
        yield from strict(part, "settings", in_settings)


def in_settings(part: Part) -> Iterator[Issue]:
    leads = FILES.get(part.base) or ENDINGS[part.extension]
    if found := leads.search(whole(part, LARGEST).decode("utf-8", "replace")):
        said = (
            f"It tells the server to take code or a model from elsewhere ({' '.join(found[0].split())[:60]})"
        )
        yield Issue("high", f"{said}: keep what it needs beside the model.", "leads_elsewhere", part.path)
