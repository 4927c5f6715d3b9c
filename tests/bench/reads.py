"""Large studies: ready after a start, history, status requests and pages."""
import contextlib
import json
import os
import signal
import time

from harness import Scratch, daemon, program, record

SIZES = tuple(int(each) for each in os.environ.get("HPO_BENCH_SIZES", "100000,1000000").split(","))
DIMENSION = 8
REQUESTS = 2000
PAGE = 100
STARTS = 5
LOAD_SECONDS = 3  # of writes before the kill -9: the WAL has to be recovered


def _study(trials):
    return daemon.study(
        "large", ["/bin/true"], trials=trials + 1_000_000, strategy="random",
        space={f"parameter_{d}": {"float": [0, 1]} for d in range(DIMENSION)})


@contextlib.contextmanager
def _filled(trials):
    """A state directory whose database holds `trials` finished trials of 8 parameters."""
    with Scratch() as scratch:
        state = scratch / "state"
        state.mkdir(mode=0o700)
        study = scratch / "study.json"
        study.write_text(json.dumps(_study(trials)))
        size = program("fill_database", state / "hpo.db", study, trials)
        yield state, size["bytes"] / 1e6


@contextlib.contextmanager
def _serving(state):
    """A daemon that is stopped in the end, its study uncancelled."""
    hpod = daemon.Daemon(state)
    try:
        hpod.start()
        yield hpod
    finally:
        hpod.close(signal.SIGTERM)


def _ready_s(hpod):
    start = time.monotonic()
    hpod.start()
    return time.monotonic() - start


def _starts(state):
    """(after a stop, after a kill -9 in the middle of writes), the slowest of some each."""
    clean, killed = [], []
    requests = state.parent / "requests"
    params = {f"parameter_{d}": 0.5 for d in range(DIMENSION)}
    requests.write_text(f"POST /v1/studies/large/trials {json.dumps({'params': params})}\n")
    with contextlib.closing(daemon.Daemon(state)) as hpod:
        for _ in range(STARTS):
            clean.append(_ready_s(hpod))
            program("http_load", hpod.socket_path, 16, LOAD_SECONDS, 4000, requests)
            hpod.kill()
            killed.append(_ready_s(hpod))
            hpod.kill(signal.SIGTERM)
    return max(clean), max(killed)


def _latency(hpod, name, lines, trials, limit_ms):
    path = hpod.state.parent / "gets"
    path.write_text("\n".join(lines) + "\n")
    got = program("http_load", hpod.socket_path, 1, 120, REQUESTS, path)
    record(f"{name}, study of {trials:,} trials, p99", got["p99_ms"], unit="ms", limit=limit_ms,
           target=f"≤ {limit_ms} ms", met=got["p99_ms"] <= limit_ms, p50_ms=got["p50_ms"])


def _pages(hpod, trials):
    """Pages all over the study: a first walk collects cursors."""
    lines, cursor = [], ""
    step = 1000
    for _ in range(min(100, trials // step)):
        page = hpod.get(f"/v1/studies/large/trials?limit={step}{cursor}")
        cursor = "&cursor=" + page["next"]
        lines.append(f"GET /v1/studies/large/trials?limit={PAGE}{cursor}")
    return lines


def _history(state, trials):
    """From resume to the first new trial: that ask has read all of the history."""
    with _serving(state) as hpod:
        before = hpod.get("/v1/studies/large")["trials"]["created"]
        waiting = hpod.get("/v1/studies/large")["trials"]["waiting"]
        assert waiting == 0, waiting
        start = time.monotonic()
        hpod.post("/v1/studies/large:resume")
        daemon.wait_until(
            lambda: hpod.get("/v1/studies/large")["trials"]["created"] > before, 120, "an ask")
        elapsed_s = time.monotonic() - start
        hpod.post("/v1/studies/large:pause")
        memory = daemon.memory_peak(hpod.process.pid) / (1 << 20)
    name = f"history of {trials:,} trials of {DIMENSION} parameters"
    record(f"{name}: resume to the next trial", elapsed_s, unit="s", limit=6, target="≤ 6 s",
           met=elapsed_s <= 6)
    record(f"{name}: resident memory of hpod, peak", memory, unit="MiB", limit=1024,
           target="≤ 1 GiB", met=memory <= 1024)


def large():
    for trials in SIZES:
        with _filled(trials) as (state, megabytes):
            _history(state, trials)
            with _serving(state) as hpod:
                if trials <= 100_000:
                    _latency(hpod, "status request", ["GET /v1/studies/large"], trials, 5)
                    _latency(hpod, f"page of {PAGE} trials", _pages(hpod, trials), trials, 10)
            clean, killed = _starts(state)
            for what, seconds in (("", clean), (" after kill -9", killed)):
                record(f"ready{what}, {trials:,} trials in the database", seconds, unit="s",
                       limit=0.5, target="≤ 0.5 s", met=seconds <= 0.5, slowest_of=STARTS,
                       database_mb=megabytes)


FIGURES = {"large": large}
