"""A real hpod for tests: its own state directory, REST by its Unix socket, ended by its pid.

Standard library only. HPO_BIN names the directory of the programs.
"""
import contextlib
import http.client
import io
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

BIN = pathlib.Path(os.environ.get("HPO_BIN", "build/bin")).resolve()
READY_S = 20  # far above what a start takes; only a broken daemon gets there

# A training's last lines: its x is its loss, written whole.
REPORT = """
printf '{"loss": %s}' "$HPO_P_X" > "$HPO_RESULT_FILE.tmp" && mv "$HPO_RESULT_FILE.tmp" \
"$HPO_RESULT_FILE"
"""
UNTIL_TOLD = 'while [ ! -e "$1" ]; do sleep 0.02; done' + REPORT  # until the file $1 is there


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


def shell(script, *words):
    """The command of a training that is a shell script; `words` are its $1, $2, …"""
    return ["sh", "-c", script, "training", *map(str, words)]


def is_alive(pid):
    """False for a zombie too: it does nothing any more."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def runners(state):
    """The processes that carry out a state directory's trials, or workers, by their claims."""
    for claim in pathlib.Path(state).glob("studies/*/*/*/*/claim"):
        with contextlib.suppress(OSError, ValueError, KeyError):
            pid = json.loads(claim.read_text())["pid"]
            command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if str(claim.parent).encode() in command:
                yield pid


def memory_peak(pid):
    """The most bytes of memory that the process has ever had."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+) kB", status).group(1)) << 10


class Stranger:
    """A process that is no child of ours, with the part of Popen's face that Daemon uses."""

    def __init__(self, pid):
        self.pid = pid
        self.stderr = io.BytesIO()

    def poll(self):
        return None if is_alive(self.pid) else 0

    def send_signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, limit_s):
        wait_until(lambda: self.poll() is not None, limit_s, f"the end of process {self.pid}")
        return 0


class Daemon:
    """`with Daemon() as d:` starts hpod; d.kill() and d.start() end and begin its lives."""

    programs = BIN
    identity = {}  # for subprocess: whose it is, if not the test's

    def __init__(self, state_dir=None, environment=None, arguments=(), config=None):
        self._own = state_dir is None
        self.state = pathlib.Path(state_dir or tempfile.mkdtemp(prefix="hpo-test-"))
        self.environment = dict(os.environ, HPO_STATE_DIR=str(self.state), **(environment or {}))
        descriptor, path = tempfile.mkstemp(".json", "hpo-test-")
        os.close(descriptor)
        self.config = pathlib.Path(path)
        self.config.write_text(json.dumps(config or {}))
        self.environment["HPO_CONFIG"] = str(self.config)  # not that of the machine's user
        self.arguments = list(arguments)
        self.process = None

    @classmethod
    def started(cls, add_cleanup, **options):
        """One that runs until the end of the test, or of the class, whose addCleanup this is."""
        daemon = cls(**options)
        add_cleanup(daemon.__exit__)
        daemon.start()
        return daemon

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            with contextlib.suppress(Exception):
                for study in self.get("/v1/studies")["studies"]:
                    if study["state"] in ("running", "paused"):
                        self.post(f"/v1/studies/{study['name']}:cancel")
        self.close()

    def close(self, number=signal.SIGKILL):
        """Ends it, its studies uncancelled, and removes what it made."""
        if self.process and self.process.poll() is None:
            self.kill(number)
        self.end_trials()
        self.config.unlink(missing_ok=True)
        if self._own:
            shutil.rmtree(self.state, ignore_errors=True)

    def start(self, wait=True):
        if self.process:
            self.kill()  # what a fault has left of an earlier life
        argv, options = self.launch()
        self.process = subprocess.Popen(
            argv, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True, **options)
        if wait:
            wait_until(self.is_ready, READY_S, "the daemon's readiness")

    def launch(self):
        """What becomes hpod, and whose it is."""
        return [self.programs / "hpod", *self.arguments], self.identity

    def start_by_hpo(self):
        """As users do it; returns what `hpo daemon start` did."""
        done = self.hpo("daemon", "start", check=0)
        self.adopt()
        return done

    def adopt(self):
        """Takes a daemon that others started for ours, so that it is ended with the test."""
        self.process = Stranger(json.loads((self.state / "endpoint.json").read_text())["pid"])

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"hpod ended: {self.process.stderr.read().decode()}")
        return self.answers()

    def answers(self):
        return self.try_get("/readyz") is not None

    def kill(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        code = self.process.wait(READY_S)
        self.process.stderr.close()
        return code

    def end_trials(self):
        for pid in runners(self.state):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    @property
    def socket_path(self):
        return str(self.state / "hpo.sock")

    def request(self, method, path, body=None, headers=None, timeout=30):
        connection = _Connection(self.socket_path, timeout)
        try:
            data = body if isinstance(body, (bytes, type(None))) else json.dumps(body)
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

    def try_get(self, path):
        """None if nobody answers, or with an error."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, body = self.request("GET", path)
            return body if status == 200 else None
        return None

    def post(self, path, body=None, **headers):
        status, reply = self.request("POST", path, {} if body is None else body, headers)
        assert status in (200, 201), (path, status, reply)
        return reply

    def get_all(self, path, key, limit=1000):
        """The lists of all pages, joined."""
        found, cursor = [], ""
        while True:
            page = self.get(f"{path}?limit={limit}{cursor}")
            found += page[key]
            if not page["next"]:
                return found
            cursor = "&cursor=" + page["next"]

    def trials(self, study):
        return self.get_all(f"/v1/studies/{study}/trials", "trials")

    def trial(self, study, number):
        return self.get(f"/v1/studies/{study}/trials/{number}")

    def wait_for_trial(self, study, number, states, limit_s=60):
        """The trial, once it is in one of `states`."""
        def reached():
            status, body = self.request("GET", f"/v1/studies/{study}/trials/{number}")
            return body if status == 200 and body["state"] in states else None
        return wait_until(reached, limit_s, f"trial {study}/{number} in {states}")

    def wait_for_runner(self, study, number):
        """The native id of a running trial's runner, which begins with its pid."""
        self.wait_for_trial(study, number, ["running"])
        return wait_until(lambda: self.trial(study, number)["history"][-1]["native_id"],
                          what="the id of the runner")

    def wait_for_exits(self, study, count):
        """The ends of the first `count` trials' first attempts; no daemon need run."""
        trials = self.state / "studies" / study / "trials"
        exits = [trials / str(number) / "1/exit.json" for number in range(count)]
        wait_until(lambda: all(path.exists() for path in exits), what="the ends")

    def wait_for(self, study, states=("finished", "failed", "cancelled"), limit_s=120):
        def reached():
            body = self.get(f"/v1/studies/{study}")
            return body if body["state"] in states else None
        return wait_until(reached, limit_s, f"study {study} in {states}")

    def only_trial(self, study):
        """Trial 0, after the end of its study."""
        self.wait_for(study)
        return self.trial(study, 0)

    def hpo(self, *arguments, check=None, **options):
        """Runs the command line against this state directory."""
        done = subprocess.run([self.programs / "hpo", *map(str, arguments)],
                              env=self.environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=120, **dict(self.identity, **options))
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
