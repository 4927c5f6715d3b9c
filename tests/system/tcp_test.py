#!/usr/bin/env python3
"""The promise: a worker that has a file of `hpo token` and nothing else trains by TCP, through
kills of the daemon and cuts of the network, and whoever has no good token gets nothing.

Real daemon, real `hpo worker` processes that know no state directory; a relay stands for the
network.
"""
import contextlib
import json
import os
import socket
import subprocess
import threading
import unittest

from daemon import BIN, REPORT, Daemon, shell, study, wait_until
from pulled_trials import Pulled

LEASE = {"type": "external", "lease": "1m"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Relay:
    """Hands bytes on to a port; cut(): every connection breaks, and nobody gets through."""

    def __init__(self, target):
        self.target = target
        self.is_cut = False
        self.ends = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if self.is_cut:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.target))
                self.ends += [near, far]
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=self.hand_on, args=pair, daemon=True).start()

    @staticmethod
    def hand_on(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self):
        self.is_cut = True
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.cut()
        self.listener.close()
        for end in self.ends:
            end.close()


class TcpTest(Pulled):
    def daemon_options(self):
        self.port = free_port()
        return {"config": {"listen": f"tcp://127.0.0.1:{self.port}"}}

    def setUp(self):
        super().setUp()
        self.file = self.scratch / "pulled.connect.json"
        # As on another machine: neither state directory nor configuration.
        self.elsewhere = {"PATH": os.environ["PATH"], "HOME": str(self.scratch),
                          "TMPDIR": str(self.scratch)}
        self.way = ("--connect", self.file)

    def submit(self, script, trials, name="pulled", lease="1m"):
        self.daemon.post("/v1/studies", study(name, self.training(script), trials=trials,
                                              parallel=8,
                                              executor={"type": "external", "lease": lease}))

    def move_daemon_elsewhere(self):
        """As a node sees it that shares the state directory alone."""
        endpoint = self.daemon.state / "endpoint.json"
        endpoint.write_text(json.dumps(dict(json.loads(endpoint.read_text()), host="login1",
                                            boot_id="another", socket="/none")))

    def daemon_log(self):
        return (self.daemon.state / "hpod.log").read_text()

    def token(self, *words, name="pulled"):
        self.daemon.hpo("token", name, "--output", self.file, *words, check=0)
        return json.loads(self.file.read_text())

    def change(self, **members):
        self.file.write_text(json.dumps(dict(json.loads(self.file.read_text()), **members)))

    def hpo(self, *words, code):
        done = subprocess.run([BIN / "hpo", *map(str, words), "--connect", self.file],
                              env=self.elsewhere, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60)
        self.assertEqual(done.returncode, code, (words, done.stdout, done.stderr))
        return done

    def worker_environment(self):
        return self.elsewhere

    @staticmethod
    def ends(directory):
        return len(list(directory.glob("trials/*/*/exit.json")))

    def check_ended_once(self, trials):
        ended = self.daemon.wait_for("pulled")
        self.assertEqual((ended["state"], ended["trials"]["completed"]), ("finished", trials))
        for trial in self.daemon.trials("pulled"):
            self.assertAlmostEqual(trial["value"], trial["params"]["x"])
            states = [attempt["state"] for attempt in
                      self.daemon.trial("pulled", trial["number"])["history"]]
            self.assertEqual(states, ["succeeded"], trial["number"])
        self.assertEqual(sorted(self.begun()), [(number, 1) for number in range(trials)])

    def test_a_study_is_carried_out_by_tcp_while_its_daemon_is_killed(self):
        self.submit("sleep 0.1;" + REPORT, 24)
        fingerprint = self.token()["fingerprint"]
        with self.worker("--slots", "2", "--directory", self.scratch / "own") as one:
            for count in (4, 12):
                wait_until(lambda least=count: len(self.begun()) >= least, what="trainings")
                self.daemon.kill()
                wait_until(lambda: self.ends(self.scratch / "own/pulled") == len(self.begun()),
                           what="ends that nobody hears of")
                self.daemon.start()
            told = self.end_of(one)
        self.check_ended_once(24)
        self.assertIn("stays on this machine", told)
        self.assertIn("the daemon answers again", told)
        where = self.scratch / "own/pulled/trials/0/1"
        self.assertIn(f"{where}/stdout on ", self.daemon.hpo("logs", "pulled/0", check=3).stderr)
        self.assertEqual(self.daemon.get("/version")["tcp"], f"127.0.0.1:{self.port}")
        endpoint = json.loads((self.daemon.state / "endpoint.json").read_text())
        self.assertEqual((endpoint["fingerprint"], endpoint["tcp"]),
                         (fingerprint, f"127.0.0.1:{self.port}"))

    def test_a_cut_of_the_network_loses_nothing(self):
        self.submit("sleep 0.1;" + REPORT, 16)
        self.token()
        relay = Relay(self.port)
        self.addCleanup(relay.close)
        self.change(address=f"127.0.0.1:{relay.port}")
        with self.worker("--slots", "2") as one:
            wait_until(lambda: len(self.begun()) >= 4, what="trainings")
            relay.cut()
            wait_until(lambda: self.ends(self.daemon.state / "studies/pulled") == len(self.begun()),
                       what="ends that nobody hears of")
            relay.is_cut = False
            told = self.end_of(one)
        self.check_ended_once(16)
        self.assertIn("it is asked again", told)
        # The state directory is here, which its own file says: no directory elsewhere is made.
        self.assertTrue((self.daemon.state / "studies/pulled/trials/0/1/exit.json").exists())
        self.assertEqual(list(self.scratch.glob("hpo-worker-*")), [])

    def test_a_network_that_is_gone_costs_no_trial_where_there_is_a_spool(self):
        self.submit("sleep 0.1;" + REPORT, 12, lease="4s")
        self.token()
        relay = Relay(self.port)
        self.addCleanup(relay.close)
        self.change(address=f"127.0.0.1:{relay.port}")
        with self.worker("--spool", self.daemon.state / "spool") as one:
            wait_until(lambda: len(self.begun()) >= 4, what="trainings")
            relay.cut()
            told = self.end_of(one)
        self.check_ended_once(12)
        self.assertIn("from now on the daemon is asked by files", told)
        self.assertIn("worker asks by files study=pulled", self.daemon_log())

    def test_files_are_chosen_where_nobody_answers_by_tcp(self):
        self.submit(REPORT, 2)
        self.token()
        self.change(address=f"127.0.0.1:{free_port()}")
        self.elsewhere["HPO_STATE_DIR"] = str(self.daemon.state)  # its certificate is the file's
        with self.worker() as one:
            told = self.end_of(one)
        self.check_ended_once(2)
        self.assertIn("no way by TCP (nobody answers there: Connection refused)", told)
        self.assertRegex(self.daemon_log(), 'worker asks by files .* why="no daemon|why=".*refused')

    def test_a_worker_job_that_no_socket_reaches_comes_by_tcp_with_a_token_of_its_own(self):
        self.move_daemon_elsewhere()
        body = study("jobs", self.training("sleep 0.1;" + REPORT), trials=6,
                     executor={"type": "local", "slots": 2}, dispatch="workers", workers=1)
        del body["parallel"]
        self.daemon.post("/v1/studies", body)
        ended = self.daemon.wait_for("jobs")
        self.assertEqual((ended["state"], ended["trials"]["completed"]), ("finished", 6))
        job = self.daemon.state / "studies/jobs/workers/0/1"
        wait_until((job / "exit.json").exists, what="the end of the job")
        self.assertIn("is asked by TCP", (job / "stderr").read_text())
        self.assertTrue((self.daemon.state / "studies/jobs/trials/0/1/exit.json").exists())
        self.file = job / "connect.json"
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        wait_until(lambda: self.daemon.get("/v1/studies/jobs")["workers"]["ended"] == 1,
                   what="the end of the worker job")
        self.assertIn("revoked", self.hpo("ask", "jobs", code=4).stderr)
        secret = json.loads(self.file.read_text())["token"].encode()
        holders = {path.name for path in self.daemon.state.rglob("*")
                   if path.is_file() and secret in path.read_bytes()}
        self.assertEqual(holders, {"connect.json"})

    def test_a_worker_job_whose_token_is_spent_takes_to_files(self):
        self.submit(REPORT, 2)
        self.token()
        self.change(token="hpo_w_" + "0" * 64)
        self.move_daemon_elsewhere()
        self.elsewhere["HPO_STATE_DIR"] = str(self.daemon.state)
        self.way = ("--study", "pulled", "--else-connect", self.file)
        with self.worker() as one:
            self.assertIn("no way by TCP (", self.end_of(one))
        self.check_ended_once(2)

    def test_programs_of_ones_own_ask_and_tell_by_tcp(self):
        self.submit(REPORT, 2)
        secret = self.token()["token"]
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        for _ in range(2):
            asked = self.hpo("ask", "pulled", "--wait", "10s", "--json", code=0)
            trial, = json.loads(asked.stdout)["trials"]
            words = (f"pulled/{trial['trial']}", "--fence", trial["fence"])
            self.assertEqual(self.hpo("heartbeat", *words, code=0).stdout, "go on\n")
            self.hpo("tell", *words, f"loss={trial['params']['x']}", code=0)
        self.assertEqual(self.daemon.wait_for("pulled")["trials"]["completed"], 2)
        for path in self.daemon.state.rglob("*"):
            if path.is_file():
                self.assertNotIn(secret.encode(), path.read_bytes(), path)

    def test_who_has_no_good_token_gets_nothing(self):
        self.submit(REPORT, 2)
        self.submit(REPORT, 2, name="other")
        self.token()
        self.assertIn("is one for study 'pulled'", self.hpo("ask", "other", code=4).stderr)
        good = self.file.read_text()
        self.change(fingerprint="0" * 64)
        self.assertIn("its certificate is another", self.hpo("worker", code=4).stderr)
        self.file.write_text(good)
        self.change(token="hpo_w_" + "0" * 64)
        told = self.hpo("worker", code=4).stderr
        self.assertIn(f"hpo token pulled; then copy what it writes to {self.file} here", told)
        self.assertNotIn("Bearer", told)
        self.file.write_text(good)
        self.file.chmod(0o644)
        self.assertIn("chmod 600", self.hpo("ask", "pulled", code=2).stderr)
        self.file.chmod(0o600)
        self.daemon.hpo("token", "pulled", "--revoke", check=0)
        self.assertIn("revoked", self.hpo("ask", "pulled", code=4).stderr)
        self.token("--valid", "1s")
        wait_until(lambda: "has expired" in subprocess.run(
            [BIN / "hpo", "heartbeat", "pulled/0", "--fence", "1", "--connect", self.file],
            env=self.elsewhere, capture_output=True, text=True).stderr, what="the token's end")
        self.assertIn("has expired", self.hpo("worker", code=4).stderr)
        self.assertEqual(self.begun(), [])

    def test_a_worker_whose_token_is_revoked_ends_and_says_so(self):
        self.submit('while [ ! -e "$2/go" ]; do sleep 0.02; done;' + REPORT, 2)
        self.token()
        with self.worker() as one:
            wait_until(self.begun, what="a training")
            self.daemon.hpo("token", "pulled", "--revoke", check=0)
            self.daemon.kill()  # or the connection that stands would be trusted for seconds more
            self.daemon.start()
            told = self.end_of(one, 4)
        self.assertIn("revoked", told)
        self.assertIn("hpo token pulled; then copy", told)
        self.assertEqual(len(self.begun()), 1)

    def test_a_study_whose_files_are_not_here_is_refused_before_a_trial_is_lost(self):
        body = study("pulled", self.training(REPORT), trials=1, executor=LEASE,
                     workdir="/nowhere/of/the/daemon")
        self.daemon.post("/v1/studies", body)
        self.token()
        self.assertIn("--workdir", self.hpo("worker", code=2).stderr)
        self.hpo("worker", "--workdir", self.scratch, code=0)
        self.check_ended_once(1)

    def test_without_tcp_a_token_is_refused_with_the_way_to_it(self):
        daemon = Daemon.started(self.addCleanup)
        daemon.post("/v1/studies", study("pulled", shell(REPORT), executor=LEASE))
        self.assertIn('"listen"', daemon.hpo("token", "pulled", check=5).stderr)
        self.assertFalse((daemon.state / "tls.pem").exists())


if __name__ == "__main__":
    unittest.main()
