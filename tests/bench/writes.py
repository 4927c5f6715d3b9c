"""Durable writes through HTTP beside a bare group-commit writer of the same rows."""
import json
import shutil

from harness import SLOW_DISK_MS, TRIAL_INSERTS, Scratch, alternate, bare_writer, daemon, median
from harness import program, record, slow_disk_environment

CLIENTS = (128, 16, 1)
SECONDS = 4
ROUNDS = 3
BODIES = 1000
RATIO = 0.7


def _params(i):
    return {"x": i / BODIES, "y": 1 - i / BODIES}


def _study(name):
    return daemon.study(name, ["/bin/true"], trials=10_000_000,
                        space={"x": {"float": [0, 1]}, "y": {"float": [0, 1]}})


def _write_inputs(scratch):
    """The same params for both: as requests, and as the texts of the rows."""
    with open(scratch / "requests", "w") as requests, open(scratch / "rows", "w") as rows:
        for i in range(BODIES):
            params = json.dumps(_params(i), separators=(",", ":"))
            requests.write(f'POST /v1/studies/writes/trials {{"params":{params}}}\n')
            event = json.dumps({"trial": 1_000_000 + i, "params": _params(i),
                                "origin": "enqueued"}, separators=(",", ":"))
            rows.write(f"{params}\t{event}\n")
    (scratch / "inserts").write_text(TRIAL_INSERTS)


def _ours(scratch, clients, slow_disk):
    state = scratch / "state"
    environment = slow_disk_environment() if slow_disk else {}
    with daemon.Daemon(state, environment) as hpod:
        hpod.post("/v1/studies", _study("writes"))
        hpod.post("/v1/studies/writes:pause")
        load = program("http_load", hpod.socket_path, clients, SECONDS, 10**9,
                       scratch / "requests")
        created = hpod.get("/v1/studies/writes")["trials"]["created"]
        assert created >= load["count"], (created, load)
    shutil.rmtree(state)
    return load


def _measure(scratch, clients, slow_disk):
    ours, bare = alternate(ROUNDS, lambda: _ours(scratch, clients, slow_disk),
                           lambda: bare_writer(scratch, clients, SECONDS, slow_disk=slow_disk))
    rate, peer = median(ours, "rate"), median(bare, "rate")
    disk = f"fdatasync slowed by {SLOW_DISK_MS} ms" if slow_disk else "this disk"
    record(f"durable writes, {clients} client{'s' * (clients > 1)}, {disk}", rate, unit="rows/s",
           peer=peer, target=f"≥ {RATIO:.0%} of the bare writer", met=rate >= RATIO * peer,
           p50_ms=median(ours, "p50_ms"), p99_ms=median(ours, "p99_ms"),
           peer_p50_ms=median(bare, "p50_ms"), peer_p99_ms=median(bare, "p99_ms"))


def writes():
    with Scratch() as scratch:
        _write_inputs(scratch)
        for slow_disk in (False, True):
            for clients in CLIENTS:
                _measure(scratch, clients, slow_disk)


FIGURES = {"writes": writes}
