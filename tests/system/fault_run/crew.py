"""The workers that are started by hand, one for each way to hpod; and by pid, whoever trains."""
import json
import os
import pathlib
import signal
import subprocess

from daemon import is_alive

SLOTS = 2


class Worker:
    """One that is started again whenever it has ended, until its study has."""

    def __init__(self, name, argv, env, identity, log):
        self.name, self.is_frozen = name, False
        self._argv, self._env, self._identity, self._log = argv, env, identity, log
        self._process = None
        self.starts = 0

    def is_there(self):
        return self._process is not None and self._process.poll() is None

    def keep(self):
        if self.is_there():
            return
        self.is_frozen = False
        self.starts += 1
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                list(map(str, self._argv)), env=self._env, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=log, **self._identity)

    def signal(self, number):
        self.is_frozen = number == signal.SIGSTOP
        self._process.send_signal(number)  # poll() has reaped what has ended: never a stranger

    def end(self):
        if self.is_there():
            self.signal(signal.SIGKILL)
            self._process.wait()


class Crew:
    """A worker for each way: the Unix socket, the spool, and each network."""

    def __init__(self, site, study, networks, port):
        self._site, self._study = site, study
        self.workers = [self._by_socket(), self._by_spool()]
        self.workers += [self._by_tcp(network, number, port)
                         for number, network in enumerate(networks)]

    def keep(self):
        for worker in self.workers:
            worker.keep()

    def end(self):
        for worker in self.workers:
            worker.end()

    def _worker(self, name, way, env, prefix=(), identity=None):
        argv = [*prefix, self._site.programs / "hpo", "worker", *way, "--slots", SLOTS]
        return Worker(name, argv, env, self._site.identity if identity is None else identity,
                      self._site.home / f"{self._study}.{name}.log")

    def _by_socket(self):
        return self._worker("socket", ("--study", self._study), self._site.environment)

    def _by_spool(self):
        env = dict(self._site.environment, HPO_STATE_DIR=str(self._home("elsewhere")))
        way = ("--study", self._study, "--spool", self._site.state / "spool")
        return self._worker("spool", way, env)

    def _by_tcp(self, network, number, port):
        file = self._site.home / f"{self._study}.{number}.connect.json"
        self._site.hpo("token", self._study, "--output", file, check=0)
        file.write_text(json.dumps(dict(json.loads(file.read_text()),
                                        address=network.address(port))))
        home = self._home("elsewhere")
        env = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home)}
        identity = {} if network.prefix else None  # the prefix becomes the user
        return self._worker(type(network).__name__.lower(), ("--connect", file), env,
                            network.prefix, identity)

    def _home(self, name):
        """A directory of the worker's, who has no state directory."""
        path = self._site.home / name
        path.mkdir(mode=0o700, exist_ok=True)
        self._site.cluster.give(path)
        return path


def _words(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


def _parent(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rsplit(")", 1)[1].split()[1])


def trainings(script):
    """The pids of those that run the script now."""
    word = str(script).encode()
    return sorted(int(entry.name) for entry in pathlib.Path("/proc").glob("[0-9]*")
                  if word in _words(entry.name)[:3] and is_alive(entry.name))


def runners(script):
    """Of those trainings; they are hpo, too."""
    found = {_parent(pid) for pid in trainings(script)}
    return sorted(pid for pid in found if pid and _words(pid)[0].endswith(b"/hpo"))


def worker_jobs(site):
    """The pids of `hpo exec` and of `hpo worker` of all worker jobs that run now."""
    found = []
    for claim in site.state.glob("studies/*/workers/*/1/claim"):
        pid = json.loads(claim.read_text())["pid"]
        if str(claim.parent).encode() in _words(pid) and is_alive(pid):
            children = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
            found += [pid, *map(int, children.read_text().split())]
    return sorted(found)


def strike(pid, number, owner):
    """Signals it, if it still is a process of programs or scripts below `owner`."""
    if not any(str(owner).encode() in word for word in _words(pid)):
        return False
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
