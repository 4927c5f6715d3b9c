"""What the figures share: programs, a scratch directory, rounds side by side, the records.

A figure is one JSON line: ours, and a peer or limit measured beside it, with commit and load.
"""
import atexit
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "system"))

import daemon  # noqa: E402  (of tests/system)

BIN = daemon.BIN
PROGRAMS = pathlib.Path(os.environ.get("HPO_BENCH_BIN", BIN.parent / "tests")).resolve()
SCHEMA = ROOT / "schema" / "sql" / "0001_initial.sql"
FIGURES = HERE / "figures.jsonl"
SLOW_DISK_MS = 4  # a flush of the disk that the targets were written on; see sync_count.cpp


# Of the bare writer, for a trial: ?3 its params, ?4 its event.
TRIAL_INSERTS = (
    "INSERT INTO trials VALUES(1,?1,'waiting','enqueued',?3,NULL,0,NULL,'{}',NULL,'',NULL,?2,0,0,"
    "'',0,'',0,0,0,0)\n"
    "INSERT INTO events(at_ns, elapsed_ns, history_seq, study, kind, data) "
    "VALUES(?2,0,1,1,'trial_created',?4)\n")


class Scratch:
    """A directory on the disk that is measured; $HPO_BENCH_DIR chooses the disk.

    Removed when all is measured: for some minutes ext4 looks past each inode that was freed
    whenever it makes one, so what one figure deletes would slow the next one down."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(
            prefix="hpo-bench-", dir=os.environ.get("HPO_BENCH_DIR", "/var/tmp")))
        return self.path

    def __exit__(self, *_):
        atexit.register(shutil.rmtree, self.path, ignore_errors=True)


def program(name, *arguments, slow_disk=False):
    """Carries out a program of this folder and returns the JSON that it prints."""
    environment = dict(os.environ, **(slow_disk_environment() if slow_disk else {}))
    done = subprocess.run([PROGRAMS / name, *map(str, arguments)], capture_output=True, text=True,
                          env=environment, timeout=1200)
    if done.returncode != 0:
        raise AssertionError(f"{name} {arguments}: exit {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def bare_writer(scratch, clients, seconds, schema=SCHEMA, slow_disk=False):
    """group_commit with the files `rows` and `inserts` of `scratch`, which its database leaves."""
    result = program("group_commit", scratch / "bare.db", schema, clients, seconds,
                     scratch / "rows", scratch / "inserts", slow_disk=slow_disk)
    for path in scratch.glob("bare.db*"):
        path.unlink()
    return result


def preload(**more):
    return dict(LD_PRELOAD=str(PROGRAMS / "sync_count.so"), **more)


def slow_disk_environment():
    return preload(HPO_BENCH_SYNC_MS=str(SLOW_DISK_MS))


def alternate(rounds, *calls):
    """Each call once per round, in turn, so that a busy moment hits all of them alike."""
    results = [[] for _ in calls]
    for _ in range(rounds):
        for result, call in zip(results, calls):
            result.append(call())
    return results


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def percentile(values, fraction):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(fraction * len(ordered)))]


def cpu_s(pid):
    """Nanoseconds that the scheduler gave to each thread: finer than the ticks of `stat`."""
    total_ns = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
            total_ns += int(file.read().split()[0])
    return total_ns / 1e9


def disk():
    """Device and file system under the scratch directory."""
    path = os.path.realpath(os.environ.get("HPO_BENCH_DIR", "/var/tmp"))
    mounts = [line.split()[:3] for line in open("/proc/mounts")]
    below = [each for each in mounts if (path + "/").startswith(each[1].rstrip("/") + "/")]
    device, _, kind = max(below, key=lambda each: len(each[1]))
    return f"{device} {kind}"


def commit():
    def git(*words):
        return subprocess.run(["git", "-C", ROOT, *words], capture_output=True,
                              text=True).stdout.strip()
    return git("rev-parse", "--short", "HEAD")


def record(figure, ours, *, unit, target, met, peer=None, limit=None, **detail):
    """One figure: printed, and kept in figures.jsonl in place of the last one of its name."""
    against = peer if peer is not None else limit
    line = {"figure": figure, "ours": _short(ours), "unit": unit,
            "peer" if peer is not None else "limit": _short(against),
            "ratio": _short(ours / against) if against else None, "target": target,
            "met": bool(met), "commit": commit(), "load": round(os.getloadavg()[0], 2),
            "cores": os.cpu_count(), "disk": disk(), "at": time.strftime("%Y-%m-%d", time.gmtime()),
            "detail": {key: _short(value) for key, value in detail.items()}}
    kept = []
    if FIGURES.exists():
        kept = [json.loads(text) for text in FIGURES.read_text().splitlines()]
    kept = [each for each in kept if each["figure"] != figure] + [line]
    FIGURES.write_text("".join(json.dumps(each) + "\n" for each in sorted(
        kept, key=lambda each: each["figure"])))
    print(("ok    " if met else "MISS  ") + f"{figure}: {line['ours']} {unit}, "
          f"{'peer' if peer is not None else 'limit'} {_short(against)}, target {target}  "
          f"{json.dumps(line['detail'])}  load {line['load']}", flush=True)


def _short(value):
    return float(f"{value:.4g}") if isinstance(value, float) else value
