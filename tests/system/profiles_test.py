#!/usr/bin/env python3
"""Profiles: what hpod.json says of executors reaches studies, by REST and by the command line."""
import json
import os
import pathlib
import re
import unittest

from daemon import REPORT, Daemon, shell, study

EXAMPLES = pathlib.Path(os.environ["HPO_SOURCE"]) / "examples/profiles"
PROFILES = {
    "here": {"type": "local", "slots": 2, "time": "1h", "environment": {"vars": {"A": "1"}}},
    "cluster": {"type": "slurm", "account": "m1", "environment": {
        "modules": ["python"], "container": {"image": "/ml.sif"}}},
}


def without_comments(text):
    return json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.M))


class ProfilesTest(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon.started(self.addCleanup, config={"profiles": PROFILES})

    def file(self, executor, **more):
        path = self.daemon.state / "study.json"
        path.write_text(json.dumps(study("named", shell(REPORT), executor=executor, **more)))
        return path

    def test_a_study_is_stored_with_what_its_profile_said(self):
        body = study("rest", shell(REPORT), trials=1,
                     executor={"profile": "here", "time": "5m"})
        self.daemon.post("/v1/studies", body)
        spec = self.daemon.wait_for("rest")["spec"]
        self.assertEqual(spec["executor"]["type"], "local")
        self.assertEqual((spec["executor"]["slots"], spec["executor"]["time"]), (2, "300s"))
        self.assertEqual(spec["environment"]["vars"], {"A": "1"})
        self.assertNotIn("profile", spec["executor"])
        self.daemon.config.write_text("{}")
        self.daemon.start()
        self.assertEqual(self.daemon.get("/v1/studies/rest")["spec"], spec, "without the profile")

    def test_the_command_line_knows_the_same_profiles(self):
        done = self.daemon.hpo("validate", self.file("cluster"), "--json", check=0)
        shown = json.loads(done.stdout)["study"]
        self.assertEqual(shown["executor"]["account"], "m1")
        self.assertEqual(shown["environment"]["modules"], ["python"])
        done = self.daemon.hpo("submit", self.file("here"), "--dry-run", check=0)
        self.assertIn("A=1", done.stdout)
        done = self.daemon.hpo("submit", self.file("cluster"), "--dry-run", check=0)
        self.assertIn("apptainer exec --pwd=/tmp ", done.stdout)
        self.daemon.hpo("submit", self.file("here", budget={"trials": 1}), check=0)
        self.assertEqual(self.daemon.wait_for("named")["spec"]["executor"]["slots"], 2)
        config = json.loads(self.daemon.hpo("daemon", "config", check=0).stdout)
        self.assertEqual(config["profiles"], PROFILES)

    def test_an_unknown_name_lists_the_profiles(self):
        done = self.daemon.hpo("validate", self.file("clusterr"))
        self.assertEqual(done.returncode, 2)
        self.assertIn('did you mean "cluster"?', done.stderr)
        self.assertIn("profiles: cluster here", done.stderr)
        status, body = self.daemon.request(
            "POST", "/v1/studies", study("rest", shell(REPORT), executor="nothing"))
        self.assertEqual(status, 422)
        self.assertIn("E0223", json.dumps(body))

    def test_a_mistake_in_a_profile_has_its_place_and_hurts_no_other_study(self):
        self.daemon.config.write_text('{"profiles": {\n  "a": {"type": "slurm", "gpu": 1}}}')
        done = self.daemon.hpo("validate", self.file("a"))
        self.assertEqual(done.returncode, 2)
        self.assertIn(f'{self.daemon.config}:2:26: error[HPO-E0101] unknown key "gpu"',
                      done.stderr)
        self.assertIn(f"{self.daemon.config}:2:26:", self.daemon.hpo("daemon", "config").stderr)
        self.daemon.hpo("validate", self.file("local"), check=0)

    def test_the_shipped_examples_are_good_profiles(self):
        files = sorted(EXAMPLES.glob("*.json"))
        self.assertEqual([file.name for file in files], ["cluster.json", "perlmutter.json"])
        for file in files:
            self.daemon.config.write_text(file.read_text())
            self.daemon.hpo("daemon", "config", check=0)
            for name in without_comments(file.read_text())["profiles"]:
                done = self.daemon.hpo("validate", self.file(name), "--json", check=0)
                self.assertEqual(json.loads(done.stdout)["problems"], [], name)


if __name__ == "__main__":
    unittest.main()
