"""Trials that a worker pulls, beside Ray Tune and a bare fork loop: busy slots, and CPU.

Ray is asked when $HPO_BENCH_RAY names a Python that has it: see live/.
"""
import functools
import os
import subprocess

import ray_tune
from harness import Scratch, daemon, program, record
from trials import SLEEP, SLEEP_SLOTS, SLEEP_TRIALS, TRUE, _busy, _ends, _Measured, _write_commands

RAY_TRIALS = {"reuse": 320, "fresh": 64}  # of the second a trial takes 10 s there
TRUE_TRIALS = 2000
TRUE_SLOTS = 2
CPU_MS = {"all": 2.0, "daemon": 0.3}


def _pulled(state, command, trials, slots):
    """The study by one worker: ends of its attempts, and CPU of both sides in ms a trial."""
    with _Measured(state) as hpod:
        hpod.post("/v1/studies", daemon.study(
            "trials", list(command), trials=trials, parallel=slots, strategy="random",
            executor={"type": "external"}))
        worker = subprocess.Popen(
            [daemon.BIN / "hpo", "worker", "--study", "trials", "--slots", str(slots)],
            env=hpod.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(worker.pid, 0)
        worker.returncode = status
        body = hpod.get("/v1/studies/trials")
        assert status == 0 and body["trials"]["completed"] == trials, (status, body)
        daemon_s = hpod.end()
    worker_s = usage.ru_utime + usage.ru_stime
    return {"ends": list(_ends(state)), "daemon_ms": 1e3 * daemon_s / trials,
            "worker_ms": 1e3 * worker_s / trials}


def _ray(kind):
    trials = min(RAY_TRIALS[kind], SLEEP_TRIALS)
    told = ray_tune.run("ray_sleeps.py", trials, SLEEP_SLOTS, kind)
    return told | {"cpu_ms": 1e3 * told["cpu_s"] / trials}


def pulled_sleeps():
    with Scratch() as scratch:
        commands = _write_commands(scratch / "commands", [SLEEP] * SLEEP_TRIALS)
        bare = program("fork_loop", SLEEP_SLOTS, commands)
        ours = _pulled(scratch / "state", SLEEP, SLEEP_TRIALS, SLEEP_SLOTS)
        busy = _busy(ours["ends"], SLEEP_SLOTS)
        name = f"{SLEEP_TRIALS} pulled trials of sleep 1, {SLEEP_SLOTS} slots: busy"
        more = {"daemon_ms": ours["daemon_ms"], "worker_ms": ours["worker_ms"]}
        keep = functools.partial(record, name, busy, unit="of the slots", peer=bare["busy"],
                                 target="≥ 99 %", met=busy >= 0.99)
        keep(**more)
        for kind in RAY_TRIALS if ray_tune.PYTHON else ():  # kept after each, for Ray takes minutes
            ray = _ray(kind)
            more.update({f"ray_{kind}_{key}": ray[key] for key in ("busy", "cpu_ms", "start_s")})
            keep(**more, ray=ray["ray"])


def pulled_trues():
    with Scratch() as scratch:
        ours = _pulled(scratch / "state", TRUE, TRUE_TRIALS, TRUE_SLOTS)
        whole = ours["daemon_ms"] + ours["worker_ms"]
        name = f"{TRUE_TRIALS} pulled trials of true: CPU a trial"
        record(f"{name}, daemon, worker and training", whole, unit="ms", limit=CPU_MS["all"],
               target=f"≤ {CPU_MS['all']:g} ms", met=whole <= CPU_MS["all"],
               worker_ms=ours["worker_ms"])
        record(f"{name}, the daemon", ours["daemon_ms"], unit="ms", limit=CPU_MS["daemon"],
               target=f"≤ {CPU_MS['daemon']:g} ms", met=ours["daemon_ms"] <= CPU_MS["daemon"])


FIGURES = {"pulled_sleeps": pulled_sleeps, "pulled_trues": pulled_trues}
