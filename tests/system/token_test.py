#!/usr/bin/env python3
"""The promise: a file of `hpo token` is made anew without harm to those who have an earlier one,
nothing but such files is replaced by it, and a program of one's own hears when a study has ended.
"""
import json
import pathlib
import tempfile
import unittest

from daemon import Daemon, shell, study
from tcp_test import free_port


class TokenTest(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon.started(self.addCleanup,
                                     config={"listen": f"tcp://127.0.0.1:{free_port()}"})
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)
        self.file = self.scratch / "pulled.connect.json"
        self.daemon.post("/v1/studies", study("pulled", shell("true"), trials=2, parallel=2,
                                              executor={"type": "external", "lease": "1m"}))

    def token(self):
        told = self.daemon.hpo("token", "pulled", "--output", self.file, check=0).stderr
        return json.loads(self.file.read_text()), told

    def is_let_in(self, file, code=11):
        """By TCP; 11: it is heard, and told that there is no such lease."""
        self.file.write_text(json.dumps(file))
        return self.daemon.hpo("heartbeat", "pulled/0", "--fence", "1", "--connect", self.file,
                               check=code).stderr

    def test_a_second_token_replaces_the_file_and_leaves_the_first_one_good(self):
        first, told = self.token()
        self.assertNotIn("an earlier file", told)
        second, told = self.token()
        self.assertIn("in the place of an earlier file", told)
        self.assertIn("hpo token pulled --revoke", told)
        self.assertNotEqual(first["token"], second["token"])
        for file in (first, second):
            self.is_let_in(file)
        self.daemon.hpo("token", "pulled", "--revoke", check=0)
        for file in (first, second):
            self.assertIn("revoked", self.is_let_in(file, code=4))

    def test_a_file_of_the_users_own_is_not_replaced(self):
        mine = self.scratch / "study.json"
        for text in ("{}", "x" * 100_000):
            mine.write_text(text)
            told = self.daemon.hpo("token", "pulled", "--output", mine, check=5).stderr
            self.assertIn("something else than a file that hpo token has written", told)
            self.assertEqual(mine.read_text(), text)
        mine.write_text("")
        self.daemon.hpo("token", "pulled", "--output", mine, check=0)
        self.assertIn("hpo_w_", mine.read_text())

    def test_the_last_end_that_is_told_says_that_the_study_has_ended(self):
        asked = self.daemon.hpo("ask", "pulled", "--count", "2", "--wait", "10s", "--json", check=0)
        ends = []
        for trial in json.loads(asked.stdout)["trials"]:
            ends.append(self.daemon.hpo("tell", f"pulled/{trial['trial']}", "--fence",
                                        trial["fence"], "loss=1", check=0).stderr)
        self.assertIn("nothing is left to ask for, 1 trial still awaited", ends[0])
        self.assertIn("is completed; the study has ended; next: hpo best pulled", ends[1])
        self.assertEqual(self.daemon.wait_for("pulled")["state"], "finished")


if __name__ == "__main__":
    unittest.main()
