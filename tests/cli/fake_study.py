"""The daemon's side of the workers' protocol, as a list of trials on a Unix socket.

Leases never run out here; what is told is kept in `results`, `steps`, `returned` and `requests`.
"""
import http.server
import json
import os
import re
import socketserver
import threading
import time

from support import write_endpoint

COMMON = {"study": "toy", "trial": 0, "attempt": 1, "job": "", "metric": "loss", "grace_s": 2,
          "params": {}, "environment": {"PATH": "/usr/local/bin:/usr/bin:/bin"},
          "result": {"from_stdout": True, "bytes_max": 65536}}


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False


class FakeStudy:
    def __init__(self, state, command, trials, workdir, lease_s=8):
        write_endpoint(state)
        self.path = os.path.join(state, "hpo.sock")
        self.directory = os.path.join(state, "studies", "toy")
        self.work = {"study": "toy", "directory": self.directory, "reports": True,
                     "attempt": dict(COMMON, command=command, workdir=workdir)}
        self.lease_s = lease_s
        self.state = "running"
        self.waiting = list(range(trials))
        self.total = trials
        self.held = {}       # trial -> (is_started, worker)
        self.results = {}    # trial -> [outcome, …]: one, if all is well
        self.steps = []      # (trial, step, metrics), as they came
        self.returned = []
        self.stop_at = {}    # trial -> the step after which it is told to stop
        self.refuse = None   # (status, problem) in place of an answer to an exchange
        self.requests = []
        self.changed = threading.Condition()
        self.server = None
        self.listen()

    def listen(self):
        if os.path.exists(self.path):
            os.unlink(self.path)
        study = self

        class Handler(_Handler):
            fake = study

        self.connections = set()
        self.server = _Server(self.path, Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def hang_up(self):
        """As kill -9 of a daemon: nobody listens, connections break."""
        server, self.server = self.server, None
        server.shutdown()
        server.server_close()
        os.unlink(self.path)
        for connection in list(self.connections):
            connection.shutdown(2)

    def is_over(self):
        return len(self.results) == self.total

    def exchange(self, worker, body):
        with self.changed:
            self.requests.append(body)
            if self.refuse:
                return self.refuse
            says = self.note(body)
            granted = self.again(worker, body) + self.grant(worker, body)
            deadline = time.monotonic() + (0 if says else body["wait_ms"] / 1000)
            while not granted and self.state == "running" and time.monotonic() < deadline:
                self.changed.wait(deadline - time.monotonic())
                granted = self.grant(worker, body)
            stops = [{"trial": key[0], "fence": 1, "reason": "pruned"}
                     for key in {(trial,) for trial, step, _ in self.steps
                                 if step >= self.stop_at.get(trial, 1 << 30)}]
            return 200, {"state": self.state, "lease_s": self.lease_s, "trials": granted,
                         "stop": stops, "dropped": [], "wait_ms": 0}

    def note(self, body):
        for each in body.get("reports", []):
            self.steps.append((each["trial"], each["step"], each["metrics"]))
        for each in body.get("ended", []):
            outcomes = self.results.setdefault(each["trial"], [])
            if each["outcome"] not in outcomes:
                outcomes.append(each["outcome"])
            self.held.pop(each["trial"], None)
        for each in body.get("returned", []):
            self.returned.append(each["trial"])
            self.held.pop(each["trial"], None)
            self.waiting.insert(0, each["trial"])
        if self.is_over():
            self.state = "finished"
        self.changed.notify_all()
        return any(body.get(key) for key in ("ended", "started", "returned", "reports"))

    def again(self, worker, body):
        """Granted by an answer that got lost."""
        told = {each["trial"] for each in body.get("holds", [])}
        return [self.leased(trial, is_started)
                for trial, (is_started, holder) in self.held.items()
                if holder == worker and trial not in told]

    def grant(self, worker, body):
        granted = []
        for wanted, is_started in ((body["start"], True), (body["ahead"], False)):
            for _ in range(min(wanted, len(self.waiting)) if self.state == "running" else 0):
                trial = self.waiting.pop(0)
                self.held[trial] = (is_started, worker)
                granted.append(self.leased(trial, is_started))
        return granted

    def leased(self, trial, is_started):
        return {"trial": trial, "attempt": 1, "fence": 1, "is_started": is_started,
                "job": "hpoaaaa%08d" % trial, "identity": "toy-%d" % trial,
                "params": {"x": trial / 10}, "seed": trial}


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake = None

    def setup(self):
        super().setup()
        self.fake.connections.add(self.request)

    def finish(self):
        self.fake.connections.discard(self.request)
        super().finish()

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass  # the client has withdrawn its request

    def log_message(self, *_):
        pass

    def answer(self, status, content):
        text = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        fake = self.fake
        if self.path == "/v1/studies/toy/work":
            self.answer(200, dict(fake.work, state=fake.state, lease_s=fake.lease_s))
        elif self.path == "/v1/studies/toy":
            self.answer(200, {"name": "toy", "state": fake.state})
        else:
            self.answer(404, {"detail": "no such study", "remedy": "hpo status"})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        worker = re.fullmatch(r"/v1/studies/toy/workers/([A-Za-z0-9._-]{1,64}):exchange",
                              self.path).group(1)
        self.answer(*self.fake.exchange(worker, body))
