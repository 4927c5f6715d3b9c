"""The study of examples/jets carried out: hpo's worker and Ray Tune, both with ASHA, until a trial
has the median best score of 32 recorded random trainings to their end.

Both take the params and seeds of recorded trainings, in the same order, and the same Python; 16
slots, whatever the machine has. A round is another order; sides run in turn. Times are in the log
of live/jets_training.py; CPU is that of all processes of a side, to their end.
"""
import json
import os
import random
import statistics
import subprocess
import sys
import time

import ray_tune
from harness import BIN, HERE, ROOT, Scratch, daemon, record
from trials import _Measured

sys.path.insert(0, str(HERE / "pruners"))

import curves  # noqa: E402  (of pruners/)
from draw import draw  # noqa: E402

STUDY = ROOT / "examples" / "jets" / "study.json"
TRIALS = int(os.environ.get("HPO_BENCH_JETS", 300))  # both end long before
ROUNDS = int(os.environ.get("HPO_BENCH_ROUNDS", 3))
FULL_TRIALS = 32  # with the 64 of the simulated figure Ray Tune would take too long here
SLOTS = 16
LIMIT_S = 600
RATIOS = {"without": 0.6, "with": 0.4}  # the start-up
FIDELITY = {"name": "epochs", "min": 5, "max": 20, "eta": 3}  # as in ray_jets.py


def _write_trials(path, order):
    """Recorded trainings, in the order of the simulated study of that seed."""
    space, numbers = json.loads(STUDY.read_text())["space"], list(range(len(curves.recorded())))
    random.Random(order).shuffle(numbers)
    trials = [{"params": draw(space, number), "seed": number} for number in numbers[:TRIALS]]
    path.write_text(json.dumps(trials))
    return [trial["params"] for trial in trials]


def _lines(log):
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def _times(log, score, began):
    """Seconds to the score from the first training's begin, and from the side's own start."""
    lines = _lines(log)
    reached = min(line["at"] for line in lines if line.get("auc", 0) >= score)
    return {"without": reached - min(line["at"] for line in lines), "with": reached - began,
            "trials": sum("auc" not in line and line["at"] <= reached for line in lines)}


def _files(scratch):
    return {"JETS_LOG": str(scratch / "log"), "JETS_TRIALS": str(scratch / "trials")}


def _ours(scratch, params, score, is_warm):
    log = scratch / "log"
    study = json.loads(STUDY.read_text()) | {
        "command": [ray_tune.PYTHON, str(HERE / "live" / "jets_training.py")], "warm": is_warm,
        "executor": "external", "fidelity": FIDELITY, "pruner": "asha", "strategy": "random",
        "workdir": str(HERE), "budget": {"trials": len(params)}, "parallel": SLOTS,
        "initial": params, "environment": {"captured": {"PATH": "/usr/bin:/bin"}, "vars": {
            "OPENBLAS_NUM_THREADS": "1", **_files(scratch)}}}
    began = time.time()
    with _Measured(scratch / "state") as hpod:
        hpod.post("/v1/studies", study)
        worker = subprocess.Popen(
            [BIN / "hpo", "worker", "--study", "jets", "--slots", str(SLOTS)],
            env=hpod.environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        daemon.wait_until(lambda: any(line.get("auc", 0) >= score for line in _lines(log)), LIMIT_S,
                          "the score")
        hpod.post("/v1/studies/jets:cancel")
        _, _, usage = os.wait4(worker.pid, 0)
        worker.returncode = 0
        cpu_s = usage.ru_utime + usage.ru_stime + hpod.end()
    return _times(log, score, began) | {"cpu": cpu_s}


def _ray(scratch, _, score, kind):
    began = time.time()
    told = ray_tune.run("ray_jets.py", STUDY, SLOTS, score, kind, environment=_files(scratch))
    return _times(scratch / "log", score, began) | {"cpu": told["cpu_s"]}


SIDES = {"warm": lambda *all: _ours(*all, True), "fresh": lambda *all: _ours(*all, False),
         "ray": lambda *all: _ray(*all, "fresh"), "ray_reuse": lambda *all: _ray(*all, "reuse")}


def live_jets():
    if not ray_tune.PYTHON:
        return print("skip  live-jets: HPO_BENCH_RAY names no Python with ray[tune]")
    score = curves.wanted_score(curves.recorded(), FULL_TRIALS)
    rounds = {side: [] for side in SIDES}
    for seed in range(ROUNDS):
        for side, carry_out in SIDES.items():
            with Scratch() as scratch:
                params = _write_trials(scratch / "trials", seed)
                rounds[side].append(carry_out(scratch, params, score))
            print(f"      {seed} {side}: {json.dumps(rounds[side][-1])}", flush=True)
    medians = {side: {key: statistics.median(row[key] for row in rows) for key in rows[0]}
               for side, rows in rounds.items()}
    for which, ratio in RATIOS.items():
        ours, peer = medians["warm"][which], medians["ray"][which]
        record(f"live jets, asha, {SLOTS} slots: wall time to the score, {which} start-up", ours,
               unit="s", peer=peer, target=f"≤ {ratio} × Ray Tune", met=ours <= ratio * peer,
               score=score, rounds=ROUNDS, **{
                   f"{side}_{key}": rows[key] for side, rows in medians.items()
                   for key in (which, "cpu", "trials")})


FIGURES = {"live-jets": live_jets}
