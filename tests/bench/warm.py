"""Warm trainings: 200 small fits of scikit-learn in 2 slots, forked from a script that has loaded.

Peer: the same study, each trial a fresh Python. Both by a real daemon and worker, from the worker's
start to its end. numpy and scikit-learn come from PyPI, pinned as those of search/. Beside them, if
$HPO_BENCH_RAY names its Python, Ray Tune with actors that it uses again: see live/.
"""
import os
import resource
import subprocess
import sys
import time

import ray_tune
from harness import BIN, HERE, ROOT, Scratch, alternate, daemon, median, record

sys.path.insert(0, str(HERE / "search"))
import environments  # noqa: E402  (of tests/bench/search)

TRIALS = int(os.environ.get("HPO_BENCH_WARM", 200))
FRESH = max(2, TRIALS // 5)  # their rate does not depend on how many there are
SLOTS = 2
ROUNDS = 3
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def _study(python, is_warm, trials):
    helpers = str(ROOT / "executors" / "runner" / "helpers")
    return {"name": "fits", "space": {"c": {"float": [0.01, 2]}},
            "objective": {"maximize": "score"}, "strategy": "random", "workdir": str(HERE),
            "command": [str(python), str(HERE / "warm_training.py")], "executor": "external",
            "warm": is_warm, "budget": {"trials": trials}, "parallel": SLOTS,
            "environment": {"captured": {"PATH": "/usr/bin:/bin"},
                            "vars": {"HELPERS": helpers, **ONE_THREAD}}}


def _carry_out(python, is_warm, trials):
    with Scratch() as state, daemon.Daemon(state) as hpod:
        hpod.post("/v1/studies", _study(python, is_warm, trials))
        used, start = _children_s(), time.monotonic()
        subprocess.run([BIN / "hpo", "worker", "--study", "fits", "--slots", str(SLOTS)],
                       env=hpod.environment, check=True, stderr=subprocess.DEVNULL)
        elapsed = time.monotonic() - start
        completed = hpod.get("/v1/studies/fits")["trials"]["completed"]
        if completed != trials:
            raise AssertionError(f"{completed} of {trials} fits are completed")
        return {"rate": trials / elapsed, "cpu_ms": 1e3 * (_children_s() - used) / trials}


def _beside():
    """Its rate does not count its start-up, as ours does."""
    if not ray_tune.PYTHON:
        return {}
    told = ray_tune.run("ray_fits.py", TRIALS, SLOTS)
    return {"ray_rate": told["rate"], "ray_start_s": told["start_s"], "ray": told["ray"],
            "ray_cpu_ms": 1e3 * told["cpu_s"] / TRIALS}


def _children_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def warm():
    try:
        python = environments.python_of("trainings")
    except environments.Missing as missing:
        print(f"skip  warm: {missing}")
        return
    _carry_out(python, True, SLOTS)  # reads the packages' files from the disk once
    fresh, ours = alternate(ROUNDS, lambda: _carry_out(python, False, FRESH),
                            lambda: _carry_out(python, True, TRIALS))
    rate, peer = median(ours, "rate"), median(fresh, "rate")
    record(f"warm trainings: {TRIALS} small scikit-learn fits, {SLOTS} slots of a worker", rate,
           unit="trials/s", peer=peer, target="≥ 20 × fresh processes", met=rate >= 20 * peer,
           cpu_ms=median(ours, "cpu_ms"), fresh_cpu_ms=median(fresh, "cpu_ms"), **_beside())


FIGURES = {"warm": warm}
