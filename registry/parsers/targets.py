"""Names in a configuration that some program imports and calls: Hydra's `_target_` and its relatives.

`hydra.utils.instantiate`, LightningCLI, NeMo and others take a dotted name from a file and call it with what
stands beside it, whatever it is. So what known libraries build passes, what loads, runs or writes does not,
and what runs programs is told loudest. Sources: CVE-2025-23304 (NeMo), Hydra's "instantiate objects".
"""

from __future__ import annotations

import re
import sys

from registry.checks import Issue
from registry.parsers import words
from registry.pickles.names import danger

LIBRARIES = words(
    """
    torch torchvision torchaudio torchmetrics transformers diffusers lightning pytorch_lightning sklearn
    xgboost lightgbm catboost keras tensorflow timm peft accelerate datasets tokenizers nemo monai flax
    optax segmentation_models_pytorch sentence_transformers torch_geometric albumentations omegaconf jax
    numpy scipy pandas ultralytics mmcv mmdet mmseg speechbrain hydra_plugins wandb
    """
)
VALUES = words(
    """
    builtins.dict builtins.list builtins.set builtins.tuple builtins.int builtins.float builtins.str
    builtins.bool builtins.range builtins.slice pathlib.Path pathlib.PurePath
    """
)
RUNS = re.compile(
    r"(?:^|\.)(?:system|popen|exec|eval|execfile|call|check_call|check_output|Popen|run_module|run_path|import_module|"
    r"__import__|loads?|unsafe_load|full_load|read_pickle|get_object|get_method|get_class|instantiate|call_function|"
    r"load_state_dict_from_url|hub|cpp_extension|load_inline|urlopen|urlretrieve|get_file|rmtree|remove|unlink|"
    r"system_raw|getoutput|spawn\w*|startfile|run|f2py|exec_command|attrgetter|methodcaller|partial|breakpoint|"
    r"setattr|getattr|compile|write\w*|save\w*|copy\w*|move|rename)$|(?:^|\.)_|\.(?:hub|cpp_extension|f2py|distutils|"
    r"testing|utils\.collect_env|distributed\.run|cli)\."
)
# Functions of known libraries that start programs, fetch, unpack or install, by the words in their names.
WORKS = re.compile(
    r"(?:^|_)(?:exec|execute|launch\w*|subprocess|spawn|popen|shell|command|install|requirements|download|unzip|extract|rmtree|"
    r"remove|delete|unlink|main|resolver|library|script|dict2obj|upload|push)(?:_|$)|^load_(?:model|pickle|weights|module|code|lib\w*|"
    r"learner|checkpoint|object|file)|^from_config_dict$|^(?:gfile|tf_export|saved_model)$"
)
NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
STANDARD = sys.stdlib_module_names - {"collections", "datetime", "decimal", "fractions", "math", "uuid"}
CURE = (
    "name a class of a known library instead, or a steward who is not the author accepts exactly this name."
)


def judge(target: str, place: str) -> Issue | None:
    """What calling this name may mean; nothing for a class of a known library."""
    name = target.strip()
    if "${" in name and not NAME.fullmatch(name):
        return told("high", name, "which is put together while it is read", place)
    root, last = name.partition(".")[0], name.rpartition(".")[2]
    if not NAME.fullmatch(name.replace(":", ".")):
        return told("high", name, "which is no dotted name", place)
    if name in VALUES:
        return None
    if danger(name) or root in STANDARD:
        return told("critical", name, "which can run programs or read and write files", place)
    return unknown(name, root, last, place)


def unknown(name: str, root: str, last: str, place: str) -> Issue | None:
    """What is neither plainly dangerous nor plainly a value."""
    if RUNS.search(name) or (last[:1].islower() and WORKS.search(last)):
        return told("high", name, "which may load, run or write something", place)
    if root in LIBRARIES:
        return None
    if last[:1].isupper():
        return told("medium", name, "a class of no known library", place)
    return told("high", name, "a function of no known library", place)


def told(severity: str, name: str, what: str, place: str) -> Issue:
    said = f"Whoever makes objects from this file calls {name}, {what}"
    return Issue(severity, f"{said}: {CURE}", f"target:{name}", place)  # type: ignore[arg-type]
