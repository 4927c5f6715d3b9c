"""From one job to the next, and a whole study beside the same job scripts without hpo."""
import json
import statistics
import time

from harness import daemon, record
from slurm_site import INTERVAL_S, NAME, on_cluster, submit

from times import seconds  # of tests/system

LINE = {"trials": 12, "parallel": 1}  # one after the other
WAIT_S = 2
STAMP_S = 0.001  # what replies cut of a time
PACE = {"trials": 32, "parallel": 8}
TRAINING_S = 20
RATIO = 1.15
FILES = ("attempt.json", "params.json", "environment", "job.sh")


def _ends_s(directory):
    """By trial: when its training ended, as its runner tells."""
    paths = sorted(directory.glob(f"studies/{NAME}/trials/*/1/exit.json"),
                   key=lambda path: int(path.parts[-3]))
    return [json.loads(path.read_text())["ended_ns"] / 1e9 for path in paths]


def _record_waits(name, waits):
    median_s = statistics.median(waits)
    record(name, median_s, unit="s", limit=WAIT_S, target=f"≤ {WAIT_S} s", met=median_s <= WAIT_S,
           max_s=max(waits), of=len(waits), interval_s=INTERVAL_S)


@on_cluster
def line(_, site):
    submit(site, 0.2, **LINE)
    site.wait_for(NAME)
    ends = _ends_s(site.state)
    told = [seconds(trial["ended_at"]) for trial in site.trials(NAME)]
    asked = [call["at"] for call in site.double.calls("sbatch")]
    assert len(ends) == len(told) == len(asked) == LINE["trials"], (ends, told, asked)
    _record_waits("end of a Slurm job to its result told, p50",
                  [b + STAMP_S - a for a, b in zip(ends, told)])
    _record_waits("result of a Slurm job told to the next sbatch, p50",
                  [b - a for a, b in zip(told, asked[1:])])


def _copy(site, directory):
    """The attempts' directories as hpod made them, nothing carried out yet."""
    for source in site.state.glob(f"studies/{NAME}/trials/*/1"):
        target = directory / source.relative_to(site.state)
        target.mkdir(parents=True)
        for name in FILES:
            text = (source / name).read_text()
            (target / name).write_text(text.replace(str(site.state), str(directory)))
    (directory / "ended").mkdir()


def _without_hpo(cluster, site):
    """Seconds from the first sbatch of the same job scripts to the end of the last."""
    directory = site.scratch("without")
    _copy(site, directory)
    cluster.give(directory)
    calls = [[word.replace(str(site.state), str(directory)) for word in call["argv"]]
             for call in site.double.calls("sbatch")]
    began = time.time()
    for argv in calls:
        done = cluster.run(["sbatch", "--licenses=hpo:1", *argv])
        assert done.returncode == 0, done.stderr
    daemon.wait_until(lambda: len(_ends_s(directory)) == PACE["trials"], 300, "their ends")
    return max(_ends_s(directory)) - began


@on_cluster
def pace(cluster, site):
    """Until hpo knows that the study has finished; the licence is there eight times."""
    began = time.time()
    submit(site, TRAINING_S, {"submit_rate": 10}, **PACE)
    site.wait_for(NAME, limit_s=300)
    ours_s = time.time() - began
    site.kill()
    peer_s = _without_hpo(cluster, site)
    record(f"{PACE['trials']} Slurm trials of {TRAINING_S} s, {PACE['parallel']} at a time: wall "
           "time", ours_s, unit="s", peer=peer_s, target=f"≤ {RATIO} × sbatch at once under a "
           "licence", met=ours_s <= RATIO * peer_s, submit_rate=10, interval_s=INTERVAL_S)


FIGURES = {"slurm-line": line, "slurm-pace": pace}
