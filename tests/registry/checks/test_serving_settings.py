"""Settings of servers of models name no code but the server's own."""

from __future__ import annotations

import pytest

from registry.checks import serving_settings
from tests.registry.checks.looking import look

HOSTILE = [
    ("Modelfile", "FROM ./model.gguf\nADAPTER http://host/x\n"),
    ("Modelfile", "FROM /etc/shadow\n"),
    ("chat.modelfile", 'FROM "../../other/model.gguf"\n'),
    ("Modelfile", 'FROM llama3\nTEMPLATE """{{ call .Exec "x" }}"""\n'),
    ("config.pbtxt", 'parameters: {key: "EXECUTION_ENV_PATH" value: {string_value: "/tmp/x.tar.gz"}}\n'),
    ("config.pbtxt", 'backend: "../../own"\n'),
    ("config.pbtxt", 'backend: "custom"\ndefault_model_filename: "libown.so"\n'),
    ("config.pbtxt", 'model_operations { op_library_filename: "x" }\n'),
    ("config.pbtxt", 'gpu_execution_accelerator: [{ name: "/tmp/own.so" }]\n'),
    ("serving.properties", "engine=Python\noption.entryPoint=own.py\n"),
    ("serving.properties", "engine=Python\noption.trust_remote_code=true\n"),
    ("serving.properties", "option.pythonExecutable=/tmp/own\n"),
    ("serving.properties", "engine=PyTorch\ntranslatorFactory=com.own.Factory\n"),
    ("serving.properties", "option.env=LD_PRELOAD=/tmp/x.so\n"),
]
HONEST = [
    ("Modelfile", 'FROM llama3.2:1b\nPARAMETER temperature 1\nTEMPLATE """{{ .System }} {{ .Prompt }}"""\n'),
    ("Modelfile", "FROM /usr/share/ollama/.ollama/models/blobs/sha256-0123\nADAPTER ./lora.gguf\n"),
    ("Modelfile", "FROM hf.co/org/model-GGUF:Q4_K_M\nLICENSE see https://host/license\n"),
    ("config.pbtxt", 'name: "m"\nbackend: "onnxruntime"\ndefault_model_filename: "model.onnx"\n'),
    ("config.pbtxt", 'backend: "python"\ninput [{ name: "TEXT" data_type: TYPE_STRING dims: [1] }]\n'),
    (
        "serving.properties",
        "engine=MPI\noption.entryPoint=djl_python.huggingface\noption.rolling_batch=auto\n",
    ),
    ("serving.properties", "engine=PyTorch\ntranslatorFactory=ai.djl.pytorch.zoo.X\n"),
]


@pytest.mark.parametrize(("name", "text"), HOSTILE)
def test_code_from_elsewhere_is_told(name, text):
    issues, _ = look(serving_settings, text.encode(), name)

    assert issues == [("high", "leads_elsewhere")]


@pytest.mark.parametrize(("name", "text"), HONEST)
def test_what_the_server_has_itself_is_no_issue(name, text):
    assert look(serving_settings, text.encode(), name) == ([], {})
