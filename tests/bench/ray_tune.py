"""Ray Tune as a peer: its scripts are in live/, its Python is named by $HPO_BENCH_RAY.

That Python needs ray[tune]==2.60.0, and for live/ray_jets.py and ray_fits.py numpy, scikit-learn.
"""
import json
import os
import pathlib
import subprocess
import threading

from harness import HERE

PYTHON = os.environ.get("HPO_BENCH_RAY", "")
LIMIT_S = 1800
PERIOD_S = 0.2
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class TreeCpu(threading.Thread):
    """CPU time of a process and of all that it ever started, asked again and again: nobody waits
    for Ray's workers, so no parent can tell what they used. What a process uses after it was last
    asked is missed: less than PERIOD_S each, in the peer's favour."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.root, self.used_s, self.over = pid, {}, threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(PERIOD_S):
            self._ask()

    def end_s(self):
        self.over.set()
        self.join()
        return sum(self.used_s.values())

    def _ask(self):
        seen = {}  # by pid: its parent, when it started, what it used
        for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                words = path.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            used_s = TICK_S * (int(words[11]) + int(words[12]))
            seen[int(path.parent.name)] = (int(words[1]), words[19], used_s)
        ours = {self.root} | {pid for pid, (_, start, _) in seen.items()
                              if (pid, start) in self.used_s}
        for pid in sorted(seen, key=lambda pid: int(seen[pid][1])):  # parents before children
            parent, start, used_s = seen[pid]
            if pid in ours or parent in ours:
                ours.add(pid)
                self.used_s[pid, start] = used_s


def run(script, *words, environment=None):
    """Carries out a script of live/: what it printed last, and CPU of its whole tree in seconds."""
    process = subprocess.Popen(
        [PYTHON, HERE / "live" / script, *map(str, words)], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=dict(os.environ, **(environment or {})))
    tree = TreeCpu(process.pid)
    try:
        out, err = process.communicate(timeout=LIMIT_S)
    finally:
        process.terminate()  # its children end with it
        cpu_s = tree.end_s()
    assert process.returncode == 0, f"{script}: {err[-2000:]}"
    return (json.loads(out.splitlines()[-1]) if out else {}) | {"cpu_s": cpu_s}
