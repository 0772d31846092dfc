"""Source in other languages than Python, and lines for a shell: by their words, what runs programs.

Such a file is seldom part of a model; where it is (kernels in C, a runtime in JavaScript, scripts in R), it
computes. Sources: MITRE ATT&CK T1059 and its parts.
"""

from __future__ import annotations

import re

from registry.parsers import words

CODE = words(
    """
    js mjs cjs ts jsx tsx rb pl pm php phtml lua r jl go java kt scala cs vb groovy gradle awk tcl scpt
    applescript c cc cpp
    cxx h hpp cu cuh m mm rs swift pyx pxd ex exs erl hs ml clj nim d f90 ipy sage ksh dart zig
    """
)
RUNS = re.compile(
    r"child_process|\bRuntime\.getRuntime\(|\bProcessBuilder\b|\bProcess\.(?:Start|run|spawn)\b|\bProcessStartInfo\b|"
    r"\bos/exec\b|\bexec\.Command\b|\bstd::process\b|\bCommand::new\b|(?<![\w.>])(?:system|popen|_popen|execl[pe]?|execv[pe]{0,2}|"
    r"shell_exec|passthru|proc_open|pcntl_exec|system2|ShellExecute[AW]?|CreateProcess[AW]?|WinExec|posix_spawnp?|NSTask)\s*\(|"
    r"\bos\.execute\b|\bio\.popen\b|\bdo shell script\b|\bOpen3\.|\bKernel\.(?:system|exec|spawn)\b|%x[\[({]|"
    r"(?<![\w.])(?:exec|spawn)Sync?\s*\(|['\"]\.execute\(\)|\bcommandLine\s+['\"]|\brun\s*\(\s*`|"
    r"\beval\s*\(\s*(?:base64_decode|atob|gzinflate|Buffer\.from)|<\?php[^?]{0,400}\$_(?:GET|POST|REQUEST)|"
    r"^[^\S\n]*exec\s+(?:sh|bash|echo|curl|wget|/)",
    re.MULTILINE,
)
FETCHES = re.compile(
    r"\b(?:curl|wget)\b[^\n|;&]{0,300}(?:\||;|&&)\s{0,9}(?:sudo\s+)?(?:ba|z|da|k|)sh\b|\b(?:curl|wget)\b[^\n]{0,300}\|\s{0,9}python|/dev/tcp/|"
    r"\bnc(?:at)?\s[^\n]{0,80}\s?-\w{0,4}e\s|\bbase64\s+(?:-d|-D|--decode)\b[^\n]{0,80}\|\s{0,9}(?:ba|z|)sh|"
    r"\b(?:curl|wget)\b[^\n]{0,300}(?:;|&&)\s{0,9}(?:chmod\s+\S{1,9}\s|(?:ba|z|)sh\s|\./|/tmp/)|\bpowershell(?:\.exe)?\s+-(?:e|enc|w|nop|ex)\w*\b|"
    r"\bexecute_process\s*\(\s*COMMAND\s+(?:sh|bash|curl|wget|python)|\bIEX\s*\(|\brun_command\s*\(\s*['\"](?:sh|bash)"
)
# One of these stands in all that `FETCHES` finds. To look for them first is a hundred times faster.
FETCHING = ("curl", "wget", "/dev/tcp/", "base64", "powershell", "execute_process", "IEX", "run_command")
NETCAT = re.compile(r"nc(?:at)?\s")
SHELLED = re.compile(r"\$\(\s{0,9}(?:echo|printf)\b[^)\n]{0,300}base64|\.ssh/id_|\bLD_PRELOAD=")


def fetches(text: str) -> re.Match[str] | None:
    """The first thing in it that fetches and runs something."""
    seen = any(word in text for word in FETCHING) or NETCAT.search(text)
    return FETCHES.search(text) if seen else None
