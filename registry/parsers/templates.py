"""Jinja templates, as models carry them for chats: which ones reach for more than the conversation.

Nothing is rendered or compiled. Only what stands inside `{{ }}` and `{% %}` counts; a template that never
does anything but print what it is given has no need of the things named here. Sources: CVE-2024-34359
(llama-cpp-python), CVE-2026-5760 (SGLang), jinja.palletsprojects.com/en/stable/sandbox, and chat templates
of models on the Hugging Face hub.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry.checks import Issue

MOST_TAGS = 100_000  # in one text: a second of work; the largest templates of chats have some hundreds
OPEN = re.compile(r"\{\{|\{%")
# Up to its end, which does not count inside a text, as the template engine reads it.
INNER_TEXT = r"""'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+\""""
TAG = {
    "{{": re.compile(rf"\{{\{{(?:{INNER_TEXT}|(?!\}}\}})[^'\"])*+\}}\}}", re.DOTALL),
    "{%": re.compile(rf"\{{%(?:{INNER_TEXT}|(?!%\}})[^'\"])*+%\}}", re.DOTALL),
}
COMMENT = re.compile(r"\{#.*?(?:#\}|\Z)", re.DOTALL)
RAW = re.compile(r"\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}", re.DOTALL)
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|N\{LOW LINE\})")
STRING = re.compile(r"""'(?:[^'\\]|\\.)*+(?:'|\\?\Z)|"(?:[^"\\]|\\.)*+(?:"|\\?\Z)""", re.DOTALL)

# Attributes by which a value leads to Python itself; no chat has a field of such a name.
INNER = (
    "class|bases?|mro|subclasses|subclasshook|globals|builtins?|import|init|init_subclass|dict|getattribute|getattr|"
    "getitem|reduce|reduce_ex|code|closure|func|self|module|loader|spec|call|new|enter|name|qualname|wrapped"
)
# Words of MediaWiki, whose templates look alike. One of them is an attribute in Python, of numbers.
WIKI = r"(?!__(?:(?:no|force)?toc|no(?:editsection|index|gallery)|index|hiddencat|newsectionlink|disambig)__)"
DUNDER = re.compile(
    rf"__(?:{INNER})(?:__)?(?![a-z])|(?<![a-z0-9]){WIKI}__[a-z]+(?:_[a-z]+)*__(?![a-z0-9])", re.IGNORECASE
)
FRAMES = re.compile(
    r"\b(?:func_globals|func_code|gi_frame|gi_code|cr_frame|cr_code|ag_frame|f_globals|f_builtins|f_locals|f_back|"
    r"tb_frame|im_func|im_class|_TemplateReference__context|_Context__self)\b"
)
CALLS = re.compile(
    r"\b(?:popen|eval|exec|execfile|compile|import_module|__import__|getattr|setattr|globals|locals|breakpoint|open|vars|dir)\s*\(|"
    r"\brequest\s*[.\[]|\bos\s*\.\s*\w+|\bsys\s*\.\s*modules|\bmro\s*\(|\b(?:requests|urllib|socket|shutil|pathlib)\s*\.\s*\w+"
)
WORDS = re.compile(
    r"\b(?:popen|subprocess|subclasses|builtins|importlib|check_output|getoutput|os\.system|func_globals)\b|"
    r"\[\s*['\"](?:os|sys|eval|exec|open|mro|getattr)['\"]\s*\]"
)
OBJECTS = re.compile(
    r"\b(?:cycler|joiner|namespace|url_for|self|request|config|application|current_app|g|session|undefined|loop|"
    r"range|dict|strftime_now|raise_exception)\s*(?:\.\s*(?:application|_\w+)|\[\s*['\"]_)|"
    r"\b(?:lipsum|get_flashed_messages)\b|\bconfig\s*\.\s*(?:items|from_\w+)\b"
)
FILTERS = re.compile(r"\|\s*(?:attr|eval|exec|system|shell)\b")
BUILT = re.compile(
    r"['\"]_+['\"]\s*(?:\*|,\s*['\"]_+['\"]|[~+]\s*['\"]_+['\"])|['\"]__['\"]\s*[~+%]|[~+]\s*['\"]__['\"]|%c|"
    r"\|\s*format\s*\(\s*9[0-9]|\bchr\s*\(|['\"]__?(?:cla|glo|bui|imp|mr|sub|ini)[a-z]{0,8}['\"]\s*[~+)\]]|"
    r"[~+]\s*['\"][a-z]{0,8}(?:ss|als|tins|ort|ses|it)__['\"]|\bb64decode\b|\bfromhex\b|__ssalc__|__slabolg__|\|\s*string\s*\|\s*list\b|"
    r"(?:''|\"\")\s*\["
)
LOADED = re.compile(r"\{%[-+]?\s*(?:include|import|extends|from)\b")
OUTSIDE = re.compile(
    r"\{%[-+]?\s*(?:include|import|extends|from)\s*[\[(]?\s*['\"](?:/|\w:|\w+://|[^'\"]*\.\.)"
)
# A key that is put together where it is asked for. Where a list begins, a sign or one of these words stands.
LISTS = r"(?:in|if|elif|else|and|or|not|is|return)\b"
KEY = re.compile(rf"(?:\b(?!{LISTS})\w+|[\])'])\s*\[(?:[^\[\]~]|\[[^\[\]]*\])*?(?:~|'\s*\+|(?<!\+)\+\s*')")
# What puts a text together, where a key is made in the brackets, or before that under a name.
MAKES = (
    r"(?:\|\s*(?:join|replace|center|format|reverse|urlize|indent)\b|\.\s*(?:join|replace|center|ljust|rjust|zfill|translate|"
    r"format|removeprefix|removesuffix|expandtabs|swapcase)\s*\()"
)
KEY_MADE = re.compile(
    rf"(?:\b(?!{LISTS})\w+|[\])'])\s*\[[^\[\]]{{0,200}}{MAKES}|"
    r"\|\s*(?:selectattr|rejectattr|groupby)\s*\(\s*[^'\")\s]|\battribute\s*=\s*[^'\"\s]"
)
NAMED = re.compile(
    r"\{%[-+]?\s*(?:set|for|with)\s+([\w., ]{1,100}?)\s*(?:=|\bin\b)((?:(?!%\}).){0,2000})", re.DOTALL
)
BLOCK = re.compile(r"\{%[-+]?\s*set\s+([\w.]{1,100})\s*(?:\|[^%]{0,100})?[-+]?%\}")
PIECED = re.compile(MAKES + r"|~|[\]'\"]\s*\+|\+\s*['\"]")
USED = re.compile(r"[\w\])]\s*\[\s*([A-Za-z_][\w.]{0,99})\s*\]")
SCRIPT = re.compile(r"<script\b|javascript:|<iframe\b|onerror\s*=", re.IGNORECASE)
LARGE = re.compile(
    r"\d\s*\*\*\s*\d+\s*\*\*|range\s*\([^)]*?(\d{8,}|\d+\s*\*\*\s*\d+|\d{4,}\s*\*\s*\d{4,})|\*\*\s*\d{3,}|\*\s*\d+\s*\*\*\s*\d+|\*\s*\d{8,}|"
    # one such loop in another: the engine itself allows 100,000 in each
    r"\bin\s+range\s*\(\s*\d{4,}\s*\)\s*[-+]?%\}(?:(?!endfor).){0,2000}?\bin\s+range\s*\(\s*\d{4,}\s*\)",
    re.DOTALL,
)

RULES = (
    ("critical", DUNDER, "template_dunder", "reaches behind a value to Python's own attributes"),
    ("critical", FRAMES, "template_frame", "reaches for frames or code of the program that renders it"),
    ("critical", WORDS, "template_word", "names something by which programs are run"),
    ("critical", CALLS, "template_call", "names something that runs programs, opens files or imports"),
    ("high", OBJECTS, "template_object", "uses an object of the template engine by which one gets out of it"),
    (
        "high",
        FILTERS,
        "template_filter",
        "uses a filter that fetches attributes by a name made up while rendering",
    ),
    ("high", BUILT, "template_built", "puts names together while rendering, as one does to hide them"),
    ("high", KEY, "template_key", "asks for a key that is put together while rendering"),
    ("high", OUTSIDE, "template_outside", "loads a file by a path that leads elsewhere"),
    ("medium", LOADED, "template_include", "loads other templates"),
    ("high", LARGE, "template_cost", "would count so far that rendering does not end"),
)
JOINS = re.compile(r"[~+%]|\|\s*(?:join|replace|format)\b|\.(?:join|replace|format)\b")
WITHOUT_TEXTS = (CALLS, FILTERS, KEY)  # what stands in a text is only printed
CURE = "do not render it; take the template from the model's original source."


def is_template(text: str) -> bool:
    return "{{" in text or "{%" in text


def judge(text: str, place: str, chat: bool = False) -> Iterator[Issue]:
    """At most one issue of each kind. `chat`: it stands alone, so that it has nothing to load."""
    if text.count("{{") + text.count("{%") > MOST_TAGS:
        said = "It holds more of a template than can be looked at"
        yield Issue("high", f"{said}: {CURE}", "template_size", place)
        return
    code = "\n".join(tags(text))
    plain = unescaped(code)
    if not DUNDER.search(plain) and any(DUNDER.search(put_together(tag)) for tag in tags(text)):
        said = "The template puts one of Python's own attributes together from pieces"
        yield Issue("critical", f"{said}: {CURE}", "template_pieces", place)
    if plain != code and DUNDER.search(plain) and not DUNDER.search(code):
        said = "The template hides Python's own attributes behind escapes"
        yield Issue("critical", f"{said}: {CURE}", "template_escape", place)
    bare = STRING.sub("''", plain)
    if KEY_MADE.search(plain) or not made_up(plain).isdisjoint(USED.findall(bare)):
        said = "The template asks for a key that it has put together before"
        yield Issue("high", f"{said}: {CURE}", "template_made_key", place)
    for grave, pattern, name, what in RULES:
        severity = "high" if chat and pattern is LOADED else grave
        if pattern.search(bare if pattern in WITHOUT_TEXTS else plain):
            yield Issue(severity, f"The template {what}: {CURE}", name, place)  # type: ignore[arg-type]
    if SCRIPT.search(text):
        said = "The template writes a script into what is shown to people"
        yield Issue("high", f"{said}: {CURE}", "template_script", place)


def made_up(code: str) -> set[str]:
    """Names under which a text lies that was put together, or that was rendered."""
    pieced = ",".join(names for names, value in NAMED.findall(code) if PIECED.search(value))
    return {*BLOCK.findall(code), *map(str.strip, pieced.split(","))}


def tags(text: str) -> Iterator[str]:
    """What is code in a template, without comments and what stands there as it is."""
    stripped = RAW.sub("", COMMENT.sub("", text)) if "endraw" in text or "{#" in text else text
    at = 0
    while found := OPEN.search(stripped, at):
        whole = TAG[found[0]].match(stripped, found.start())
        if whole is None:  # never closed: the rest is what may run
            yield stripped[found.start() :]
            return
        yield whole[0]
        at = whole.end()


def put_together(tag: str) -> str:
    """The texts of one tag as one, where it adds or joins any."""
    if not JOINS.search(tag):
        return ""
    return "".join(found[0][1:-1] for found in STRING.finditer(tag))


def unescaped(code: str) -> str:
    """With escapes in texts resolved, as the template engine reads them."""
    code = code.replace("\\\n", "")
    return ESCAPE.sub(lambda found: character(found), code) if "\\" in code else code


def character(found: re.Match[str]) -> str:
    for group, base in ((1, 16), (2, 16), (3, 16), (4, 8)):
        if found[group]:
            number = int(found[group], base)
            return chr(number) if 32 <= number < 127 else " "
    return "_"
