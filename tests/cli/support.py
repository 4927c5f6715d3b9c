"""A state directory of its own for each test, and hpo run in it; the daemon is stopped by pid."""
import codecs
import contextlib
import fcntl
import json
import os
import pathlib
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import daemon  # noqa: E402  (of tests/system)

HPO = str(daemon.BIN / "hpo")
HPOD = str(daemon.BIN / "hpod")
DEADLINE_S = 30

REPORT = 'echo "hpo-result {\\"loss\\": $HPO_P_X}"'
UNTIL_TOLD = "while [ ! -e go ]; do sleep 0.02; done; "  # by HpoTest.go_on


def wait_until(condition, what):
    """The first true answer of condition()."""
    return daemon.wait_until(condition, DEADLINE_S, what)


def write_endpoint(state, **keys):
    """As a daemon on this machine writes it, in a state directory of its own; `keys` replace."""
    os.makedirs(state, exist_ok=True)
    with open("/proc/sys/kernel/random/boot_id") as file:
        boot_id = file.read().strip()
    told = {"host": os.uname().nodename, "boot_id": boot_id, "pid": os.getpid(),
            "socket": os.path.join(state, "hpo.sock"), "version": "1"}
    with open(os.path.join(state, "endpoint.json"), "w") as file:
        json.dump({**told, **keys}, file)


class Terminal:
    """hpo on a pty of 100 × 30."""

    def __init__(self, env, *words):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.clear()
            os.environ.update(env, TERM="xterm", COLUMNS="100", LINES="30")
            os.execv(HPO, [HPO, *words])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.text = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def read_until(self, condition, what):
        end = time.monotonic() + DEADLINE_S
        while not condition(self.text):
            ready, _, _ = select.select([self.fd], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError("not on the terminal: %s\n%r" % (what, self.text[-2000:]))
            try:
                self.text += self.decoder.decode(os.read(self.fd, 65536))
            except OSError:
                break
        return self.text

    def exit_code(self):
        self.read_until(lambda text: False, "its end")
        _, status = os.waitpid(self.pid, 0)
        self.pid = None
        return os.waitstatus_to_exitcode(status)

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


class HpoTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="hpo-cli-")
        self.state = os.path.join(self.root, "state")
        self.env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": self.root,
                    "LANG": "C.UTF-8", "HPO_STATE_DIR": self.state}
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.addCleanup(self.end_trainings)
        self.addCleanup(self.stop_daemon)

    def stop_daemon(self):
        with contextlib.suppress(OSError, ValueError, KeyError):
            with open(os.path.join(self.state, "endpoint.json")) as file:
                pid = json.load(file)["pid"]
            if os.path.basename(os.readlink("/proc/%d/exe" % pid)) == "hpod":
                os.kill(pid, signal.SIGTERM)
                wait_until(lambda: not daemon.is_alive(pid), "the daemon ends")

    def end_trainings(self):
        """A test that fails half-way leaves no runner behind; it takes its training with it."""
        for pid in daemon.runners(self.state):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
                wait_until(lambda p=pid: not daemon.is_alive(p), "the runner ends")

    def hpo(self, *words, code=0, env=None, stdin=subprocess.DEVNULL):
        done = subprocess.run([HPO, *words], env=dict(self.env, **(env or {})), stdin=stdin,
                              capture_output=True, text=True, timeout=120, cwd=self.root)
        if code is not None:
            self.assertEqual(done.returncode, code,
                             "%s\nstdout: %s\nstderr: %s" % (words, done.stdout, done.stderr))
        return done

    @contextlib.contextmanager
    def running(self, *words):
        """hpo beside the test; a block that fails kills it, for else it would wait for its end."""
        with subprocess.Popen([HPO, *words], env=self.env, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              cwd=self.root) as process:
            try:
                yield process
            finally:
                process.kill()

    def terminal(self, *words):
        terminal = Terminal(self.env, *words)
        self.addCleanup(terminal.close)
        return terminal

    def hpo_json(self, *words, code=0):
        return json.loads(self.hpo(*words, "--json", code=code).stdout)

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.root, name)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def go_on(self):
        """Ends the wait of trainings that begin with UNTIL_TOLD."""
        self.write("go", "")

    def study(self, name="toy", script=REPORT, **keys):
        """A study file of one float and a shell script; the file's name is the study's."""
        self.write(name + ".sh", script + "\n")
        spec = {"name": name, "space": {"x": {"float": [0, 1]}},
                "objective": {"minimize": "loss"}, "command": ["sh", name + ".sh"],
                "strategy": "random", "budget": {"trials": 4}, "parallel": 2}
        spec.update(keys)
        return self.write(name + ".json", json.dumps(spec, indent=2))

    def wait_for_state(self, study, *states):
        def reached():
            return self.hpo_json("status", study)["state"] in states
        wait_until(reached, "%s is %s" % (study, " or ".join(states)))

    def finished(self, name="toy", **keys):
        self.hpo("submit", self.study(name, **keys))
        self.wait_for_state(name, "finished", "failed")
