"""The example whose trials are pulled: by workers, and by a loop that asks and tells."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "system"))

import daemon  # noqa: E402

EXAMPLE = ROOT / "examples" / "workers"

# An hpo whose daemon is away at the first question and at the first result; one trial, no more.
FAKE = """#!/bin/sh
echo "$*" >> asked
case $(wc -l < asked) in
  1 | 3) exit 6 ;;
  2) echo '{"trials": [{"trial": 7, "fence": 2, "params": {"x": 0.5}}]}' ;;
  5) exit 5 ;;
esac
"""


class PulledTrials(unittest.TestCase):
    def setUp(self):
        self.hpod = daemon.Daemon()
        self.addCleanup(self.hpod.close)
        self.hpod.start()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="hpo-test-"))
        self.addCleanup(shutil.rmtree, self.place)
        for file in EXAMPLE.iterdir():
            shutil.copy(file, self.place)

    def run_here(self, *words):
        path = f"{daemon.BIN}:{os.environ['PATH']}"
        return subprocess.run(words, cwd=self.place, capture_output=True, text=True, timeout=120,
                              env=dict(self.hpod.environment, PATH=path), check=True)

    def check_end(self, trials):
        study = self.hpod.get("/v1/studies/pulled")
        self.assertEqual(("finished", trials), (study["state"], study["trials"]["completed"]))
        self.assertEqual(trials, study["attempts"])

    def test_a_worker_carries_out_the_whole_study(self):
        self.run_here("hpo", "submit", "study.json")
        self.run_here("hpo", "worker", "--study", "pulled", "--slots", "2")
        self.check_end(20)

    def test_a_loop_that_asks_and_tells_needs_no_command(self):
        study = json.loads((self.place / "study.json").read_text())
        del study["command"]
        study["budget"]["trials"] = 6
        (self.place / "study.json").write_text(json.dumps(study))
        self.run_here("hpo", "submit", "study.json")
        self.run_here(sys.executable, "ask_tell.py", "pulled")
        self.check_end(6)

    def test_a_loop_that_finds_no_daemon_asks_and_tells_again(self):
        fake = self.place / "bin" / "hpo"
        fake.parent.mkdir()
        fake.write_text(FAKE)
        fake.chmod(0o755)
        path = f"{fake.parent}:{os.environ['PATH']}"
        subprocess.run([sys.executable, "ask_tell.py", "pulled"], cwd=self.place, check=True,
                       env=dict(os.environ, PATH=path), timeout=60)
        told = (self.place / "asked").read_text().splitlines()
        self.assertEqual([line.split()[0] for line in told], ["ask", "ask", "tell", "tell", "ask"])
        self.assertEqual(told[2], told[3])
        self.assertTrue(told[3].startswith("tell pulled/7 --fence 2 loss=0.04"), told)

    def test_the_training_runs_by_hand(self):
        told = self.run_here("python3", "train.py").stdout
        self.assertAlmostEqual(0.04, json.loads(told.split(" ", 1)[1])["loss"])


if __name__ == "__main__":
    unittest.main()
