"""Worker jobs of a real Slurm: how fast short trials go through them, and what Slurm is asked.

Times of a training are its runner's own, as those of trials.py; commands of Slurm are counted by
the double that stands before them, from the study's submission until it has finished.
"""
import collections
import os
import shutil
import time

from harness import cpu_s, record
from slurm_site import NAME, at_interval, slurm_study
from trials import TRUE, _ends

TRIALS = int(os.environ.get("HPO_BENCH_TRUES", 2000))
WORKERS = 4
SLOTS = 16
RATE = 300
INTERVAL_S = 1  # the study is over before the usual one


def _submit(site):
    """The training is copied to where the cluster's user can read."""
    program = site.scratch("training")
    shutil.copy(TRUE[0], program)
    body = slurm_study(NAME, [str(program), *TRUE[1:]], trials=TRIALS, strategy="random",
                       executor={"slots": SLOTS, "time": "1h", "memory": "1G"})
    del body["parallel"]
    site.post("/v1/studies", dict(body, dispatch="workers", workers=WORKERS))


def _record_calls(name, calls, seconds):
    """The first query comes at once: in so many seconds one more than there are intervals."""
    queries_max = 1 + int(seconds / INTERVAL_S)
    others = set(calls) - {"sbatch", "squeue"}
    record(f"{name}: commands of Slurm", calls.total(), unit="commands",
           limit=WORKERS + queries_max, target=f"{WORKERS} sbatch, 1 squeue per interval",
           met=calls["sbatch"] == WORKERS and calls["squeue"] <= queries_max and not others,
           interval_s=INTERVAL_S, seconds=seconds, **calls)


@at_interval(INTERVAL_S)
def workers(_, site):
    used_s, began, began_at = cpu_s(site.process.pid), time.monotonic(), time.time()
    _submit(site)
    body = site.wait_for(NAME, limit_s=300)
    seconds, used_s = time.monotonic() - began, cpu_s(site.process.pid) - used_s
    assert body["trials"]["completed"] == TRIALS, body
    calls = collections.Counter(call["command"] for call in site.double.calls())
    starts, ends = zip(*((start, end) for _, start, end in _ends(site.state)))
    rate = TRIALS / (max(ends) - min(starts))
    name = f"{TRIALS:,} trials of true, {WORKERS} worker jobs of a real Slurm, {SLOTS} slots each"
    record(name, rate, unit="trials/s", limit=RATE, target=f"≥ {RATE} trials/s", met=rate >= RATE,
           daemon_ms=1e3 * used_s / TRIALS, first_start_s=min(starts) - began_at)
    _record_calls(name, calls, seconds)


FIGURES = {"slurm-workers": workers}
