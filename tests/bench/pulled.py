"""Trials that a worker pulls, beside Ray Tune and a bare fork loop: busy slots, and CPU.

Ray is asked when $HPO_BENCH_RAY names a Python that has it: see live/.
"""
import contextlib
import functools
import json
import os
import signal
import sqlite3
import statistics
import subprocess

import ray_tune
from harness import PROGRAMS, Scratch, daemon, program, record
from trials import SLEEP, SLEEP_SLOTS, SLEEP_TRIALS, TRUE, _busy, _ends, _Measured, _write_commands

RAY_TRIALS = {"reuse": 320, "fresh": 64}  # of the second a trial takes 10 s there
TRUE_TRIALS = 2000
TRUE_SLOTS = 2
CPU_MS = {"all": 2.0, "daemon": 0.3}
SWARM_TRIALS = int(os.environ.get("HPO_BENCH_SWARM", 100_000))
SWARM_SLOTS = 1000
SWARM_WORKERS = 16
SWARM_TRAINING_S = 1


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


def _rows(path):
    return [tuple(map(int, line.split())) for line in path.read_text().splitlines()]


def _swarm(scratch, hpod):
    """The study by many workers: what each says of its exchanges, and all that was trained."""
    workers = []
    for number in range(SWARM_WORKERS):
        slots = (SWARM_SLOTS + number) // SWARM_WORKERS
        words = "trials", f"swarm-{number}", slots, SWARM_TRAINING_S, scratch / f"rows-{number}"
        workers.append(subprocess.Popen([PROGRAMS / "swarm", *map(str, words)],
                                        env=hpod.environment, stdout=subprocess.PIPE, text=True))
    told = [json.loads(worker.communicate()[0]) for worker in workers]
    assert all(worker.returncode == 0 for worker in workers), told
    return told, [((number, slot), trial, start / 1e9, end / 1e9)
                  for number in range(SWARM_WORKERS)
                  for trial, slot, start, end in _rows(scratch / f"rows-{number}")]


def _check_stored(state, rows):
    """Each trial was trained once, and is in the database as that says, once."""
    trained = [(trial, float(trial)) for trial in range(SWARM_TRIALS)]  # its number is its loss
    assert sorted(row[1] for row in rows) == list(range(SWARM_TRIALS)), len(rows)
    with contextlib.closing(sqlite3.connect(state / "hpo.db")) as database:
        def ask(sql):
            return database.execute(sql).fetchall()
        stored = ask("SELECT number, value FROM trials WHERE state = 'completed' ORDER BY number")
        assert stored == trained, (len(stored), SWARM_TRIALS)
        assert ask("SELECT count(*), min(number), max(number) FROM attempts "
                   "WHERE state = 'succeeded'") == [(SWARM_TRIALS, 1, 1)]
        for kind in ("trial_created", "attempt_ended"):
            assert ask("SELECT count(*), count(DISTINCT data ->> 'trial') FROM events "
                       f"WHERE kind = '{kind}'") == [(SWARM_TRIALS, SWARM_TRIALS)], kind
        assert ask("PRAGMA integrity_check") == [("ok",)]


def pulled_swarm():
    with Scratch() as scratch, _Measured(scratch / "state") as hpod:
        hpod.post("/v1/studies", daemon.study(
            "trials", list(SLEEP), trials=SWARM_TRIALS, parallel=SWARM_SLOTS, strategy="random",
            executor={"type": "external"}))
        told, rows = _swarm(scratch, hpod)
        daemon_s = hpod.end(signal.SIGKILL)  # what is stored now has been durable before
        _check_stored(scratch / "state", rows)
        ends = [(slot, start, end) for slot, _, start, end in rows]
        busy = _busy(ends, SWARM_SLOTS)
        wall_s = max(end for _, _, end in ends) - min(start for _, start, _ in ends)
        record(f"{SWARM_TRIALS} pulled trials of {SWARM_TRAINING_S} s, {SWARM_SLOTS} slots of "
               f"{SWARM_WORKERS} workers: busy", busy, unit="of the slots", limit=1,
               target="≥ 99 %, all durable", met=busy >= 0.99,
               busy_to_the_last_end=SWARM_TRIALS * SWARM_TRAINING_S / (SWARM_SLOTS * wall_s),
               wall_s=wall_s, daemon_ms=1e3 * daemon_s / SWARM_TRIALS,
               exchanges_per_trial=sum(each["count"] for each in told) / SWARM_TRIALS,
               exchange_p50_ms=statistics.median(each["p50_ms"] for each in told),
               exchange_p99_ms=max(each["p99_ms"] for each in told))


FIGURES = {"pulled_sleeps": pulled_sleeps, "pulled_trues": pulled_trues,
           "pulled_swarm": pulled_swarm}
