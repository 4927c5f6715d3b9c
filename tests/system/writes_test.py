#!/usr/bin/env python3
"""Writes and kill -9: what was acknowledged is there, what is repeated happens once.

Rows 1, 2, 3, 9 and 12 of the fault table. The kills at a chosen system call need strace.
"""
import contextlib
import http.client
import random
import threading
import unittest

from daemon import READY_S, REPORT, Daemon, is_alive, shell, study, wait_until
from faults import injected, needs_strace, start_under

CLIENTS = 8
WRITES = 12  # of each client
KILLS = 12
START_KILLS = 12


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
        names, cursor = [], ""
        while True:
            page = daemon.get(f"/v1/studies?limit=50{cursor}")
            names += [s["name"] for s in page["studies"]]
            if not page["next"]:
                return names
            cursor = "&cursor=" + page["next"]

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

    @needs_strace
    def test_row_12_killed_during_a_checkpoint_nothing_is_lost(self):
        """hpo.db itself is written by checkpoints alone: a kill at the second fdatasync after a
        commit, and at those after it, meets their steps."""
        with Daemon() as daemon:
            for when in range(1, 7):
                name = f"c{when}"
                with injected(daemon, f"fdatasync:signal=KILL:when={when}"):
                    try:
                        daemon.post("/v1/studies", study(name, shell(REPORT), trials=2))
                        wait_until(lambda: not is_alive(daemon.process.pid) or
                                   self.is_over(daemon, name), READY_S)
                    except (OSError, http.client.HTTPException):
                        pass
                if not is_alive(daemon.process.pid):
                    daemon.start()
                status, _ = daemon.request("POST", "/v1/studies", study(name, shell(REPORT),
                                                                        trials=2))
                self.assertIn(status, (200, 201))
            for name in self.all_studies(daemon):
                ended = daemon.wait_for(name)
                self.assertEqual((ended["trials"]["completed"], ended["attempts"]), (2, 2))

    def is_over(self, daemon, name):
        try:
            return daemon.get(f"/v1/studies/{name}")["state"] == "finished"
        except (OSError, http.client.HTTPException):
            return False


if __name__ == "__main__":
    unittest.main(verbosity=2)
