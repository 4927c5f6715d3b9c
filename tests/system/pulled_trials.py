"""What tests of pulled trials share: a daemon and a scratch directory for each test, `hpo worker`
processes, and trainings that note in a common file when they begin.
"""
import contextlib
import pathlib
import signal
import subprocess
import tempfile
import unittest

from daemon import BIN, Daemon, shell, wait_until

# The first line of a training that Pulled.training() makes a command of.
BEGIN = 'printf "%s %s\\n" "$HPO_TRIAL" "$HPO_ATTEMPT" >> "$1";'


def child_of(pid):
    """The only child of a process."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else None


class Pulled(unittest.TestCase):
    way = ("--study", "pulled")  # how workers find their study

    def setUp(self):
        self.daemon = Daemon.started(self.addCleanup, **self.daemon_options())
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)
        self.log = self.scratch / "begun"

    def daemon_options(self):
        return {}

    def worker_environment(self):
        return self.daemon.environment

    def training(self, script):
        """A command that notes its begin; $1 is the common file, $2 the scratch directory."""
        return shell(BEGIN + script, self.log, self.scratch)

    @contextlib.contextmanager
    def worker(self, *words):
        process = subprocess.Popen(
            [BIN / "hpo", "worker", *map(str, (*self.way, *words))],
            env=self.worker_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
            process.stderr.close()

    def end_of(self, process, code=0):
        told = process.communicate(timeout=120)[1]
        self.assertEqual(process.returncode, code, told)
        return told

    def begun(self):
        """(trial, attempt) of each training so far, in order."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [tuple(map(int, line.split())) for line in lines]

    def wait_until_begun(self, count):
        return wait_until(lambda: len(self.begun()) >= count, what=f"{count} trainings")
