"""Hostile files of the pickle family, one for each technique and protocol, made by hand so that nothing here
can run one: what they would call only echoes.

Sources of the techniques: CPython's pickletools; the advisories of picklescan, fickling and modelscan; "The
Art of Hide and Seek: Making Pickle-Based Model Supply Chain Poisoning Stealthy Again" (2025);
ReversingLabs, "nullifAI" (2025); torch/serialization.py; numpy/lib/format.py; joblib/numpy_pickle.py.
"""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import pickle
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

Sample = tuple[str, str, bytes]  # a family, a file name that says what it is, its bytes

ECHO = b"echo"
# Each calls something that runs, loads, imports, opens or reaches further.
NAMES = """
os.system posix.system nt.system os.popen os.execv os.spawnv subprocess.Popen subprocess.call
subprocess.run subprocess.check_output subprocess.getoutput builtins.eval builtins.exec builtins.compile
builtins.__import__ builtins.getattr builtins.open builtins.breakpoint __builtin__.eval
__builtin__.execfile commands.getoutput importlib.import_module runpy.run_path runpy.run_module
runpy._run_code code.InteractiveInterpreter codeop.compile_command pty.spawn webbrowser.open
timeit.timeit timeit.main cProfile.run profile.run profile.Profile.run pdb.run bdb.Bdb.run
trace.Trace.run doctest.debug_script pydoc.pipepager pydoc.locate
idlelib.pyshell.ModifiedInterpreter.runcode idlelib.autocomplete.AutoComplete.get_entity
lib2to3.pgen2.grammar.Grammar.loads lib2to3.pgen2.pgen.ParserGenerator.make_label ensurepip._run_pip
venv.create asyncio.unix_events._UnixSubprocessTransport._start asyncio.run
multiprocessing.util.spawnv_passfds concurrent.futures.process.ProcessPoolExecutor ctypes.CDLL
ctypes.cdll.LoadLibrary _ctypes.dlopen imp.load_dynamic marshal.loads pickle.loads pickle.load
_pickle.loads cPickle.loads dill.loads cloudpickle.loads shelve.open joblib.load numpy.load
numpy.fromfile numpy.testing._private.utils.runstring numpy.f2py.crackfortran.getlincoef
numpy.f2py.crackfortran._eval_length numpy.lib.npyio.DataSource numpy.core._ufunc_reconstruct
pandas.read_pickle pandas.io.pickle.read_pickle pandas.eval pandas.core.computation.eval.eval torch.load
torch.hub.load torch.serialization.load torch.utils.bottleneck.__main__.run_cprofile
torch.utils._config_module.load_config torch.utils.collect_env.run
torch.utils.data.datapipes.utils.decoder.basichandlers
torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression
torch.jit.unsupported_tensor_ops.execWrapper torch._dynamo.guards.GuardBuilder.get
torch._inductor.codecache.compile_file torch.distributed.rpc.internal._run_function
scipy.stats._distn_infrastructure.rv_continuous scipy.io.loadmat sympy.sympify types.FunctionType
types.CodeType functools.reduce operator.attrgetter operator.methodcaller _operator.methodcaller
operator.call itertools.starmap builtins.map builtins.filter socket.create_connection
urllib.request.urlopen requests.get http.client.HTTPSConnection ftplib.FTP smtplib.SMTP telnetlib.Telnet
ssl.get_server_certificate logging.config.listen logging.FileHandler shutil.rmtree shutil.move os.remove
os.rename pathlib.Path.write_text tempfile.mktemp glob.glob linecache.getlines fileinput.input
zipfile.ZipFile tarfile.open sqlite3.connect gzip.open io.open io.FileIO sys.exit sys.setrecursionlit
os.abort os.kill signal.alarm threading.Thread _thread.start_new_thread atexit.register
copyreg.add_extension gc.get_objects inspect.getattr_static site.addsitedir zipimport.zipimporter
pkgutil.resolve_name distutils.spawn.spawn distutils.file_util.write_file setuptools.sandbox.run_setup
pip.main pip._internal.main xmlrpc.client.ServerProxy smtpd.PureProxy aiohttp.client.ClientSession
boto3.client huggingface_hub.snapshot_download cffi.FFI
IPython.core.interactiveshell.InteractiveShell.system tensorflow.io.write_file tensorflow.load_library
keras.models.load_model transformers.AutoModel.from_pretrained transformers.pipelines.pipeline
statsmodels.iolib.smpickle.load_pickle nltk.data.load sklearn.datasets.load_files
sklearn.utils._joblib.load sklearn.externals.joblib.load xgboost.Booster.load_model cgitb.lookup
uuid._get_command_stdout platform.popen _osx_support._read_output _aix_support._read_cmd_output
_pyrepl.pager.pipe_pager ctypes.util._findLib_gcc distutils._msvccompiler._find_vc2017 msilib.Directory
turtle.read_docstrings wsgiref.simple_server.demo_app fraudkit.models.Model mypackage.util.load
"""
CALLABLES = NAMES.split()


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


TABLE = b"cpandas.core.frame\nDataFrame\n)\x81"


def formula(of: str, frame: bytes = TABLE, more: bytes = b"") -> bytes:
    """Data of statsmodels, which evaluates its formula over its table when it is loaded."""
    state = text("restore_design_info") + b"\x88" + text("formula") + text(of) + text("frame") + frame + more
    return b"\x80\x02cstatsmodels.base.data\nPandasData\n)\x81}(" + state + b"ub."


def short(value: str) -> bytes:
    return b"\x8c" + bytes([len(value.encode())]) + value.encode()


def split(name: str) -> tuple[str, str]:
    """Module and name; a capital begins a class, whose attribute follows."""
    parts = name.split(".")
    at = next((place for place, part in enumerate(parts) if part[:1].isupper()), len(parts) - 1) or 1
    return ".".join(parts[:at]), ".".join(parts[at:])


def calls(name: str = "os.system", protocol: int = 2, argument: bytes = ECHO) -> bytes:
    """A pickle that calls one thing with one text, as that protocol writes it."""
    module, attribute = split(name)
    word = argument.decode()
    if protocol == 0:
        return f"c{module}\n{attribute}\n(V{word}\ntR.".encode()
    if protocol == 1:
        return f"c{module}\n{attribute}\n(".encode() + text(word) + b"tR."
    begin = bytes([0x80, protocol])
    if protocol < 4:
        return begin + f"c{module}\n{attribute}\n".encode() + text(word) + b"\x85R."
    body = short(module) + b"\x94" + short(attribute) + b"\x94\x93\x94" + short(word) + b"\x94\x85\x94R\x94."
    return begin + b"\x95" + struct.pack("<Q", len(body)) + body


RUNS = calls()
PLAIN = pickle.dumps({"weights": [1.0, 2.0]})


def named() -> Iterator[Sample]:
    for number, name in enumerate(CALLABLES):
        for protocol in (number % 3, 3 + number % 3):
            yield "callables", f"{name}-{protocol}.pkl", calls(name, protocol)


def operations() -> Iterator[Sample]:
    """Every way in which a pickle can import and call."""
    get = b"cbuiltins\ngetattr\n"
    ways = {
        "inst": b"(S'echo'\nios\nsystem\n.",
        "inst-2": b"\x80\x02(" + text("echo") + b"ios\nsystem\n.",
        "obj": b"\x80\x02(cos\nsystem\n" + text("echo") + b"o.",
        "newobj": b"\x80\x02csubprocess\nPopen\n" + text("echo") + b"\x85\x81.",
        "newobj-ex": b"\x80\x04"
        + short("subprocess")
        + short("Popen")
        + b"\x93"
        + short("echo")
        + b"\x85}\x92.",
        "build": b"\x80\x02cfraudkit\nLoader\n)\x81}" + text("path") + text("x") + b"sb.",
        "build-slots": b"\x80\x02cfraudkit\nLoader\n)\x81N}" + text("path") + text("x") + b"s\x86b.",
        "build-class": b"\x80\x02csklearn.linear_model._base\nLinearRegression\n}"
        + text("fit")
        + b"cos\nsystem\nsb.",
        "change-class": b"\x80\x02csklearn.linear_model._base\nLinearRegression\n}"
        + text("fit")
        + text("x")
        + b"sb.",
        "getter-called": b"\x80\x02coperator\nitemgetter\n" + text("a") + b"\x85R}\x85R.",
        "getter-of-getter": b"\x80\x02coperator\nattrgetter\n" + text("__class__.mro") + b"\x85R.",
        "getter-handed-on": b"\x80\x02cfunctools\npartial\ncoperator\nattrgetter\n"
        + text("fit")
        + b"\x85R\x85R.",
        "getter-as-value": b"\x80\x02coperator\nattrgetter\n.",
        "loader-of-few-letters": b"\x80\x02ctorch.storage\n_load_from_bytes\nc_codecs\nencode\n"
        + text(RUNS.decode("latin-1"))
        + text("latin1")
        + b"\x86R\x85R.",
        "memo": b"\x80\x02cos\nsystem\nq\x050h\x05" + text("echo") + b"\x85R.",
        "memo-far": b"\x80\x02cos\nsystem\nr\xff\xff\xff\x7f0j\xff\xff\xff\x7f" + text("echo") + b"\x85R.",
        "memo-twice": b"\x80\x02K\x01q\x00cos\nsystem\nq\x000" + b"h\x00" + text("echo") + b"\x85R.",
        "memo-text": b"cos\nsystem\np007\n0g7\n(S'echo'\ntR.",
        "dup": b"\x80\x02cos\nsystem\n2" + text("echo") + b"\x85R.",
        "pop": b"\x80\x02cos\nsystem\n" + text("echo") + b"\x85R0N.",
        "pop-mark": b"\x80\x02(cos\nsystem\n" + text("echo") + b"\x85R1N.",
        "escaped": b"cos\nsystem\n(S'\\x65cho'\ntR.",
        "stack-escaped": b"\x80\x04V\\u006fs\nV\\u0073ystem\n\x93V echo\n\x85R.",
        "stack-strings": b"\x80\x04U\x02osU\x06system\x93" + short("echo") + b"\x85R.",
        "stack-old": b"\x80\x04S'os'\nS'system'\n\x93" + short("echo") + b"\x85R.",
        "stack-long": b"\x80\x04\x8d"
        + struct.pack("<Q", 2)
        + b"os"
        + short("system")
        + b"\x93"
        + short("x")
        + b"\x85R.",
        "stack-memo": b"\x80\x04"
        + short("system")
        + b"\x940"
        + short("os")
        + b"h\x00\x93"
        + short("echo")
        + b"\x85R.",
        "stack-encoded": b"\x80\x04c_codecs\nencode\n"
        + short("bf")
        + short("rot13")
        + b"\x86R"
        + short("system")
        + b"\x93)R.",
        "stack-str": b"\x80\x04cbuiltins\nstr\n"
        + short("os")
        + b"\x85R"
        + short("system")
        + b"\x93"
        + short("x")
        + b"\x85R.",
        "stack-concat": b"\x80\x04coperator\nadd\n"
        + short("o")
        + short("s")
        + b"\x86R"
        + short("system")
        + b"\x93)R.",
        "stack-max": b"\x80\x04cbuiltins\nmax\n("
        + short("os")
        + short("a")
        + b"tR"
        + short("system")
        + b"\x93)R.",
        "getattr": b"\x80\x02"
        + get
        + b"cos\nsystem\n"
        + text("__call__")
        + b"\x86R"
        + text("echo")
        + b"\x85R.",
        "getattr-known": b"\x80\x02" + get + b"cnumpy\nndarray\n" + text("tofile") + b"\x86R.",
        "getattr-made": b"\x80\x02"
        + get
        + b"ccollections\nOrderedDict\n)R"
        + text("__reduce__")
        + b"\x86R)R.",
        "getattr-partial": b"\x80\x02cfunctools\npartial\n"
        + get
        + b"cbuiltins\nobject\n\x86R"
        + text("x")
        + b"\x85R.",
        "getattr-member-called": b"\x80\x02"
        + get
        + b"ccollections\nOrderedDict\n"
        + text("SYSTEM")
        + b"\x86R)R.",
        "getattr-factory": b"\x80\x02ccollections\ndefaultdict\n" + get + b"\x85R.",
        "attribute-of-known": b"\x80\x04"
        + short("numpy")
        + short("os.system")
        + b"\x93"
        + short("echo")
        + b"\x85R.",
        "attribute-of-package": b"\x80\x04"
        + short("sklearn")
        + short("base.os.system")
        + b"\x93"
        + short("x")
        + b"\x85R.",
        "attribute-of-class": b"\x80\x04" + short("builtins") + short("object.__subclasses__") + b"\x93)R.",
        "inner-of-torch": b"\x80\x04"
        + short("torch")
        + short("serialization.os.system")
        + b"\x93"
        + short("x")
        + b"\x85R.",
        "partial": b"\x80\x02cfunctools\npartial\ncos\nsystem\n" + text("echo") + b"\x86R)R.",
        "partial-state": b"\x80\x02cfunctools\npartial\ncbuiltins\nint\n\x85R(cos\nsystem\n)}Ntb.",
        "ufunc": b"\x80\x02cnumpy.core\n_ufunc_reconstruct\n"
        + text("os")
        + text("system")
        + b"\x86R"
        + text("x")
        + b"\x85R.",
        "new-of-copyreg": b"\x80\x02ccopyreg\n__newobj__\ncsubprocess\nPopen\n" + text("x") + b"\x86R.",
        "new-of-new": b"\x80\x02(" + b"ccopyreg\n__newobj__\n" * 990 + b"t" + b"\x85R.",
        "new-of-many": b"\x80\x02ccopyreg\n__newobj__\n(" + b"ccopyreg\n__newobj__\n" * 990 + b"tR.",
        "new-of-hidden": b"\x80\x02ccopyreg\n__newobj__\n(" + b"K\x01" * 1990 + b"tR.",
        "reconstructor": b"\x80\x02ccopyreg\n_reconstructor\ncsubprocess\nPopen\ncbuiltins\nobject\nN\x87R.",
        "torch-type": b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\n(cos\nsystem\nctorch\nTensor\n"
        + text("x")
        + b"\x85}tR.",
        "torch-type-getattr": b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\n("
        + get
        + b"ctorch\nTensor\nctorch\nTensor\n"
        + text("x")
        + b"\x86}tR.",
        "torch-bytes-file": b"\x80\x02ctorch.storage\n_load_from_bytes\n" + text("x.pt") + b"\x85R.",
        "generator": b"\x80\x02cnumpy.random._pickle\n__randomstate_ctor\n"
        + text("x")
        + b"cos\nsystem\n\x86R.",
        "distribution": b"\x80\x02cscipy.stats._continuous_distns\nnorm_gen\n)\x81}"
        + text("_parse_arg_template")
        + text("import os")
        + b"sb.",
        "distribution-hidden-key": b"\x80\x02cscipy.stats._continuous_distns\nnorm_gen\n)\x81}"
        + b"cbuiltins\nstr\n"
        + text("_parse_arg_template")
        + b"\x85R"
        + text("import os")
        + b"sb.",
        "distribution-other-dictionary": b"\x80\x02cscipy.stats._continuous_distns\nnorm_gen\n)\x81"
        + b"ccollections\nOrderedDict\n)R"
        + text("_parse_arg_template")
        + text("import os")
        + b"sb.",
        "distribution-by-torch": b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\n("
        + b"cscipy.stats._continuous_distns\nnorm_gen\n"
        + b"cscipy.stats._continuous_distns\nnorm_gen\n)}"
        + text("_parse_arg_template")
        + text("import os")
        + b"stR.",
        "distribution-with-shapes": b"\x80\x02cscipy.stats._continuous_distns\nnorm_gen\nK\x01\x85R.",
        "formula-that-calls": b"\x80\x02cstatsmodels.base.data\nPandasData\n)\x81}("
        + text("restore_design_info")
        + b"\x88"
        + text("formula")
        + text("y ~ __import__('os').system('echo')")
        + b"ub.",
        "formula-of-no-table": formula("y ~ np.log(a)", b"}"),
        "formula-of-two-tables": formula("y ~ np.log(a)", TABLE, text("frame") + b"}"),
        "formula-that-calls-a-contrast": formula("y ~ C(g, breakpoint)"),
        "formula-that-calls-a-contrast-in-brackets": formula("y ~ C(g, (quit))"),
        "formula-that-gives-a-contrast": formula("y ~ C(g, I(quit))"),
        "formula-that-names": formula("y ~ I(bs := np.load) + bs('a')"),
        "formula-that-calls-what-it-got": formula("y ~ I(x)(y)"),
        "formula-with-a-space": formula("y ~ f (x)"),
        "formula-without-end": formula("y ~ I(9**9**9)"),
        "formula-of-many-columns": formula("y ~ bs(x, df=99999)"),
        "dill-text-of-a-range": b"\x80\x02cdill._dill\n_eval_repr\n" + text("range(0, f())") + b"\x85R.",
        "dill-text": b"\x80\x02cdill._dill\n_eval_repr\n" + text("print(1)") + b"\x85R.",
        "dill-type-that-calls": b"\x80\x02cdill._dill\n_load_type\n" + text("type") + b"\x85R.",
        "cloudpickle-type": b"\x80\x02ccloudpickle.cloudpickle\n_builtin_type\n"
        + text("CodeType")
        + b"\x85R.",
        "graph-layer": b"\x80\x02ctorch_geometric.nn.conv.gcn_conv\nGCNConv\n)\x81}"
        + text("inspector")
        + b"Nsb.",
        "pad-of-bytes-in-protocol-2": b"\x80\x02ctorch.storage\n_load_from_bytes\nc_codecs\nencode\n"
        + text("cos\nsystem\n(" + "X" * 300)
        + text("latin1")
        + b"\x86R\x85R.",
        "graph-of-no-dictionary": b"\x80\x02ctorch_geometric.data.data\nData\n)\x81"
        + b"ctypes\nSimpleNamespace\n)Rb.",
        "normalised": b"\x80\x02cstable_baselines3.common.vec_env.vec_normalize\nVecNormalize\n)\x81}b.",
        "space-with-arguments": b"\x80\x02cstable_baselines3.common.buffers\nReplayBuffer\nK\x01\x85R.",
        "shared-logger": b"\x80\x02clogging\ngetLogger\n)R}" + text("disabled") + b"\x88sb.",
        "base-that-opens": b"\x80\x02ccopyreg\n_reconstructor\nclightgbm.basic\nBooster\n"
        + b"clightgbm.basic\nBooster\n"
        + text("x")
        + b"\x87R.",
        "memory": b"\x80\x02cbuiltins\nbytearray\n\x8a\x06\x00\x00\x00\x00\x00\x10\x85R.",
        "memory-array": b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n"
        + b"\x8a\x06\x00\x00\x00\x00\x00\x10\x85C\x01b\x87R.",
        "memory-by-name": b"\x80\x04cnumpy\nndarray\n)}" + text("shape") + b"J\xff\xff\xff\x7fs\x92.",
        "memory-by-copyreg": b"\x80\x04ccopyreg\n__newobj_ex__\ncnumpy\nndarray\n"
        + b"J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86\x85}\x87R.",
        "tuples-that-double": b"\x80\x02)" + b"q\x00h\x00\x86" * 60 + b".",
        "formula": b"\x80\x02cstatsmodels.base.data\nPandasData\n)\x81}"
        + text("restore_design_info")
        + b"\x88sb.",
        "bound-method-called": b"\x80\x02cbuiltins\ngetattr\ncnumpy\nndarray\n(K\x01tR"
        + text("tofile")
        + b"\x86R"
        + text("x")
        + b"\x85R.",
        "bound-method-given": b"\x80\x02csklearn.metrics.pairwise\npairwise_distances\nK\x01K\x02"
        + b"cbuiltins\ngetattr\ncnumpy\nndarray\n(K\x01tR"
        + text("tofile")
        + b"\x86R\x87R.",
        "dill-type": b"\x80\x02cdill._dill\n_load_type\n" + text("CodeType") + b"\x85R)R.",
        "dill-array": b"\x80\x02cdill._dill\n_create_array\n(cos\nsystem\n)NNtR.",
        "extension": b"\x80\x02\x82\x01" + text("echo") + b"\x85R.",
        "extension-4": b"\x80\x02\x84\x01\x00\x00\x00" + text("echo") + b"\x85R.",
        "persistent": b"\x80\x02" + text("os.system") + b"Q.",
        "persistent-text": b"Pos.system\n.",
        "persistent-class": b"\x80\x02("
        + text("storage")
        + b"cos\nsystem\n"
        + text("0")
        + text("cpu")
        + b"K\x01tQ.",
        "encoding": b"\x80\x02c_codecs\nencode\n" + text("x") + text("evilcodec") + b"\x86R.",
        "dtype": b"\x80\x02cnumpy\ndtype\n"
        + text("O8")
        + b"\x89\x88\x87R(K\x03"
        + text("|")
        + b"NNNJ\xff\xff\xff\xff"
        b"J\xff\xff\xff\xffK\x00tb.",
        "booster-file": b"\x80\x02cxgboost.core\nBooster\nN)" + text("/etc/passwd") + b"\x87R.",
        "booster-new": b"\x80\x04"
        + short("lightgbm.basic")
        + short("Booster")
        + b"\x93)}"
        + short("model_file")
        + short("x")
        + b"s\x92.",
        "list-of-calls": b"\x80\x02]" + b"(" + RUNS[2:-1] + RUNS[2:-1] + b"e.",
        "class-made": b"\x80\x02cbuiltins\ntype\n" + text("X") + b")}\x87R.",
        "module-mapped": b"\x80\x02ccommands\ngetoutput\n" + text("x") + b"\x85R.",
        "unicode-name": b"\x80\x04"
        + short("\uff4fs")
        + short("system")
        + b"\x93"
        + short("echo")
        + b"\x85R.",
    }
    for name, content in ways.items():
        yield "operations", f"{name}.pkl", content


def broken() -> Iterator[Sample]:
    """What has run by the time that a lenient or a strict reader gives up."""
    body = RUNS[:-1]
    frame = b"\x80\x04\x95" + struct.pack("<Q", 1 << 40) + calls(protocol=4)[11:]
    small = b"\x80\x04\x95" + struct.pack("<Q", 3) + calls(protocol=4)[11:]
    ways = {
        "no-stop": body,
        "bad-code": body + b"\xff.",
        "bad-code-zero": body + b"\x00" * 20,
        "cut-text": body + b"X\xff\xff\x00\x00abc",
        "empty-stack": body + b"000000.",
        "empty-mark": body + b"t.",
        "unknown-memo": body + b"h\x63.",
        "no-utf-8": body + b"X\x02\x00\x00\x00\xff\xfe.",
        "protocol-9": b"\x80\x09" + RUNS[2:],
        "protocol-late": RUNS[2:-1] + b"\x80\x02.",
        "protocol-many": b"\x80\x02" * 50 + RUNS[2:],
        "frame-long": frame,
        "frame-short": small,
        "frame-many": b"\x80\x04" + b"\x95" + bytes(8) + b"\x95" + bytes(8) + calls(protocol=4)[11:],
        "line-ends": b"cos\r\nsystem\r\n(S'echo'\r\ntR.",
        "spaces": b"cos\nsystem\n(S 'echo' \ntR.",
        "negative": body + b"\x8b\xff\xff\xff\xff.",
        "nul": b"\x80\x02cos\x00\nsystem\n" + text("x") + b"\x85R.",
        "behind-stop": PLAIN + RUNS,
        "behind-stop-0": PLAIN + calls(protocol=0),
        "third": PLAIN + PLAIN + RUNS,
        "behind-garbage": PLAIN + b"\x00" * 100 + RUNS,
        "behind-much-garbage": PLAIN + b"\x00" * (3 << 20) + RUNS,
        "in-bytes": pickle.dumps({"data": b"x" * 100 + RUNS}),
        "in-text": pickle.dumps({"data": base64.b64encode(calls(protocol=4) + b"\0" * 9).decode()}),
        "nested-bytes": b"\x80\x02ctorch.storage\n_load_from_bytes\nB"
        + struct.pack("<I", 200)
        + RUNS.ljust(200, b"\0")
        + b"\x85R.",
    }
    latin = (b"\x80\x02" + RUNS[2:]).ljust(1500, b"\xe9").decode("latin-1")
    ways["nested-encoded"] = (
        b"\x80\x02ctorch.storage\n_load_from_bytes\nc_codecs\nencode\n"
        + text(latin)
        + text("latin1")
        + b"\x86R\x85R."
    )
    for name, content in ways.items():
        yield "broken", f"{name}.pkl", content


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def tarred(members: dict[str, bytes], kind: int = tarfile.PAX_FORMAT) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=kind) as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return held.getvalue()


def torch(pickled: bytes, root: str = "archive", **more: bytes) -> bytes:
    """A torch file as `torch.save` writes it since 1.6."""
    members = {f"{root}/data.pkl": pickled, f"{root}/byteorder": b"little", f"{root}/data/0": bytes(64)}
    return zipped({**members, f"{root}/version": b"3\n", **more})


def npy(pickled: bytes) -> bytes:
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    header += b" " * (118 - len(header) - 1 + 0) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + pickled


def packed() -> Iterator[Sample]:
    """The same in everything that a loader unpacks."""
    ways = {
        "gzip.pkl": gzip.compress(RUNS),
        "gzip.joblib": gzip.compress(calls(protocol=4)),
        "zlib.joblib": zlib.compress(RUNS),
        "zlib-9.joblib": zlib.compress(RUNS, 9),
        "zlib-1.joblib": zlib.compress(RUNS, 1),
        "bz2.pkl": bz2.compress(RUNS),
        "xz.pkl": lzma.compress(RUNS),
        "lzma.joblib": lzma.compress(RUNS, lzma.FORMAT_ALONE),
        "zfile.joblib": b"ZF" + hex(len(RUNS)).ljust(19).encode() + zlib.compress(RUNS),
        "gzip-gzip.pkl": gzip.compress(gzip.compress(RUNS)),
        "gzip-zip.pt": gzip.compress(torch(RUNS)),
        "second-stream.pkl.gz": gzip.compress(PLAIN) + gzip.compress(RUNS),
        "second-stream.pkl.bz2": bz2.compress(PLAIN) + bz2.compress(RUNS),
        "second-stream.joblib": zlib.compress(PLAIN) + zlib.compress(RUNS),
        "second-stream.pkl.xz": lzma.compress(PLAIN) + lzma.compress(RUNS),
        "array.npy": npy(RUNS),
        "header.npy": b"\x93NUMPY\x01\x00\x40\x00" + b"__import__('os').system('echo')".ljust(63) + b"\n",
        "arrays.npz": zipped({"a.npy": npy(RUNS)}),
        "deflated.npz": zipped({"a.npy": npy(RUNS)}, zipfile.ZIP_DEFLATED),
        "model.7z": b"7z\xbc\xaf\x27\x1c" + bytes(64),
        "model-7z.pt": b"7z\xbc\xaf\x27\x1c" + bytes(64),
        "model.rar": b"Rar!\x1a\x07\x01\x00" + bytes(64),
        "model-rar.bin": b"Rar!\x1a\x07\x01\x00" + bytes(64),
        "snappy.pkl": b"\xff\x06\x00\x00sNaPpY" + bytes(20),
        "old-lz4.joblib": b"\x02\x21\x4c\x18" + bytes(20),
        "garbage.pkl": bytes(range(200, 256)) * 4,
        "path.pth": b"import os; os.system('echo')\n",
    }
    for name, content in ways.items():
        yield "packed", name, content


def archived() -> Iterator[Sample]:
    """Torch's own archives, and any other."""
    legacy = (
        pickle.dumps(0x1950A86A20F9469CFC6C, 2)
        + pickle.dumps(1001, 2)
        + pickle.dumps({"little_endian": True}, 2)
    )
    script = {
        "archive/code/__torch__.py": b"class Net(Module):\n  def f(self: __torch__.Net):\n    return 1\n"
    }
    ways = {
        "torch.pt": torch(RUNS),
        "torch.bin": torch(RUNS),
        "torch.ckpt": torch(calls(protocol=4), "epoch=1"),
        "torch-constants.pt": torch(PLAIN, **{"archive/constants.pkl": RUNS}),
        "torch-other-name.pt": torch(PLAIN, **{"archive/extra/readme.txt": RUNS}),
        "torch-in-storage.pt": torch(PLAIN, **{"archive/data/1": RUNS}),
        "torch-broken.pt": torch(RUNS[:-1] + b"\xff"),
        "torch-persistent.pt": torch(b"\x80\x02(" + text("file") + text("/etc/passwd") + b"tQ."),
        "torch-in-torch.pt": torch(PLAIN, **{"archive/inner.pt": torch(RUNS)}),
        "torch-legacy.pt": legacy + RUNS + pickle.dumps([], 2),
        "torch-legacy-magic.pt": RUNS + legacy,
        "torch-legacy-keys.pt": legacy + pickle.dumps({}, 2) + RUNS,
        "torch-tar.pt": tarred(
            {"sys_info": PLAIN, "pickle": RUNS, "storages": pickle.dumps(0), "tensors": pickle.dumps(0)}
        ),
        "torch-tar-storages.pt": tarred(
            {"sys_info": PLAIN, "pickle": PLAIN, "storages": RUNS, "tensors": pickle.dumps(0)}
        ),
        "torch-tar-behind.pt": tarred({"storages": pickle.dumps(1) + bytes(64) + RUNS, "pickle": PLAIN}),
        "script-imports.pt": torch(PLAIN, **{"archive/code/__torch__.py": b"import os\nos.system('echo')\n"}),
        "script-saves.pt": torch(
            PLAIN, **{"archive/code/__torch__.py": b'def f(x):\n  torch.save(x, "/tmp/x")\n'}
        ),
        "script-maps.pt": torch(
            PLAIN, **{"archive/code/__torch__.py": b'def f():\n  _0 = ops.aten.from_file("/etc/passwd")\n'}
        ),
        "script-reads.pt": torch(
            PLAIN, **{"archive/code/a/b.py": b'def f():\n  _0 = ops.image.read_file("/etc/passwd")\n'}
        ),
        "script-class.pt": torch(
            PLAIN, **{"archive/code/a.py": b"a : __torch__.torch.classes.aoti.Runner\n"}
        ),
        "script-mobile.ptl": torch(
            PLAIN, **{"archive/bytecode.pkl": pickle.dumps((("ops", (("aten::from_file", ""),)),), 2)}
        ),
        "script-pickle.pt": torch(RUNS, **script),
        "zip.zip": zipped({"model.pkl": RUNS}),
        "zip-any-name.zip": zipped({"README": RUNS}),
        "zip-deflated.zip": zipped({"a/b/c.dat": RUNS}, zipfile.ZIP_DEFLATED),
        "zip-bzip2.zip": zipped({"a.pkl": RUNS}, zipfile.ZIP_BZIP2),
        "zip-lzma.zip": zipped({"a.pkl": RUNS}, zipfile.ZIP_LZMA),
        "zip-in-zip.zip": zipped({"inner.zip": zipped({"a.pkl": RUNS}, 8)}, 8),
        "zip-of-gzip.zip": zipped({"a.pkl.gz": gzip.compress(RUNS)}),
        "zip-deep.zip": zipped({"1": zipped({"2": zipped({"3": zipped({"4": RUNS})})})}),
        "zip-too-deep.zip": deep(12),
        "mar.mar": zipped({"MAR-INF/MANIFEST.json": b"{}", "model.pt": torch(RUNS)}),
        "tar.tar": tarred({"model.pkl": RUNS}),
        "tar-ustar.tar": tarred({"weights": RUNS}, tarfile.USTAR_FORMAT),
        "tar-gnu.tar": tarred({"x" * 150: RUNS}, tarfile.GNU_FORMAT),
        "tar.tar.gz": gzip.compress(tarred({"model.pkl": RUNS})),
        "tar.nemo": gzip.compress(tarred({"config.yaml": b"a: 1\n", "weights.ckpt": torch(RUNS)})),
        "tar-zip.tar": tarred({"a.zip": zipped({"b": RUNS})}),
        "flag-encrypted.pt": patched(torch(RUNS), b"PK\x01\x02", 8, b"\x01"),
        "wrong-checksum.pt": patched(torch(RUNS + bytes(9000)), b"PK\x01\x02", 16, b"\x00\x01\x02\x03"),
        "wrong-checksum-large.pt": patched(
            torch(RUNS + bytes(90_000)), b"PK\x01\x02", 16, b"\x00\x01\x02\x03"
        ),
        "other-name-inside.pt": patched(torch(RUNS), b"PK\x03\x04", 30, b"ARCHIVE"),
        "other-method.pt": patched(torch(RUNS), b"PK\x01\x02", 10, b"\x63\x00"),
        "other-method-inside.pt": patched(torch(RUNS), b"PK\x03\x04", 8, b"\x08\x00"),
        "no-list.pt": torch(RUNS).replace(b"PK\x05\x06", b"PK\x05\x07"),
    }
    for name, content in ways.items():
        yield "archives", name, content


def deep(levels: int) -> bytes:
    content = RUNS
    for _ in range(levels):
        content = zipped({"a": content})
    return content


def patched(content: bytes, header: bytes, place: int, value: bytes) -> bytes:
    """With other bytes in the first header of a kind."""
    at = content.index(header) + place
    return content[:at] + value + content[at + len(value) :]


def polyglots() -> Iterator[Sample]:
    """Beside another format, whose reader sees nothing of it."""
    picture = b"\x89PNG\r\n\x1a\n" + bytes(64) + b"IEND\xaeB`\x82"
    tensors = (
        (64).to_bytes(8, "little")
        + b'{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}'.ljust(64)
        + bytes(4)
    )
    ways = {
        "after-letters.png": picture + b"weighticos\nsystem\n(S'echo'\ntR.",
        "zip-behind-picture.png": picture + zipped({"data.pkl": RUNS}),
        "zip-behind-pickle.pkl": PLAIN + torch(RUNS),
        "pickle-behind-picture.png": picture + RUNS,
        "pickle-behind-tensors.safetensors": tensors + RUNS,
        "pickle-behind-tensors-4.safetensors": tensors + calls(protocol=4),
        "pickle-before-zip.pt": RUNS + torch(PLAIN),
        "pickle-before-tar.tar": RUNS.ljust(512, b"\0") + tarred({"a": b"x"}),
        "pickle-in-hdf5.h5": b"\x89HDF\r\n\x1a\n" + bytes(500) + RUNS + bytes(500),
        "pickle-0-in-hdf5.h5": b"\x89HDF\r\n\x1a\n" + bytes(500) + calls(protocol=0) + bytes(500),
        "pickle-0-in-much-hdf5.h5": b"\x89HDF\r\n\x1a\n"
        + bytes(200_000)
        + calls(protocol=0)
        + bytes(200_000),
        "pickle-in-json.json": b'{"model": "' + base64.b64encode(calls(protocol=4)) + b'"}',
        "pickle-in-json-2.json": b'{"model": "' + base64.b64encode(RUNS) + b'"}',
        "pickle-in-yaml.yaml": b"model: " + base64.urlsafe_b64encode(calls(protocol=3)) + b"\n",
        "pickle.csv": RUNS,
        "pickle.json": calls(protocol=0),
        "pickle.txt": calls(protocol=1),
        "pickle.safetensors": calls(protocol=5),
        "pickle.onnx": RUNS,
        "pickle.gguf": RUNS,
        "pickle.h5": RUNS,
        "pickle": RUNS,
        "zip.json": zipped({"a": RUNS}),
        "tar-behind-npy.npy": npy(PLAIN) + RUNS,
    }
    for name, content in ways.items():
        yield "polyglots", name, content


def arrays() -> Iterator[Sample]:
    """In joblib files: behind, before and instead of raw arrays."""
    import joblib
    import numpy

    def dumped(thing: object, **more: object) -> bytes:
        held = io.BytesIO()
        joblib.dump(thing, held, **more)
        return held.getvalue()

    array = numpy.arange(2000.0)
    ways = {
        "behind-array.joblib": dumped(array) + RUNS,
        "among-arrays.joblib": dumped([array, Calls(), array]),
        "object-array.joblib": dumped(numpy.array([Calls()], object)),
        "in-raw-bytes.joblib": dumped(numpy.frombuffer(RUNS.ljust(64, b"\0"), "u1")),
        "packed-3.joblib": dumped([array, Calls()], compress=3),
        "packed-bz2.joblib": dumped([array, Calls()], compress=("bz2", 3)),
        "object-array.npy": npy(pickle.dumps(Calls())),
    }
    for name, content in ways.items():
        yield "arrays", name, content


class Calls:
    """Pickles as a call."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.system, ("echo",)


def bombs() -> Iterator[Sample]:
    """What would cost whoever looks at it hours or gigabytes."""
    ways = {
        "operations.pkl": b"\x80\x02" + b"N0" * 8_000_000 + b".",
        "memo.pkl": b"\x80\x04"
        + b"".join(b"\x8c\x06" + b"%06d" % n + b"\x940" for n in range(800_000))
        + b"N.",
        "zeros.pkl.gz": gzip.compress(b"\x80\x04\x8e" + struct.pack("<Q", 3 << 29) + bytes(1 << 20), 9),
        "nested-lists.pkl": b"\x80\x02" + b"(" * 2_000_000 + b"N.",
        "many-beginnings.bin": b"\x80\x02(((((" * 300_000,
        "huge-length.pkl": b"\x80\x04\x8e" + struct.pack("<Q", 1 << 62) + b"x",
        "huge-line.pkl": b"c" + b"x" * (8 << 20),
        "quine-depth.gz": packed_often(40),
    }
    for name, content in ways.items():
        yield "bombs", name, content


def packed_often(times: int) -> bytes:
    content = RUNS
    for _ in range(times):
        content = gzip.compress(content)
    return content


def samples() -> Iterator[Sample]:
    for family in (named, operations, broken, packed, archived, polyglots, arrays, bombs):
        yield from family()
