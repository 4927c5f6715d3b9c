"""Trials on this node: busy slots, CPU and commits per trial, the gap between two trials.

Times of a training are its runner's own (exit.json), just before it starts and after it is reaped;
the fork loop takes the same two. CPU times are wait4's, of the daemon with all that it waited for.
"""
import json
import os
import shutil
import signal
import struct
import time

from harness import PROGRAMS, TRIAL_INSERTS, Scratch, alternate, bare_writer, daemon, median
from harness import percentile, preload, program, record

SLEEP = (str(PROGRAMS / "training"), "1")  # sleep 1 and true, with a result: see training.cpp
TRUE = (str(PROGRAMS / "training"), "0")
SLEEP_TRIALS = int(os.environ.get("HPO_BENCH_SLEEPS", 1600))
SLEEP_SLOTS = 16
TRUE_TRIALS = 600
TRUE_SLOTS = 2
ROUNDS = 3
ASK_INTERVAL_S = 0.5


class _Measured(daemon.Daemon):
    """A daemon whose end tells its CPU time and that of all it waited for."""

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        _, _, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = 0
        self.process.stderr.close()
        return usage.ru_utime + usage.ru_stime


def _flushes_ms(path):
    raw = path.read_bytes() if path.exists() else b""
    return [ns / 1e6 for ns in struct.unpack(f"{len(raw) // 8}q", raw)]


def _ends(state):
    """(slot, start, end) in seconds of every attempt."""
    for path in state.glob("studies/*/trials/*/*/exit.json"):
        told = json.loads(path.read_text())
        slot = json.loads((path.parent / "attempt.json").read_text())["slot"]
        yield slot, told["started_ns"] / 1e9, told["ended_ns"] / 1e9


def _busy(ends, slots):
    """Until the first slot falls free for good: the first end after the last start."""
    last_start = max(start for _, start, _ in ends)
    free = min(end for _, _, end in ends if end >= last_start)
    first = min(start for _, start, _ in ends)
    return sum(min(end, free) - start for _, start, end in ends) / (slots * (free - first))


def _gaps_ms(ends):
    by_slot = {}
    for slot, start, end in sorted(ends, key=lambda each: each[1]):
        by_slot.setdefault(slot, []).append((start, end))
    return [1e3 * (after[0] - before[1]) for rows in by_slot.values()
            for before, after in zip(rows, rows[1:])]


def _wait(hpod):
    """Asks seldom: each question costs the CPU that is being measured."""
    while True:
        body = hpod.get("/v1/studies/trials")
        if body["state"] != "running":
            assert body["state"] == "finished", body
            return body
        time.sleep(ASK_INTERVAL_S)


def _study_done(state, command, trials, slots):
    syncs = state.parent / "syncs"
    syncs.unlink(missing_ok=True)
    with _Measured(state, preload(HPO_BENCH_SYNCS=str(syncs))) as hpod:
        hpod.post("/v1/studies", daemon.study(
            "trials", list(command), trials=trials, parallel=slots, strategy="random",
            executor={"type": "local", "slots": slots}))
        body = _wait(hpod)
        cpu_s = hpod.end()
    ends = list(_ends(state))
    assert len(ends) == trials, (len(ends), body)
    flushes = _flushes_ms(syncs)
    first, last = min(row[1] for row in ends), max(row[2] for row in ends)
    return {"busy": _busy(ends, slots), "cpu_ms": 1e3 * cpu_s / trials, "gaps": _gaps_ms(ends),
            "commits": len(flushes) / trials, "flushes": flushes, "rate": trials / (last - first)}


def _write_commands(path, commands):
    path.write_text("".join("\t".join(map(str, words)) + "\n" for words in commands))
    return path


def _raw_commit(scratch):
    """One client: what a commit of one row takes here and now."""
    (scratch / "rows").write_text('{"x":0.5}\t{"trial":1,"params":{"x":0.5}}\n')
    (scratch / "inserts").write_text(TRIAL_INSERTS)
    return bare_writer(scratch, clients=1, seconds=3)


def sleeps():
    with Scratch() as scratch:
        commands = _write_commands(scratch / "commands", [SLEEP] * SLEEP_TRIALS)
        peer = program("fork_loop", SLEEP_SLOTS, commands)
        raw = _raw_commit(scratch)
        ours = _study_done(scratch / "state", SLEEP, SLEEP_TRIALS, SLEEP_SLOTS)
        name = f"{SLEEP_TRIALS} trials of sleep 1, {SLEEP_SLOTS} slots"
        record(f"{name}: busy", ours["busy"], unit="of the slots", peer=peer["busy"],
               target="≥ 98 %", met=ours["busy"] >= 0.98)
        record(f"{name}: CPU per trial", ours["cpu_ms"], unit="ms", peer=peer["cpu_ms"],
               target="≤ 4 ms", met=ours["cpu_ms"] <= 4)
        record(f"{name}: commits per trial", ours["commits"], unit="commits", limit=2,
               target="≤ 2", met=ours["commits"] <= 2)
        _record_gaps(name, ours["gaps"], raw)


def _record_gaps(name, gaps, raw):
    p50, p99 = percentile(gaps, 0.5), percentile(gaps, 0.99)
    limit = raw["p99_ms"] + 30
    record(f"{name}: end of a trial to the next start in its slot, p50", p50, unit="ms", limit=12,
           target="≤ 12 ms", met=p50 <= 12)
    record(f"{name}: end of a trial to the next start in its slot, p99", p99, unit="ms",
           limit=limit, target="≤ raw commit p99 + 30 ms", met=p99 <= limit,
           raw_commit_p50_ms=raw["p50_ms"], raw_commit_p99_ms=raw["p99_ms"])


def _copies(state, copy):
    """The attempts' directories as the daemon made them. Nothing is deleted: see Scratch."""
    for path in sorted(state.glob("studies/*/trials/*/*/attempt.json")):
        directory = copy / path.parent.relative_to(state)
        directory.mkdir(parents=True)
        for name in ("attempt.json", "params.json"):
            shutil.copy(path.parent / name, directory / name)
        yield directory


def _bare_exec(scratch, state):
    """The same directories by `hpo exec` alone."""
    directories = list(_copies(state, scratch / "copy"))
    commands = _write_commands(scratch / "commands",
                               [(daemon.BIN / "hpo", "exec", each) for each in directories])
    return program("fork_loop", TRUE_SLOTS, commands)


def _trues_once(scratch):
    state = scratch / "state"
    ours = _study_done(state, TRUE, TRUE_TRIALS, TRUE_SLOTS)
    bare = _bare_exec(scratch, state)
    state.rename(scratch / f"done-{time.monotonic_ns()}")
    (scratch / "copy").rename(scratch / f"copy-{time.monotonic_ns()}")
    return {"ours": ours["rate"], "commits": ours["commits"], "bare": bare["rate"],
            "cpu_ms": ours["cpu_ms"], "bare_cpu_ms": bare["cpu_ms"],
            "gap_p50_ms": percentile(ours["gaps"], 0.5)}


def trues():
    with Scratch() as scratch:
        rows, raws = alternate(ROUNDS, lambda: _trues_once(scratch), lambda: _raw_commit(scratch))
        ours, bare, raw = median(rows, "ours"), median(rows, "bare"), median(raws, "rate")
        target = min(0.5 * bare, 0.7 * raw / 2)
        record(f"{TRUE_TRIALS} trials of true, {TRUE_SLOTS} slots", ours, unit="trials/s",
               peer=bare, target="≥ 50 % of bare hpo exec, or ≥ 35 % of raw commits/s, the lower",
               met=ours >= target, needed=target, raw_commits_per_s=raw,
               commits_per_trial=median(rows, "commits"), cpu_ms=median(rows, "cpu_ms"),
               bare_cpu_ms=median(rows, "bare_cpu_ms"), gap_p50_ms=median(rows, "gap_p50_ms"))


FIGURES = {"sleeps": sleeps, "trues": trues}
