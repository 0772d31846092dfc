"""How a log line looks: one line of text, or one of JSON (STEWARD_LOG=json). Neither lets a secret through.

Secrets are taken out of the finished text, tracebacks included: whoever logs something need not think of it.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

LEFT_OUT = "…"
# What is between a name and its value: `password=x`, `"password": "x"`, `password: x`.
IS = r"""["']?\s*[:=]\s*"""
VALUE = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&"'}\])]+)"""
# Nothing before the word and little behind it: a long text must not be gone through again from each letter.
NAMED = r"(?:password|passwd|passphrase|secret|sessionid|csrf|api_?key|access_?key|token)[\w-]{0,40}"
HEADERS = r"(?:proxy-|http_)?authorization|(?:set-|http_)?cookie"
SECRETS = (
    (re.compile(r"stw_[A-Za-z0-9_-]+"), f"stw_{LEFT_OUT}"),
    # A header's value is the rest of its line, or of its quotes.
    (re.compile(rf"(?i)\b({HEADERS})({IS})(\"[^\"]*\"|'[^']*'|[^\r\n'\"]+)"), rf"\1\2{LEFT_OUT}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {LEFT_OUT}"),
    (re.compile(rf"(?i)({NAMED})({IS}){VALUE}"), rf"\1\2{LEFT_OUT}"),
    (re.compile(r"(://[^/\s:@]{0,200}):[^@/\s]{1,500}@"), rf"\1:{LEFT_OUT}@"),
    # What is done in a run, and how its files are called: it may be in confidence. A name may have blanks.
    (re.compile(r"(/runs/[0-9]+/)[^\r\n]+"), rf"\1{LEFT_OUT}"),
)


def clean(text: str) -> str:
    """The text without tokens, passwords, cookies and what a header proves itself with."""
    for secret, instead in SECRETS:
        text = secret.sub(instead, text)
    return text


class Line(logging.Formatter):
    """As Django's own, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return clean(super().format(record))


class Json(logging.Formatter):
    """One object in one line, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", ""),
            "task_id": getattr(record, "task_id", ""),
            "process": record.process,
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            entry["stack"] = self.formatStack(record.stack_info)
        cleaned = {name: clean(value) if isinstance(value, str) else value for name, value in entry.items()}
        return json.dumps(cleaned, ensure_ascii=False)
