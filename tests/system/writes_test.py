#!/usr/bin/env python3
"""Writes and kill -9: what was acknowledged is there, what is repeated happens once.

Rows 1, 2, 3, 9, 12 and 85 of the fault table. The kills at a chosen system call need strace.
"""
import contextlib
import http.client
import random
import signal
import threading
import unittest

from daemon import READY_S, REPORT, Daemon, shell, study, wait_until
from faults import injected, needs_strace, start_under

CLIENTS = 8
WRITES = 12  # of each client
KILLS = 12
START_KILLS = 12
KILLS_MAX = 100  # far above the writes of a checkpoint


def key(text):
    return {"Idempotency-Key": text}


class WritesTest(unittest.TestCase):
    def post_until_told(self, daemon, name, end):
        """The client of row 3: the same request with the same key until there is an answer."""
        body = study(name, ["true"], trials=1)
        while not end.is_set():
            try:
                status, reply = daemon.request("POST", "/v1/studies", body, key("key-" + name), 5)
            except (OSError, http.client.HTTPException):
                continue
            if status in (200, 201):
                return status, reply
            assert status == 503, (status, reply)
        return None

    def killed_at(self, daemon, rule, body, name):
        """A POST during which the daemon is killed at a system call; it must get no answer."""
        with injected(daemon, rule):
            with self.assertRaises((OSError, http.client.HTTPException)):
                daemon.request("POST", "/v1/studies", body, key(name))
        self.assertEqual(daemon.process.wait(READY_S), -9)
        daemon.start()

    def check_retry(self, daemon, name, body):
        self.assertEqual(daemon.request("POST", "/v1/studies", body, key(name))[0], 201)
        again, reply = daemon.request("POST", "/v1/studies", body, key(name))
        self.assertEqual((again, reply["name"], reply["created"]), (201, name, True))
        names = [s["name"] for s in daemon.get("/v1/studies")["studies"]]
        self.assertEqual(names.count(name), 1)
        self.assertNotIn(name + "-2", names)

    @needs_strace
    def test_row_1_killed_before_commit_a_write_has_no_effect(self):
        with Daemon() as daemon:
            body = study("first", ["true"], trials=1)
            self.killed_at(daemon, "pwrite64:signal=KILL:when=1", body, "first")
            self.assertEqual(daemon.get("/v1/studies")["studies"], [])
            self.check_retry(daemon, "first", body)

    @needs_strace
    def test_row_2_killed_before_the_reply_a_write_is_repeated_as_it_was(self):
        with Daemon() as daemon:
            body = study("second", ["true"], trials=1)
            self.killed_at(daemon, "sendmsg:signal=KILL:when=1", body, "second")
            self.assertEqual([s["name"] for s in daemon.get("/v1/studies")["studies"]], ["second"])
            self.check_retry(daemon, "second", body)

    def test_row_3_what_many_clients_were_told_survives_kills(self):
        chance = random.Random(3)
        with Daemon() as daemon:
            told, end = {}, threading.Event()

            def client(number):
                for i in range(WRITES):
                    name = f"c{number}-{i}"
                    told[name] = self.post_until_told(daemon, name, end)

            clients = [threading.Thread(target=client, args=[n]) for n in range(CLIENTS)]
            for each in clients:
                each.start()
            try:
                self.kill_during(daemon, clients, told, chance)
            finally:
                end.set()
            expected = {f"c{n}-{i}" for n in range(CLIENTS) for i in range(WRITES)}
            found = self.all_studies(daemon)
            self.assertEqual(sorted(found), sorted(expected), "each once, and no NAME-2")
            for name, (status, reply) in told.items():
                self.assertEqual((status, reply["name"], reply["created"]), (201, name, True))

    def kill_during(self, daemon, clients, told, chance):
        """Kills at odd numbers of acknowledged writes, so that each kill finds work under way."""
        limit = 0
        for _ in range(KILLS):
            limit = len(told) + chance.randint(1, 2 * WRITES * CLIENTS // KILLS - 1)
            wait_until(lambda: len(told) >= limit or not any(c.is_alive() for c in clients))
            daemon.kill()
            daemon.start()
        for each in clients:
            each.join(60)

    def all_studies(self, daemon):
        return [s["name"] for s in daemon.get_all("/v1/studies", "studies", limit=50)]

    def test_row_9_a_reader_of_events_misses_and_doubles_nothing(self):
        chance = random.Random(9)
        with Daemon() as daemon:
            daemon.post("/v1/studies", study("seen", shell("sleep 0.02" + REPORT), trials=60,
                                             parallel=4))
            seen, after, kills = [], 0, 0
            while True:
                try:
                    page = daemon.request("GET", f"/v1/events?after={after}&wait=1&limit=7")[1]
                except (OSError, http.client.HTTPException):
                    continue
                seen += page["events"]
                after = page["next"]
                if any(e["kind"] == "study_ended" for e in page["events"]):
                    break
                if kills < KILLS and chance.random() < 0.5:
                    daemon.kill()
                    daemon.start()
                    kills += 1
            self.assertGreater(kills, 5)
            numbers = [e["seq"] for e in seen]
            self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
            ends = [e for e in seen if e["kind"] == "attempt_ended"]
            self.assertEqual(len(ends), 60)

    @needs_strace
    def test_row_12_killed_while_the_database_is_made_the_next_start_goes_on(self):
        """No training runs yet, so strace may follow the new threads from the first call on."""
        died = 0
        for when in range(1, START_KILLS + 1):
            with self.subTest(when=when), contextlib.ExitStack() as stack:
                daemon = Daemon()
                stack.push(daemon)
                died += start_under(daemon, "pwrite64,fdatasync,ftruncate,rename:signal=KILL"
                                    f":when={when}")
                daemon.start()
                daemon.post("/v1/studies", study("works", shell(REPORT), trials=1))
                self.assertEqual(daemon.wait_for("works")["trials"]["completed"], 1)
        self.assertGreater(died, START_KILLS // 2)

    def stopped_under(self, daemon, rule):
        """SIGTERM under the rule; had hpo.db changed when the daemon died, None if it did not."""
        database = daemon.state / "hpo.db"
        before = database.read_bytes()
        self.assertGreater((daemon.state / "hpo.db-wal").stat().st_size, 0)
        with injected(daemon, rule):
            daemon.process.send_signal(signal.SIGTERM)
            code = daemon.process.wait(READY_S)
        self.assertIn(code, (0, -signal.SIGKILL))
        return None if code == 0 else database.read_bytes() != before

    @needs_strace
    def test_row_12_killed_during_the_last_checkpoint_nothing_is_lost(self):
        """The stop writes the WAL into hpo.db, page by page, syncs it and cuts the WAL: killed
        before each of these calls, until a stop meets no kill."""
        with Daemon() as daemon:
            amid, names = 0, []
            for calls in ("pwrite64", "fdatasync", "ftruncate"):
                for when in range(1, KILLS_MAX):
                    names.append(f"{calls}-{when}")
                    daemon.post("/v1/studies", study(names[-1], shell(REPORT), trials=2))
                    daemon.wait_for(names[-1])
                    has_changed = self.stopped_under(daemon, f"{calls}:signal=KILL:when={when}")
                    daemon.start()
                    if has_changed is None:
                        break
                    amid += has_changed
                self.assertLess(when, KILLS_MAX - 1, "the kills never ended")
            self.assertGreater(amid, 5, "hardly a kill fell into the checkpoint")
            self.assertEqual(sorted(self.all_studies(daemon)), sorted(names))
            for name in names:
                ended = daemon.wait_for(name)
                self.assertEqual((ended["trials"]["completed"], ended["attempts"]), (2, 2))

    def test_row_85_a_key_that_comes_again_with_another_body_is_refused(self):
        with Daemon() as daemon:
            first = study("first", ["true"], trials=1)
            self.assertEqual(daemon.request("POST", "/v1/studies", first, key("k"))[0], 201)
            other = study("other", ["true"], trials=1)
            for _ in range(2):
                status, refusal = daemon.request("POST", "/v1/studies", other, key("k"))
                self.assertEqual(status, 422, refusal)
                self.assertIn("another body", refusal["detail"])
                self.assertIn("new key", refusal["remedy"])
                daemon.kill()
                daemon.start()
            self.assertEqual(self.all_studies(daemon), ["first"])
            self.assertEqual(daemon.request("POST", "/v1/studies", first, key("k"))[0], 201)
            self.assertEqual(daemon.request("POST", "/v1/studies", other, key("l"))[0], 201)


if __name__ == "__main__":
    unittest.main(verbosity=2)
