"""Pages: what reaches beyond the page when it is shown. Reports hold scripts of known libraries,
which do not.

Sources: OWASP XSS Filter Evasion, MITRE ATT&CK T1204.001 and T1218.005.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry.checks import Issue
from registry.parsers import words

# Libraries of charts and tables, by the names that stand in what they write.
KNOWN = words(
    """
    plotly bokeh vega altair require. requirejs mathjax holoviews panel pyviz google.colab d3. leaflet
    jupyter-widgets nbextension guidance sphinx doxygen pandas-profiling ydata sweetviz evidently wandb gradio
    shap jquery bootstrap
    """
)
# One of these stands in all that `ALWAYS` or `ACTS` find: to look for them first is ten times faster.
ALWAYS_WITH = words(
    """
    activexobject wscript.shell ms-msdt: search-ms: ms-officecmd: vbscript: eval document.cookie <object
    <embed http-equiv <form javascript:
    """
)
ACTS_WITH = words("onerror onload onfocus ontoggle <script sendbeacon fetch xmlhttprequest")
ALWAYS = re.compile(
    r"\bActiveXObject\b|\bWScript\.Shell\b|(?:ms-msdt|search-ms|ms-officecmd|vbscript):|\beval\s*\(\s*(?:atob|unescape)\s*\(|"
    r"(?:fetch|sendBeacon|open|\.src\s*=)[^;\n]{0,200}document\.cookie|document\.cookie[^;\n]{0,200}(?:fetch|sendBeacon)|"
    r"<object\b[^<>]*\bdata\s*=\s*['\"]?[^'\"<>\s]+\.(?:hta|swf|exe)|<embed\b[^<>]*\bsrc\s*=\s*['\"]?[^'\"<>\s]+\.swf|"
    r"<meta\b[^<>]*http-equiv\s*=\s*['\"]?refresh[^<>]*url\s*=\s*['\"]?(?:https?:|javascript:|data:|//)|"
    r"<form\b[^<>]*\baction\s*=\s*['\"]?http[^<>]*>(?:[^<]|<(?!/form)){0,2000}?type\s*=\s*['\"]?password|"
    r"(?:src|href)\s*=\s*['\"]?\s*javascript:(?!\s*(?:void|;|['\"]|//|history|window\.print|print))",
    re.IGNORECASE,
)
ACTS = re.compile(
    r"<img\b[^<>]*\bonerror\s*=|<(?:body|svg|iframe|input|details|video|audio)\b[^<>]*\bon(?:load|error|focus|toggle)\s*=\s*['\"]?"
    r"(?:alert|eval|fetch|location|document|window|new\s)|<script\b[^<>]*\bsrc\s*=\s*['\"]?http://(?!localhost)|"
    r"\bsendBeacon\s*\(|(?:fetch|XMLHttpRequest)\b[^;\n]{0,200}['\"`]https?://(?!cdn|unpkg|localhost)",
    re.IGNORECASE,
)
# Links of Markdown, `[x](...)` and `[x]: ...`, of the same kind.
PROSE_LINKS = re.compile(
    r"\]\(\s*(?:<\s*)?(?:(?:javascript|vbscript):|data:text/html)|"
    r"^ {0,3}\[[^\]\n]{1,200}\]:\s*<?(?:(?:javascript|vbscript):|data:text/html)|"
    r"^(?! {4}|\t).*(?:<\?php\b|\bphp:function\s*\()",
    re.IGNORECASE | re.MULTILINE,
)
CURE = "do not open it; ask who made it."


def judge(text: str, place: str, *, prose: bool = False) -> Iterator[Issue]:
    """`prose`: texts such as Markdown, in which code may be quoted."""
    if prose:
        text = re.sub(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`", "", text, flags=re.DOTALL)
    plain = text.lower()
    found = PROSE_LINKS.search(text) if prose else None
    if not found and any(word in plain for word in ALWAYS_WITH):
        found = ALWAYS.search(text)
    if not found and any(word in plain for word in ACTS_WITH) and not any(word in plain for word in KNOWN):
        found = ACTS.search(text)
    if found:
        said = f"It reaches beyond the page when it is shown ({found[0].strip()[:40]})"
        yield Issue("high", f"{said}: {CURE}", "page_acts", place)
