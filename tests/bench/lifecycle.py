"""The command line's start and the daemon's rest."""
import os
import time

from harness import Scratch, cpu_s, daemon, program, record

CALLS = 200
IDLE_S = 30


def _calls(scratch, *words):
    path = scratch / "commands"
    path.write_text(("\t".join(map(str, (daemon.BIN / "hpo", *words))) + "\n") * CALLS)
    return program("fork_loop", 1, path)


def _record_calls(scratch, limit_ms, *words):
    got = _calls(scratch, *words)
    record(f"hpo {' '.join(words)}", got["p50_ms"], unit="ms", limit=limit_ms,
           target=f"≤ {limit_ms} ms", met=got["p50_ms"] <= limit_ms, p99_ms=got["p99_ms"],
           cpu_ms=got["cpu_ms"])


def calls():
    with Scratch() as scratch, daemon.Daemon(scratch / "state") as hpod:
        for number in range(5):
            name = f"study-{number}"
            hpod.post("/v1/studies", daemon.study(name, ["/bin/true"], trials=100))
            hpod.post(f"/v1/studies/{name}:pause")
        os.environ["HPO_STATE_DIR"] = str(hpod.state)
        _record_calls(scratch, 5, "--version")
        _record_calls(scratch, 15, "status")
        del os.environ["HPO_STATE_DIR"]


def idle():
    with Scratch() as scratch, daemon.Daemon(scratch / "state") as hpod:
        hpod.post("/v1/studies", daemon.study("paused", ["/bin/true"], trials=100))
        hpod.post("/v1/studies/paused:pause")
        before, start = cpu_s(hpod.process.pid), time.monotonic()
        daemon.wait_until(lambda: time.monotonic() - start > IDLE_S, IDLE_S + 10, "the interval")
        share = (cpu_s(hpod.process.pid) - before) / (time.monotonic() - start)
        record("idle daemon", 100 * share, unit="% of a core", limit=0.2, target="≤ 0.2 %",
               met=share <= 0.002, seconds=IDLE_S)


FIGURES = {"calls": calls, "idle": idle}
