"""Steps of trainings: how many a second are durable, and how long a training waits for a decision.

All through a real hpod's socket: row, decision and reason are one COMMIT. `median` judges each step
once five trials have completed. One report a request beside a bare group-commit writer of the same
rows and indexes, in turn; and 32 reports a request.
"""
import json
import os
import shutil

from harness import ROOT, Scratch, alternate, bare_writer, daemon, median, program, record
from trials import _raw_commit

CLIENTS = 128      # each a trial of its own
REPORTS = int(os.environ.get("HPO_BENCH_REPORTS", 100_000))
EACH = 32          # reports in a request of the second kind
ROUNDS = 3
RATIO = 0.7
RATE = 10_000
ADDED_MS = 2
INSERT = ("INSERT INTO reports(study, trial, step, attempt, seq, value, metrics) "
          "VALUES(1, ?1 % 128, ?1 / 128, 1, ?1, ?3, '{}')\n")


def _study(parallel):
    return daemon.study("reports", ["true"], trials=parallel + 1000, parallel=parallel,
                        executor={"type": "external", "lease": "1h"}, strategy="sobol",
                        pruner={"type": "median", "options": {"startup_trials": 1_000_000}})


def _leases(hpod, count):
    leases = {}
    while len(leases) < count:
        wanted = {"count": count - len(leases), "wait_ms": 1000}
        for each in hpod.post("/v1/studies/reports/trials:ask", wanted)["trials"]:
            leases[each["trial"]] = each["fence"]
    return leases


def _requests(path, leases, each):
    """In the order of steps, so that no client is ahead of the others."""
    steps = REPORTS // len(leases)
    with open(path, "w") as file:
        for first in range(0, steps, each):
            for trial, fence in leases.items():
                told = [{"step": step, "metrics": {"loss": 1.0 / (1 + step)}}
                        for step in range(first, min(first + each, steps))]
                more = {"reports": told} if each > 1 else told[0]
                body = {"fence": fence, **more}
                file.write(f"POST /v1/studies/reports/trials/{trial}:report {json.dumps(body)}\n")
    return steps * len(leases)


def _ours(scratch, each):
    state = scratch / "state"
    with daemon.Daemon(state) as hpod:
        hpod.post("/v1/studies", _study(CLIENTS))
        leases = _leases(hpod, CLIENTS)
        told = _requests(scratch / "requests", leases, each)
        requests = sum(1 for _ in open(scratch / "requests"))
        load = program("http_load", hpod.socket_path, CLIENTS, 600, requests, scratch / "requests")
        kept = _count(hpod)
    shutil.rmtree(state)
    assert kept == told, f"{told - kept} of {told} reports are lost"
    return {**load, "rate": told * load["rate"] / load["count"]}


def _count(hpod):
    count, after = 0, -1
    while True:
        page = hpod.get(f"/v1/studies/reports/reports?limit=1000&after={after}")["reports"]
        if not page:
            return count
        count, after = count + len(page), page[-1]["seq"]


def _bare(scratch):
    schema = scratch / "schema.sql"
    schema.write_text("".join(path.read_text() for path in
                              sorted((ROOT / "schema" / "sql").glob("*.sql"))))
    (scratch / "rows").write_text("".join(f"{1.0 / (1 + i)}\n" for i in range(1000)))
    (scratch / "inserts").write_text(INSERT)
    return bare_writer(scratch, CLIENTS, 8, schema)


def reports():
    with Scratch() as scratch:
        ours, bare = alternate(ROUNDS, lambda: _ours(scratch, 1), lambda: _bare(scratch))
        rate, peer = median(ours, "rate"), median(bare, "rate")
        record(f"{REPORTS:,} reports, {CLIENTS} clients, one a request", rate, unit="reports/s",
               peer=peer, target=f"≥ {RATIO:.0%} of the bare writer, none lost",
               met=rate >= RATIO * peer, p50_ms=median(ours, "p50_ms"),
               p99_ms=median(ours, "p99_ms"))
        many = [_ours(scratch, EACH) for _ in range(ROUNDS)]
        rate = median(many, "rate")
        record(f"{REPORTS:,} reports, {CLIENTS} clients, {EACH} a request", rate, unit="reports/s",
               limit=RATE, target=f"≥ {RATE:,} reports/s, none lost", met=rate >= RATE,
               p50_ms=median(many, "p50_ms"), p99_ms=median(many, "p99_ms"))


def _decisions(scratch, slots):
    """`slots` trainings that report one step after the other."""
    state = scratch / "state"
    with daemon.Daemon(state) as hpod:
        hpod.post("/v1/studies", _study(slots))
        leases = _leases(hpod, slots)
        with open(scratch / "requests", "w") as file:
            for step in range(1000):
                for trial, fence in leases.items():
                    body = {"fence": fence, "step": step, "metrics": {"loss": 0.5}}
                    file.write(f"POST /v1/studies/reports/trials/{trial}:report "
                               f"{json.dumps(body)}\n")
        load = program("http_load", hpod.socket_path, slots, 600, 1000 * slots,
                       scratch / "requests")
    shutil.rmtree(state)
    return load


def decisions():
    with Scratch() as scratch:
        for slots, factor in ((1, 1), (16, 2)):
            ours, raw = alternate(ROUNDS, lambda: _decisions(scratch, slots),
                                  lambda: _raw_commit(scratch))
            p50_ms, raw_ms = median(ours, "p50_ms"), median(raw, "p50_ms")
            limit = factor * raw_ms + ADDED_MS
            word = "idle" if slots == 1 else f"{slots} slots reporting"
            record(f"report to decision at the training, {word}: p50", p50_ms, unit="ms",
                   limit=limit, met=p50_ms <= limit, p99_ms=median(ours, "p99_ms"),
                   target=f"≤ {'2 × ' if factor > 1 else ''}raw commit p50 + {ADDED_MS} ms",
                   raw_commit_p50_ms=raw_ms)


FIGURES = {"reports": reports, "decisions": decisions}
