#!/usr/bin/env python3
"""Random faults against hpod and workers by every way, until they are as many as asked for.

    fault_run.py --faults 200 --seed 1 [--keep DIRECTORY]

Two studies at a time, one whose workers are started by hand (Unix socket, TCP, spool), one whose
workers are jobs of a real Slurm; when one has ended, the next follows. In the end every study must
have finished and verdict.py finds nothing. The seed draws the faults, the machine their moments.
"""
import argparse
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
HELPERS = HERE.parents[2] / "executors/runner/helpers"
sys.path[:0] = map(str, (HERE.parent, HERE.parent / "slurm", HELPERS))

import verdict  # noqa: E402
import crew  # noqa: E402
import network  # noqa: E402
from cluster import Cluster  # noqa: E402
from daemon import wait_until  # noqa: E402
from login_node import TIMES, Site, slurm_study  # noqa: E402
from nemesis import LEASE_S, Nemesis  # noqa: E402
import verdict  # noqa: E402

STEP_S = 0.2
BETWEEN_S = 0.9   # faults, in the mean
LOOK_S = 0.2      # at the studies
END_S = 180       # after the last fault
# A submission in doubt is looked for until it cannot turn up any more, in all lives of hpod
# together: in a run of minutes a doubt has to be short.
CREDENTIAL_S = 8
DOUBT = {"absent_after": "10s"}
LEASE = {"lease": f"{LEASE_S}s", "grace": "1s"}
RETRY = {"max": 20, "on": ["lost", "node_fail", "preempted", "infrastructure", "signal"]}


class Run:
    """The world of one run; nemesis hits it, tend() keeps it going."""

    def __init__(self, seed, trials, steps):
        self._trials, self._steps = trials, steps
        self._stack = contextlib.ExitStack()
        self.daemon_is_dead = False
        self.crew, self.studies, self.pauses = None, [], []
        self._current = {}  # of each kind, the name of its latest study
        self._looked = 0.0
        self.nemesis = Nemesis(self, random.Random(seed))

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.cluster = stack.enter_context(Cluster(nodes=2, credential_s=CREDENTIAL_S))
            self.site = Site(self.cluster)
            stack.callback(self.site.close)
            self._make_networks(stack)
            self._make_files()
            self.site.start()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def tend(self):
        """Mends what is due, and looks after workers and studies."""
        self.nemesis.mend_due()
        if not self.daemon_is_dead and self.site.process.poll() is not None:
            raise AssertionError(f"hpod ended by itself, with {self.site.process.returncode}")
        if time.monotonic() - self._looked < LOOK_S:
            return
        self._looked = time.monotonic()
        for kind, submit in (("jobs", self._submit_jobs), ("pulled", self._submit_pulled)):
            if kind not in self._current or self.is_over(kind):
                submit()
        self.crew.keep()

    def finish(self):
        """Everything works again, and the studies that are there come to their end."""
        self.nemesis.mend_due(everything=True)
        self.cluster.repair()

        def has_ended():
            if not self.is_over("pulled"):
                self.crew.keep()
            return all([self.is_over("pulled"), self.is_over("jobs")])
        wait_until(self.site.answers, what="the daemon's readiness")
        wait_until(has_ended, END_S, f"the end of {self._current}")
        wait_until(lambda: not crew.trainings(self.script), what="the end of all trainings")
        self.crew.end()
        self.site.wait_for_no_jobs()

    def is_over(self, kind):
        """Whether the study has finished; a pause is noted and ended."""
        study = self.site.try_get(f"/v1/studies/{self._current[kind]}")
        if study and study["state"] == "paused":
            self.pauses.append((study["name"], study["reason"], study["detail"]))
            with contextlib.suppress(OSError, AssertionError):
                self.site.post(f"/v1/studies/{study['name']}:resume")
        return study is not None and study["state"] == "finished"

    def _make_networks(self, stack):
        lacking = network.namespace_is_missing()
        if lacking:
            print(f"a relay stands for the network namespace: {lacking}", flush=True)
        pair = [] if lacking else [network.Namespace(self.cluster.identity())]
        host = pair[0].host if pair else "127.0.0.1"
        with socket.create_server((host, 0)) as probe:
            self._port = probe.getsockname()[1]
        self.networks = [*pair, network.Relay((host, self._port))]
        for each in self.networks:
            stack.callback(each.close)
        self.site.config.write_text(json.dumps(
            {"slurm": TIMES | DOUBT, "listen": f"tcp://{host}:{self._port}"}))

    def _make_files(self):
        self.script = self.site.scratch("training.py")
        self.ledger = self.site.scratch("ledger")
        shutil.copy(HERE / "training.py", self.script)
        shutil.copy(HELPERS / "hpo.py", self.script.parent)
        self.ledger.touch()
        self.cluster.give(self.site.home)

    def _submit_pulled(self):
        body = self._study("pulled", parallel=9)
        body["executor"] = dict(LEASE, type="external")
        self._post_again(body)
        if self.crew:
            self.crew.end()
        self.crew = crew.Crew(self.site, body["name"], self.networks, self._port)

    def _submit_jobs(self):
        body = self._study("jobs", executor=dict(LEASE, slots=2))
        del body["parallel"]
        self._post_again(dict(body, dispatch="workers", workers=2))

    def _study(self, kind, **more):
        self._current[kind] = f"{kind}{len(self.studies)}"
        self.studies.append(self._current[kind])
        command = ["/usr/bin/python3", "-S", str(self.script), str(self.ledger), str(self._steps),
                   str(STEP_S)]
        return slurm_study(self._current[kind], command, trials=self._trials, retry=RETRY,
                           workdir="/tmp", **more)

    def _post_again(self, body):
        """Until it is answered, whatever becomes of the daemon: the same content is the same."""
        def is_posted():
            self.nemesis.mend_due()
            with contextlib.suppress(OSError):
                return self.site.post("/v1/studies", body, **{"Idempotency-Key": body["name"]})
        wait_until(is_posted, what=f"the answer to {body['name']}")


def torment(run, faults, chance):
    """Strikes until there are enough faults, with pauses between them that are drawn, too."""
    due = 0.0
    while sum(run.nemesis.struck.values()) < faults:
        run.tend()
        if time.monotonic() >= due and run.studies and run.nemesis.strike():
            due = time.monotonic() + chance.expovariate(1 / BETWEEN_S)
        time.sleep(0.02)


def summary(run, figures, seed, began):
    def words(counts):
        return " ".join(f"{key}={value}" for key, value in counts)
    struck = run.nemesis.struck
    print(f"seed={seed} faults={sum(struck.values())} {words(sorted(struck.items()))}\n"
          f"seed={seed} seconds={time.monotonic() - began:.0f} pauses={len(run.pauses)} "
          f"{words(figures.items())}", flush=True)
    for pause in run.pauses:
        print("paused, and resumed:", *pause)


def carry_out(faults, seed, trials=24, steps=8, keep=None):
    """Findings, as sentences; prints the summary. `keep`: where the run's files are copied to."""
    began = time.monotonic()
    with Run(seed, trials, steps) as run, contextlib.ExitStack() as stack:
        if keep:
            stack.callback(shutil.copytree, run.site.home, keep, symlinks=True,
                           ignore=shutil.ignore_patterns("*.sock"))
        torment(run, faults, random.Random(seed + 1))
        run.finish()
        run.site.kill(signal.SIGTERM)
        figures, findings = verdict.check(run.site.state, run.ledger, run.studies, steps)
        summary(run, figures, seed, began)
        return findings


def main():
    parser = argparse.ArgumentParser(description="Random faults against hpod and its workers.")
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="a new directory for what the run leaves")
    options = parser.parse_args()
    if options.keep and os.path.exists(options.keep):
        parser.error(f"{options.keep} is there already: name a new directory")
    findings = carry_out(options.faults, options.seed, keep=options.keep)
    for finding in findings:
        print("BROKEN:", finding)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
