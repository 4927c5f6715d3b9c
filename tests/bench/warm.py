"""Warm trainings: 200 small fits of scikit-learn in 2 slots, forked from a script that has loaded.

Peer: the same attempts and the same script, each in a fresh Python. Both by the runner alone, with
claim, capture and exit file. numpy and scikit-learn come from PyPI, pinned as those of search/.
"""
import json
import os
import pathlib
import resource
import subprocess
import sys
import time

from harness import HERE, PROGRAMS, ROOT, Scratch, alternate, median, record

sys.path.insert(0, str(HERE / "search"))
import environments  # noqa: E402  (of tests/bench/search)

TRIALS = int(os.environ.get("HPO_BENCH_WARM", 200))
FRESH = max(2, TRIALS // 5)  # their rate does not depend on how many there are
SLOTS = 2
ROUNDS = 3
RUNNER = str(PROGRAMS / "hpo_exec_program")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def _attempt(state, python, number):
    """The directory of one attempt, as the daemon writes it."""
    directory = state / "studies" / "fits" / "trials" / str(number) / "1"
    directory.mkdir(parents=True)
    params = {"c": 0.01 * (1 + number)}
    spec = {"study": "fits", "trial": number, "attempt": 1, "job": f"hpobench{number:07}",
            "metric": "score", "command": [str(python), str(HERE / "warm_training.py")],
            "workdir": str(state), "params": params, "seed": str(number),
            "environment": {"PATH": "/usr/bin:/bin", **ONE_THREAD,
                            "HELPERS": str(ROOT / "executors" / "runner" / "helpers")},
            "ended_directory": str(state / "ended")}
    (directory / "attempt.json").write_text(json.dumps(spec))
    (directory / "params.json").write_text(json.dumps({"params": params}))
    return str(directory)


def _slot_commands(directories, log, is_warm):
    """What one slot carries out, one command after another."""
    if is_warm:
        return [[RUNNER, "warm", log, *directories]]
    return [[RUNNER, "exec", directory] for directory in directories]


def _carry_out(python, is_warm, trials):
    with Scratch() as state:
        (state / "ended").mkdir()
        directories = [_attempt(state, python, number) for number in range(trials)]
        slots = [_slot_commands(directories[slot::SLOTS], str(state / f"log{slot}"), is_warm)
                 for slot in range(SLOTS)]
        used, start = _children_s(), time.monotonic()
        running = [None] * SLOTS
        while any(slots) or any(running):
            for slot, commands in enumerate(slots):
                if running[slot] is None and commands:
                    running[slot] = subprocess.Popen(commands.pop(0), stdout=subprocess.DEVNULL)
            pid, status = os.wait()
            if status != 0:
                raise AssertionError(f"a runner ended with {status}")
            slot = [each and each.pid for each in running].index(pid)
            running[slot].returncode, running[slot] = 0, None
        elapsed = time.monotonic() - start
        _check(directories)
        return {"rate": trials / elapsed, "cpu_ms": 1e3 * (_children_s() - used) / trials}


def _children_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _check(directories):
    for directory in map(pathlib.Path, directories):
        told = json.loads((directory / "exit.json").read_text())
        if told["status"] != "completed":
            raise AssertionError(f"{directory}: {told}")


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
    record(f"warm trainings: {TRIALS} small scikit-learn fits, {SLOTS} slots", rate,
           unit="trials/s", peer=peer, target="≥ 20 × fresh processes", met=rate >= 20 * peer,
           cpu_ms=median(ours, "cpu_ms"), fresh_cpu_ms=median(fresh, "cpu_ms"))


FIGURES = {"warm": warm}
