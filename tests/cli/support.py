"""A state directory of its own for each test, and hpo run in it; the daemon is stopped by pid."""
import contextlib
import fcntl
import glob
import json
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time
import unittest

BIN = os.environ["HPO_BIN"]
HPO = os.path.join(BIN, "hpo")
DEADLINE_S = 30


def has_daemon():
    return os.path.exists(os.path.join(BIN, "hpod"))


def wait_until(condition, what, deadline_s=DEADLINE_S):
    """The first true answer of condition(); asked again and again until the deadline."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.02)  # between two questions; nothing relies on its length
    raise AssertionError("not within %s s: %s" % (deadline_s, what))


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

    def read_until(self, condition, what):
        end = time.monotonic() + DEADLINE_S
        while not condition(self.text):
            ready, _, _ = select.select([self.fd], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError("not on the terminal: %s\n%r" % (what, self.text[-2000:]))
            try:
                self.text += os.read(self.fd, 65536).decode()
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
                wait_until(lambda: not os.path.exists("/proc/%d/exe" % pid) or
                           is_zombie(pid), "the daemon ends")

    def end_trainings(self):
        """A test that fails half-way leaves no runner behind; it takes its training with it."""
        for claim in glob.glob(self.state + "/studies/*/trials/*/*/claim"):
            with contextlib.suppress(OSError, ValueError, KeyError):
                with open(claim) as file:
                    pid = json.load(file)["pid"]
                with open("/proc/%d/cmdline" % pid) as file:
                    is_ours = self.state in file.read()
                if is_ours:
                    os.kill(pid, signal.SIGTERM)
                    wait_until(lambda p=pid: is_zombie(p), "the runner ends")

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

    def study(self, name="toy", script="echo \"hpo-result {\\\"loss\\\": $HPO_P_X}\"", **keys):
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


def is_zombie(pid):
    with contextlib.suppress(OSError):
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rsplit(")", 1)[1].split()[0] == "Z"
    return True  # gone for good
