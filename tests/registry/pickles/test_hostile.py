"""Each technique's sample is blocked, its honest neighbour is not, and no bytes make the check fall over."""

from __future__ import annotations

import io
import pickle
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter, itemgetter
from pathlib import Path

import numpy
import pytest
from scipy import special, stats

from registry.checks.pickle_imports import run
from registry.pickles.containers import Content
from registry.pickles.hidden import windows
from registry.pickles.opcodes import Budget
from tests.registry.pickles import gadgets, hostile
from tests.registry.pickles.hostile import PLAIN, Sample, npy, short, tarred, text, torch, zipped

FAMILIES = (
    hostile.named,
    hostile.operations,
    hostile.broken,
    hostile.packed,
    hostile.archived,
    hostile.polyglots,
    hostile.arrays,
    gadgets.gadgets,
    gadgets.texts,
    hostile.bombs,
)
ROOT = Path(__file__).parents[3]
MOST_TURNS = 600_000_000  # of an empty loop, in whose processor time a bomb has to end; measured: 350
STORAGE = (
    b"\x80\x02}" + text("w") + b"ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage")
    + b"ctorch\nFloatStorage\n" + text("0") + text("cpu") + b"K\x10tQK\x00K\x10\x85K\x01\x85\x89"
    + b"ccollections\nOrderedDict\n)RtRs."
)  # fmt: skip


def found(content: bytes, name: str) -> list[tuple[str, str]]:
    file = io.BytesIO(content)
    file.name = name
    return [(issue.severity, issue.name) for issue in run(file)]


def blocked(content: bytes, name: str) -> bool:
    return any(severity in {"critical", "high"} for severity, _ in found(content, name))


@pytest.mark.parametrize(
    "family",
    [
        pytest.param(family, marks=pytest.mark.slow) if family is hostile.bombs else family
        for family in FAMILIES
    ],
    ids=lambda family: family.__name__,
)
def test_every_hostile_sample_is_blocked(family: Callable[[], Iterator[Sample]]):
    assert [name for _, name, content in family() if not blocked(content, name)] == []


@pytest.mark.slow
def test_every_bomb_ends_soon():
    slow = []
    for _, name, content in hostile.bombs():
        most = MOST_TURNS * seconds_of_a_turn()
        begun = time.process_time()
        found(content, name)
        if (took := time.process_time() - begun) > most:
            slow.append(f"{name}: {took:.1f} of {most:.1f} s")

    assert slow == []


def seconds_of_a_turn() -> float:
    """Of a loop that does nothing: how fast this machine is now, beside whatever else it does."""
    begun = time.process_time()
    for _ in range(2_000_000):
        pass
    return (time.process_time() - begun) / 2_000_000


PEAK = """
from pathlib import Path
from tests.registry.pickles.test_hostile import found, hostile
for _, name, content in hostile.bombs():
    found(content, name)
lines = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""  # what getrusage says is inherited from whoever started the process


@pytest.mark.slow
def test_no_bomb_takes_much_memory():
    """In a process of its own: what other tests took would count, too."""
    done = subprocess.run([sys.executable, "-c", PEAK], cwd=ROOT, capture_output=True, text=True, check=True)

    assert int(done.stdout) < 1 << 19  # KiB; with all that tests import, and the samples themselves


def nested_torch(pickled: bytes) -> bytes:
    """How a module is pickled without torch.save: its storages are files of torch's in constant bytes."""
    inner = torch(pickled)
    return (
        b"\x80\x02ctorch.storage\n_load_from_bytes\nB" + len(inner).to_bytes(4, "little") + inner + b"\x85R."
    )


FLOATS = b"\x93NUMPY\x01\x00\x46\x00" + b"{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}".ljust(70)
DILL_TYPE = b"\x80\x02cdill._dill\n_load_type\n"
NEIGHBOURS = {
    "torch.pt": torch(STORAGE),
    "torch.ckpt": torch(STORAGE, "epoch=3"),
    "state-of-training.pt": torch(pickle.dumps({"epoch": 3, "best": 0.5}, 2)),
    "legacy.pt": pickle.dumps(0x1950A86A20F9469CFC6C, 2)
    + pickle.dumps(1001, 2)
    + pickle.dumps({"little_endian": True}, 2)
    + STORAGE
    + pickle.dumps(["0"], 2)
    + (16).to_bytes(8, "little")
    + bytes(64),
    "tar.pt": tarred({"storages": pickle.dumps(0), "tensors": pickle.dumps(0), "pickle": STORAGE}),
    "module.pkl": nested_torch(STORAGE),
    "script.pt": torch(
        b"\x80\x02c__torch__.net\nNet\n)\x81}" + text("training") + b"\x89sb.",
        **{
            "archive/code/__torch__/net.py": b"class Net(Module):\n  __parameters__ = []\n  training : bool\n"
            b"  def forward(self: __torch__.net.Net,\n    x: Tensor) -> Tensor:\n"
            b"    _0 = ops.prim.NumToTensor(1)\n"
            b"    return torch.relu(torch.load_balance(x))\n",
            "archive/code/__torch__/net.py.debug_pkl": pickle.dumps(((1, (2, 3)),), 2),
        },
    ),
    "script-mobile.ptl": torch(
        b"\x80\x02c__torch__.net\nNet\n)\x81}" + text("training") + b"\x89sb.",
        **{"archive/bytecode.pkl": pickle.dumps((("ops", (("aten::conv2d", ""), ("aten::relu_", ""))),), 2)},
    ),
    "script-quantized.pt": torch(
        PLAIN, **{"archive/code/q.py": b"p : __torch__.torch.classes.quantized.LinearPackedParamsBase\n"}
    ),
    "wrong-checksum.pt": hostile.patched(torch(STORAGE), b"PK\x01\x02", 16, b"\0\1\2\3"),
    "enumeration.pkl": b"\x80\x03cbuiltins\ngetattr\nctransformers.trainer_utils\nIntervalStrategy\n"
    + text("STEPS") + b"\x86R.",
    "bound-method.pkl": b"\x80\x02csklearn.base\nBaseEstimator\n)\x81}" + text("by") + b"cbuiltins\ngetattr\n"
    b"csklearn.base\nBaseEstimator\n)\x81" + text("fit") + b"\x86Rsb.",
    "formula.pkl": b"\x80\x02cstatsmodels.base.data\nPandasData\n)\x81}("
    + text("restore_design_info") + b"\x88" + text("formula") + text("y ~ a + C(b)*c") + b"ub.",
    **{
        f"formula-{number}.pkl": hostile.formula(of)
        for number, of in enumerate(
            (
                "y ~ x + I(x**2) + I(x / 2.5)",
                "np.log(y) ~ np.power(x, 2) + C(g, Treatment(reference='b'))",
                "y ~ bs(x, df=4) + Q('my column') - 1",
                "y ~ (x + z)**2 + C(g, Sum) + standardize(x)",
            )
        )
    },
    "dill-error.pkl": DILL_TYPE + text("ValueError") + b"\x85R" + text("x") + b"\x85R.",
    "dill-partial.pkl": DILL_TYPE + text("PartialType") + b"\x85Rcnumpy\nmean\n\x85R.",
    "dill-range.pkl": b"\x80\x02cdill._dill\n_eval_repr\n" + text("range(0, 2)") + b"\x85R.",
    "dill-singleton.pkl": b"\x80\x02cdill._dill\n_eval_repr\n" + text("Ellipsis") + b"\x85R.",
    "cloudpickle-namespace.pkl": b"\x80\x02ccloudpickle.cloudpickle\n_builtin_type\n"
    + text("SimpleNamespace") + b"\x85R)R}" + text("a") + b"K\x01sb.",
    "tensor-in-protocol-2.pkl": b"\x80\x02ctorch.storage\n_load_from_bytes\nc_codecs\nencode\n"
    + text(pickle.dumps({"a": "x" * 300}, 2).decode("latin-1")) + text("latin1") + b"\x86R\x85R.",
    **{
        f"{name}.pkl": b"\x80\x02c" + f"{module}\n{name}\n)".encode() + b"\x81}" + text("a") + b"K\x01sb."
        for module, name in (
            ("gymnasium.spaces.box", "Box"),
            ("stable_baselines3.common.utils", "ConstantSchedule"),
            ("stable_baselines3.dqn.policies", "DQNPolicy"),
            ("torch_geometric.data.data", "Data"),
            ("torch.distributions.normal", "Normal"),
            ("transformers.models.bert.modeling_bert", "BertSelfAttention"),
            ("transformers.models.bert.configuration_bert", "BertConfig"),
            ("timm.models.resnet", "ResNet"),
            ("torchvision.models.mnasnet", "MNASNet"),
            ("statsmodels.robust.norms", "HuberT"),
        )
    },
    "tensor-in-few-letters.pkl": b"\x80\x02ctorch.storage\n_load_from_bytes\nc_codecs\nencode\n"
    + text(pickle.dumps({"a": 1, "b": b"\xff"}, 2).decode("latin-1")) + text("latin1") + b"\x86R\x85R.",
    "columns.pkl": pickle.dumps({"key": itemgetter("a", 1), "field": attrgetter("values.size")}, 4),
    **{
        f"{name}.pkl": b"\x80\x02c" + f"{module}\n{name}\n)".encode() + b"\x81}" + text("a") + b"K\x01sb."
        for module, name in (
            ("scipy.stats._kde", "gaussian_kde"),
            ("scipy.interpolate._interpnd", "LinearNDInterpolator"),
            ("statsmodels.regression.rolling", "RollingOLS"),
            ("statsmodels.distributions.discrete", "zipoisson_gen"),
            ("nltk.lm.models", "KneserNeyInterpolated"),
            ("torch.utils.data.dataloader", "DataLoader"),
            ("pandas.core.resample", "TimeGrouper"),
        )
    },
    "result.pkl": pickle.dumps(stats.describe([1, 2, 3]), 4),
    "functions.pkl": pickle.dumps([special.expit, stats.zscore], 4),
    "ufunc.pkl": b"\x80\x02cnumpy.core\n_ufunc_reconstruct\n" + text("numpy") + text("log1p") + b"\x86R.",
    "distribution.pkl": pickle.dumps(stats.uniform(0, 1), 4),
    "search.pkl": pickle.dumps({"C": stats.loguniform(1e-3, 1), "n": stats.randint(1, 9)}, 2),
    "dill.pkl": b"\x80\x04" + short("dill._dill") + short("_load_type") + b"\x93" + short("int") + b"\x85R.",
    "zone.pkl": b"\x80\x02cbuiltins\ngetattr\nczoneinfo\nZoneInfo\n" + text("_unpickle") + b"\x86R("
    + text("Europe/Berlin") + b"K\x01tR.",
    "array.npy": npy(pickle.dumps(numpy.array([None, 1], object))),
    "python-2.npy": FLOATS.replace(b"(2,)} ", b"(2L,)}") + bytes(8),
    "numbers-like-a-pickle.npz": zipped(
        {"a.npy": FLOATS + b"\x80\x02K\x01K\x02."}
    ),
    "storage-like-a-pickle.pt": torch(STORAGE, **{"archive/data/1": b"\x80\x03K\x01K\xff\xff\xff\xff"}),
    "bytes-in-protocol-2.pkl": pickle.dumps({"raw": b"\x00\xff" * 900}, 2),
    "booster.pkl": b"\x80\x04" + short("xgboost.core") + short("Booster") + b"\x93)\x81}" + short("handle")
    + b"Nsb.",
    "tokens.bin": numpy.random.default_rng(7).integers(600, 700, 1 << 20, "u2").tobytes(),
    "letters.png": b"\x89PNG\r\n\x1a\n" + bytes(64) + b"weighticos\nsystem\nof letters",
    "words.txt": b"cats and dogs\nlike food\n(R.",
    "model.json": b'{"a": "gASVnotapickleatallbutlookslikeoneabit"}',
    "pictures.tar": tarred({f"{number}.png": b"\x89PNG\r\n\x1a\n" + bytes(99) for number in range(20)}),
    "deflated.zip": zipped({"a.txt": b"hello " * 1000}, zipfile.ZIP_DEFLATED),
}  # fmt: skip


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_an_honest_neighbour_yields_nothing_that_blocks(name):
    assert [issue for issue in found(NEIGHBOURS[name], name) if issue[0] in {"critical", "high"}] == []


def test_no_neighbour_of_a_gadget_is_blocked():
    held = [(name, found(content, name)) for _, name, content in gadgets.neighbours()]

    assert [
        (name, issues) for name, issues in held if {kind for kind, _ in issues} & {"critical", "high"}
    ] == []


def test_raw_numbers_are_no_pickles_by_chance():
    chance = random.Random(9)
    archives = [
        torch(PLAIN, **{f"archive/data/{number}": chance.randbytes(256) for number in range(1, 200)})
        for _ in range(40)
    ]

    assert [found(content, "model.pt") for content in archives if blocked(content, "model.pt")] == []


def test_a_known_class_made_with_a_file_name_is_told():
    content = b"\x80\x02clightgbm.basic\nBooster\nN" + text("model.txt") + b"\x86R."

    assert found(content, "model.pkl") == [("high", "with_arguments:lightgbm.basic.Booster")]


@pytest.mark.parametrize("start", [b"", b"\x80\x02", b"\x80\x06"], ids=["old", "announced", "of-tomorrow"])
@pytest.mark.parametrize("kind", ["|O", "object", "|\\x4f"])
def test_an_unknown_name_in_an_array_of_objects_is_told(start, kind):
    array = npy(start + b"cfraudkit.models\nModel\n)R.").replace(b"|O", kind.encode(), 1)

    assert ("high", "fraudkit.models.Model") in found(array, "array.npy")


def test_a_pickle_of_a_protocol_that_does_not_exist_yet_is_read():
    assert found(b"\x80\x06cfraudkit.models\nModel\n)R.", "model.bin") == [("high", "fraudkit.models.Model")]


def test_a_name_reached_through_a_known_module_is_what_it_really_is():
    content = b"\x80\x04" + short("sklearn") + short("base.os.system") + b"\x93" + short("x") + b"\x85R."

    assert found(content, "model.pkl") == [("critical", "os.system")]


def test_what_is_hidden_behind_a_picture_is_told_with_its_place():
    file = io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(64) + hostile.RUNS)
    file.name = "picture.png"

    (issue,) = run(file)

    assert (issue.severity, issue.name, issue.place) == ("critical", "os.system", "byte 74")


def test_who_begins_in_the_middle_counts_the_memo_otherwise():
    texts = [short(word) + b"\x94" for word in ("builtins", "set", "os", "system")]
    middle = b"cbuiltins\nset\n0" + b"0".join(texts[2:]) + b"0h\0h\1\x93)R."

    assert found(b"\x80\x04" + b"".join(texts[:2]) + middle, "model.pkl") == [("critical", "os.system")]


def test_a_long_name_keeps_sixteen_digits_of_its_digest():
    content = b"\x80\x02c" + b"a" * 300 + b"\nb\n)R."

    ((_, name),) = found(content, "model.pkl")

    assert len(name.rpartition("…")[2]) == 16


def test_members_after_many_are_searched_at_their_beginning():
    budget = Budget()
    budget.whole = 300_000
    member = Content("a!b", partial(io.BytesIO, bytes(200_000)), size=200_000, depth=1)

    found = [len(data) for _ in range(2) for _, data in windows(member, budget)]

    assert found == [200_000, 1 << 16]


def mutated(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content[:20_000])
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(changed)) if changed else 0
        match chance.randrange(4):
            case 0:
                changed[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[place : place + chance.randint(1, 9)]
            case 2:
                changed[place:place] = chance.randbytes(chance.randint(1, 9))
            case 3:
                changed[place : place + 4] = chance.choice(
                    [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f"]
                )
    return bytes(changed)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_whatever_is_changed_the_check_comes_to_its_end(seed):
    chance = random.Random(seed)
    kept = [
        (name, content)
        for family in FAMILIES[1:-1]
        for _, name, content in family()
        if len(content) < 1 << 20
    ]
    begun = time.process_time()

    rounds = 0
    while time.process_time() - begun < (3 if seed == 1 else 25):
        name, content = chance.choice(kept)
        found(mutated(content, chance), name)
        rounds += 1

    assert rounds > 100
