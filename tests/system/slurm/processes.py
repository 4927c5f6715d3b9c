"""The processes of one cluster, as a test sees them: named, started, signalled, ended together."""
import json
import pathlib
import subprocess
import sys
import threading
import time

KEEPER = pathlib.Path(__file__).with_name("keeper.py")
READY_S = 60  # far above what a start takes; only a broken daemon gets there


class ClusterError(Exception):
    """What happened, where, and how to mend it."""


class Processes:
    def __init__(self, directory, hostname=None):
        self._log = directory / "log"
        self._log.mkdir()
        self._lock = threading.Lock()
        name = [hostname] if hostname else []
        # In a session of its own: Ctrl-C is for the test, and the keeper follows it.
        self._keeper = subprocess.Popen(
            [sys.executable, str(KEEPER), str(directory), *name], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, start_new_session=True)
        self._answer()

    def start(self, name, argv, env):
        return self._request("start", name, [str(word) for word in argv], env)

    def signal(self, name, number):
        """False: it does not run. After SIGKILL it has ended."""
        return self._request("signal", name, int(number))

    def is_alive(self, name):
        return self.signal(name, 0)

    def end_all(self):
        self._keeper.stdin.close()
        self._keeper.wait(READY_S)
        self._keeper.stdout.close()

    def wait_until(self, is_ready, name):
        """Until `is_ready()`; raises when `name` dies before it, or in READY_S."""
        end = time.monotonic() + READY_S
        while not is_ready():
            if not self.is_alive(name):
                raise ClusterError(f"{name} ended\n{self._last_words(name)}")
            if time.monotonic() > end:
                raise ClusterError(f"{name} not ready in {READY_S} s\n{self._last_words(name)}")
            time.sleep(0.02)

    def _last_words(self, name):
        return (self._log / f"{name}.err").read_text(errors="replace")[-2000:]

    def _request(self, *words):
        with self._lock:
            self._keeper.stdin.write(json.dumps(words) + "\n")
            self._keeper.stdin.flush()
            return self._answer()

    def _answer(self):
        line = self._keeper.stdout.readline()
        if not line:
            raise ClusterError("the keeper of the cluster's processes ended; its error is above")
        return json.loads(line)
