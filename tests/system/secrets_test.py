#!/usr/bin/env python3
"""Secrets reach the training, and nothing of ours keeps them: a canary is looked for."""
import json
import pathlib
import shutil
import tempfile
import unittest

from daemon import Daemon, shell, study

CANARY = "canary-7d1e44a0c3"
# A sign that the training has it, without a word of it.
HAS_IT = """
[ "$API_TOKEN" = "$(cat "$1")" ] && printf '{"loss": 1}' > "$HPO_RESULT_FILE"
"""


class SecretsTest(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="hpo-home-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.secret = self.home / ".config/hpo/secrets/API_TOKEN"
        self.secret.parent.mkdir(parents=True)
        self.write(CANARY + "\n")
        self.daemon = Daemon.started(
            self.addCleanup, environment={"HOME": str(self.home), "XDG_CONFIG_HOME": ""})

    def write(self, text, mode=0o600):
        self.secret.write_text(text)
        self.secret.chmod(mode)

    def submit(self, name, *options):
        body = study(name, shell(HAS_IT, self.secret), trials=1, workdir=str(self.home),
                     environment={"secrets": ["API_TOKEN"]})
        file = self.home / (name + ".json")
        file.write_text(json.dumps(body))
        said = self.daemon.hpo("submit", file, *options, check=0)
        self.daemon.wait_for(name)
        return said.stdout + said.stderr

    def everything(self):
        """All that we keep and show, file by file and answer by answer."""
        for path in self.daemon.state.rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes()
        for name in ("good", "bad"):
            for words in (["trial", name + "/0"], ["trial", name + "/0", "--json"],
                          ["status", name, "--json"], ["logs", name + "/0"], ["export", name]):
                done = self.daemon.hpo(*words)
                yield str(words), (done.stdout + done.stderr).encode()
            for path in (f"/v1/studies/{name}", f"/v1/studies/{name}/trials/0",
                         f"/v1/studies/{name}/trials", f"/v1/events?study={name}"):
                yield path, json.dumps(self.daemon.get(path)).encode()

    def test_a_training_has_its_secret_and_nothing_else_does(self):
        said = self.submit("good")
        trial = self.daemon.trial("good", 0)
        self.assertEqual((trial["state"], trial["value"]), ("completed", 1), trial)
        self.write(CANARY, 0o644)
        said += self.submit("bad", "--no-check")
        trial = self.daemon.trial("bad", 0)
        self.assertEqual((trial["state"], trial["failure"]), ("failed", "spawn_failed"), trial)
        self.assertIn(f"chmod 600 {self.secret}", trial["message"])
        shown = dict(self.everything())
        self.assertIn("API_TOKEN", shown["['trial', 'good/0']"].decode(), "its name is told")
        self.assertTrue(any(name.endswith("hpo.db") for name in shown))
        self.assertTrue(any(name.endswith("attempt.json") for name in shown))
        self.assertEqual([], [name for name, text in shown.items() if CANARY.encode() in text])
        self.assertNotIn(CANARY, said)


if __name__ == "__main__":
    unittest.main()
