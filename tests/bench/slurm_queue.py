"""A thousand jobs in the queue: what hpod takes while nothing happens, and after a kill -9."""
import os
import statistics
import time

from harness import cpu_s, daemon, record
from slurm_site import INTERVAL_S, PATH, on_cluster, submit

from double import fault  # of tests/system/slurm, by slurm_site

JOBS = int(os.environ.get("HPO_BENCH_JOBS", 1000))
RUNNING = 64  # the cluster's processors
REST_S = 3 * INTERVAL_S + 5
RESTARTS = 5
ADOPTED_S = 2
BLOCKER = ["sbatch", "--job-name=blocker", "--nodes=4", "--exclusive", "--output=/dev/null",
           "--wrap=sleep 3600"]
NOTHING = [fault("does_nothing")]


def _waiting(site):
    """The trials of which a listing has told, since hpod's start, that they wait."""
    study = site.try_get(PATH)
    return sum(wait["trials"] for wait in study["waits_for"]) if study else 0


def _submit_all(site):
    submit(site, 3600, {"max_queued": JOBS}, trials=JOBS, parallel=JOBS)
    daemon.wait_until(lambda: _waiting(site) == JOBS, 300, "all jobs in the queue")


def _record_rest(site):
    """CPU is hpod's own; what its squeue take is Slurm's."""
    calls = len(site.double.calls())
    used_s, began = cpu_s(site.process.pid), time.monotonic()
    daemon.wait_until(lambda: time.monotonic() - began > REST_S, REST_S + 10, "the interval")
    used_s, spent_s = cpu_s(site.process.pid) - used_s, time.monotonic() - began
    new = site.double.calls()[calls:]
    asked = [call["at"] for call in new if call["command"] == "squeue"]
    name = f"{JOBS:,} queued jobs of a real Slurm"
    record(f"{name}: CPU of hpod", 100 * used_s / spent_s, unit="% of a core", limit=0.5,
           target="≤ 0.5 %", met=used_s / spent_s <= 0.005, seconds=spent_s,
           cpu_ms_per_query=1e3 * used_s / len(asked))
    rate = (len(asked) - 1) * INTERVAL_S / (asked[-1] - asked[0])
    record(f"{name}: queries per interval", rate, unit="squeue", limit=1,
           target="1, no other command", met=0.9 <= rate <= 1.02 and len(asked) == len(new),
           interval_s=INTERVAL_S, queries=len(asked), other_commands=len(new) - len(asked))


def _adoption(site, is_known):
    """(seconds, commands of Slurm) from the start of hpod until all its jobs are known again."""
    calls, began = len(site.double.calls()), time.monotonic()
    site.start(wait=False)
    daemon.wait_until(lambda: is_known(site), 60, "the first listing")
    return time.monotonic() - began, [call["command"] for call in site.double.calls()[calls:]]


def _record_adoption(name, rounds):
    slowest_s = max(seconds for seconds, _ in rounds)
    queries = max(len(commands) for _, commands in rounds)
    met = slowest_s <= ADOPTED_S and all(commands == ["squeue"] for _, commands in rounds)
    record(f"{name}: known again after kill -9", slowest_s, unit="s", limit=ADOPTED_S,
           target=f"≤ {ADOPTED_S} s, 1 query", met=met, queries=queries, slowest_of=len(rounds),
           median_s=statistics.median(seconds for seconds, _ in rounds))


def _runs(site, number):
    trial = site.try_get(f"{PATH}/trials/{number}")
    return bool(trial) and trial["history"][-1]["state"] == "running"


def _check_running(site, count):
    found = sum(_runs(site, number) for number in range(JOBS))
    assert found == count, f"{found} trials run, not {count}"


@on_cluster
def queue(cluster, site):
    """All wait behind a stranger's job; then, while hpod is dead, as many start as have room."""
    cluster.check(BLOCKER)
    _submit_all(site)
    _record_rest(site)
    site.kill()
    cluster.check(["scancel", "--name=blocker"])
    daemon.wait_until(lambda: len(site.jobs("R")) == RUNNING, 60, "jobs on all processors")
    rounds = []
    for _ in range(RESTARTS):
        rounds.append(_adoption(site, lambda each: _waiting(each) == JOBS - RUNNING))
        _check_running(site, RUNNING)
        site.kill()
    _record_adoption(f"{RUNNING} running and {JOBS - RUNNING} queued jobs of a real Slurm", rounds)


@on_cluster
def pretended(_, site):
    """More jobs than this host can run. They start while hpod is dead, says the double; the start
    of the last one is stored after all others."""
    others = {"sbatch": [fault("pretend")], "scancel": NOTHING, "sacct": NOTHING}
    site.double.play(squeue=[fault("pretend_all", state="PENDING")], **others)
    _submit_all(site)
    site.kill()
    site.double.play(squeue=[fault("pretend_all", state="RUNNING")], **others)
    rounds = [_adoption(site, lambda each: _runs(each, JOBS - 1))]
    _check_running(site, JOBS)
    _record_adoption(f"{JOBS:,} running jobs of a pretended Slurm", rounds)


FIGURES = {"slurm-queue": queue, "slurm-double": pretended}
