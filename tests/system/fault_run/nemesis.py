"""What goes wrong, drawn from a seed: each fault strikes at once, and most mend after a while.

While one lasts, others strike. A fault that finds no victim does not count.
"""
import collections
import heapq
import signal
import time

import crew
import daemons

LEASE_S = 3


class Nemesis:
    """`run` has the cluster, site, script, crew and networks of the moment."""

    def __init__(self, run, chance):
        self._run, self._chance = run, chance
        self._mends = []  # a heap of (when, count, what)
        self._wounded = set()
        self.struck = collections.Counter()
        self._kinds = {  # how often, beside the others
            self.kill_training: 4, self.kill_runner: 2, self.kill_worker: 3,
            self.kill_worker_job: 3, self.freeze_worker: 3, self.freeze_worker_job: 2,
            self.kill_daemon: 3, self.cut_network: 4, self.kill_slurmd: 2, self.close_spool: 2}

    def strike(self):
        """One fault; False: it found no victim."""
        kind, = self._chance.choices(list(self._kinds), self._kinds.values())
        if not kind():
            return False
        self.struck[kind.__name__] += 1
        return True

    def mend_due(self, everything=False):
        while self._mends and (everything or self._mends[0][0] <= time.monotonic()):
            heapq.heappop(self._mends)[2]()

    # --- the faults

    def kill_training(self):
        return self._strike(crew.trainings(self._run.script), signal.SIGKILL)

    def kill_runner(self):
        return self._strike(crew.runners(self._run.script), signal.SIGKILL)

    def kill_worker_job(self):
        return self._strike(crew.worker_jobs(self._run.site), signal.SIGKILL)

    def freeze_worker_job(self):
        def wake(pid):
            crew.strike(pid, signal.SIGCONT, self._run.site.home)
        return self._strike(crew.worker_jobs(self._run.site), signal.SIGSTOP, wake)

    def kill_worker(self):
        worker = self._any([w for w in self._run.crew.workers if w.is_there()])
        if worker:
            worker.signal(signal.SIGKILL)
        return worker is not None

    def freeze_worker(self):
        def is_well(worker):
            return worker.is_there() and not worker.is_frozen
        worker = self._any([w for w in self._run.crew.workers if is_well(w)])
        if worker:
            worker.signal(signal.SIGSTOP)
            self._later(self._longer_than_lease(),
                        lambda: worker.is_there() and worker.signal(signal.SIGCONT))
        return worker is not None

    def kill_daemon(self):
        def start():
            self._run.site.start(wait=False)
            self._run.daemon_is_dead = False
        if self._run.daemon_is_dead:
            return False
        self._run.site.kill()
        self._run.daemon_is_dead = True
        self._later(self._chance.uniform(0, 2), start)
        return True

    def cut_network(self):
        network = self._any([n for n in self._run.networks if n not in self._wounded])
        if network:
            network.cut(self._chance.choice(network.kinds))
            self._wound(network, self._chance.choice([0.5, self._longer_than_lease()]),
                        network.mend)
        return network is not None

    def kill_slurmd(self):
        cluster = self._run.cluster
        node = self._any([n for n in cluster.settings.node_names if n not in self._wounded])
        if node:
            cluster.kill(node)
            self._wound(node, self._chance.uniform(0.2, 4),
                        lambda: daemons.start_node(cluster, node))
        return node is not None

    def close_spool(self):
        """Nobody may write there for a while, as after a change of rights or a full quota."""
        requests = self._run.site.state / "spool/requests"
        if requests in self._wounded or not requests.exists():
            return False
        requests.chmod(0o500)
        self._wound(requests, self._longer_than_lease(), lambda: requests.chmod(0o700))
        return True

    # --- the parts

    def _any(self, victims):
        return self._chance.choice(victims) if victims else None

    def _longer_than_lease(self):
        return LEASE_S + self._chance.uniform(1, 3)

    def _strike(self, pids, number, mend=None):
        pid = self._any(pids)
        is_struck = pid is not None and crew.strike(pid, number, self._run.site.home)
        if is_struck and mend:
            self._later(self._longer_than_lease(), lambda: mend(pid))
        return is_struck

    def _wound(self, victim, seconds, mend):
        def heal():
            mend()
            self._wounded.discard(victim)
        self._wounded.add(victim)
        self._later(seconds, heal)

    def _later(self, seconds, what):
        heapq.heappush(self._mends, (time.monotonic() + seconds, len(self._mends) +
                                     sum(self.struck.values()) / 1e6, what))
