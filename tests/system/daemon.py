"""A real hpod for tests: its own state directory, REST by its Unix socket, ended by its pid.

Standard library only. HPO_BIN names the directory of the programs.
"""
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

BIN = pathlib.Path(os.environ.get("HPO_BIN", "build/bin")).resolve()
READY_S = 20  # far above what a start takes; only a broken daemon gets there


class _Connection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def wait_until(condition, limit_s=60.0, what="the condition"):
    """Polls `condition` until it is true; fails the test after `limit_s`."""
    end = time.monotonic() + limit_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true within {limit_s} s")
        time.sleep(0.01)


class Daemon:
    """`with Daemon() as d:` starts hpod; d.kill() and d.start() end and begin its lives."""

    def __init__(self, state_dir=None, environment=None, arguments=()):
        self._own = state_dir is None
        self.state = pathlib.Path(state_dir or tempfile.mkdtemp(prefix="hpo-test-"))
        self.environment = dict(os.environ, HPO_STATE_DIR=str(self.state), **(environment or {}))
        self.environment.pop("HPO_CONFIG", None)
        self.arguments = list(arguments)
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            with contextlib.suppress(Exception):
                for study in self.get("/v1/studies")["studies"]:
                    if study["state"] in ("running", "paused"):
                        self.post(f"/v1/studies/{study['name']}:cancel")
            self.kill()
        self.end_trials()
        if self._own:
            shutil.rmtree(self.state, ignore_errors=True)

    def start(self, wait=True):
        self.process = subprocess.Popen(
            [BIN / "hpod", *self.arguments], env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        if wait:
            wait_until(self.is_ready, READY_S, "the daemon's readiness")

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"hpod ended: {self.process.stderr.read().decode()}")
        try:
            return self.request("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def kill(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        code = self.process.wait(READY_S)
        self.process.stderr.close()
        return code

    def end_trials(self):
        """Ends the runners of this state directory, by the pids in their claims."""
        for claim in self.state.glob("studies/*/trials/*/*/claim"):
            with contextlib.suppress(OSError, ValueError, KeyError):
                pid = json.loads(claim.read_text())["pid"]
                command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                if str(claim.parent).encode() in command:
                    os.kill(pid, signal.SIGKILL)

    @property
    def socket_path(self):
        return str(self.state / "hpo.sock")

    def request(self, method, path, body=None, headers=None, timeout=30):
        connection = _Connection(self.socket_path, timeout)
        try:
            data = None if body is None else json.dumps(body)
            sent = dict(headers or {})
            if data is not None:
                sent["Content-Type"] = "application/json"
            connection.request(method, path, data, sent)
            reply = connection.getresponse()
            text = reply.read()
            return reply.status, json.loads(text) if text else None
        finally:
            connection.close()

    def get(self, path):
        status, body = self.request("GET", path)
        assert status == 200, (path, status, body)
        return body

    def post(self, path, body=None, **headers):
        status, reply = self.request("POST", path, {} if body is None else body, headers)
        assert status in (200, 201), (path, status, reply)
        return reply

    def trials(self, study):
        found, cursor = [], ""
        while True:
            page = self.get(f"/v1/studies/{study}/trials?limit=1000{cursor}")
            found += page["trials"]
            if not page["next"]:
                return found
            cursor = "&cursor=" + page["next"]

    def wait_for(self, study, states=("finished", "failed", "cancelled"), limit_s=120):
        def reached():
            body = self.get(f"/v1/studies/{study}")
            return body if body["state"] in states else None
        return wait_until(reached, limit_s, f"study {study} in {states}")

    def hpo(self, *arguments, check=None, **options):
        """Runs the command line against this state directory."""
        done = subprocess.run([BIN / "hpo", *map(str, arguments)], env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=120, **options)
        if check is not None:
            assert done.returncode == check, (arguments, done.returncode, done.stdout, done.stderr)
        return done


def study(name, command, trials=10, parallel=2, **more):
    """A study of one float, ready for POST; every key can be replaced."""
    body = {"name": name, "space": {"x": {"float": [0, 1]}}, "objective": {"minimize": "loss"},
            "command": command, "workdir": "/tmp", "budget": {"trials": trials},
            "parallel": parallel, "strategy": "sobol",
            "environment": {"captured": {"PATH": os.environ["PATH"]}}}
    body.update(more)
    return body
