"""The page for a first study on Slurm: what it tells to type works on a cluster, as one session."""
import contextlib
import json
import re
import shutil
import subprocess
import unittest

import examples
from cluster import Cluster
from login_node import TIMES, copy_programs
from support import needs_cluster

from daemon import BIN  # noqa: E402  (of tests/system, by support)

FOLDER = examples.EXAMPLES / "slurm"
PAGE = (FOLDER / "first-study.md").read_text()
REASONS = (examples.EXAMPLES.parent / "executors/slurm/reasons.cpp").read_text()
SESSION_S = 120


def blocks(language):
    return re.findall(r"^```%s\n(.*?)^```$" % language, PAGE, re.M | re.S)


def new_home(cluster):
    """What the page takes for granted, in a home that the nodes see."""
    home = cluster.home / "login"
    (home / "hpo/build/bin").mkdir(parents=True)
    copy_programs(home / "hpo/build/bin")
    shutil.copytree(FOLDER, home / "hpo/examples/slurm")
    (home / ".config/hpo").mkdir(parents=True)
    (home / ".config/hpo/hpod.json").write_text(json.dumps({"slurm": TIMES}))
    cluster.give(home)
    return home


@needs_cluster()
class Session(unittest.TestCase):
    def test_the_whole_page_works_line_by_line(self):
        with Cluster(nodes=2) as cluster, contextlib.ExitStack() as ends:
            home = new_home(cluster)
            env = cluster.env() | {"HOME": str(home), "PS4": "\n$ "}

            def shell(script):
                return cluster.run(["bash", "-euxo", "pipefail", "-c", script], env=env, cwd=home,
                                   timeout=SESSION_S)
            ends.callback(shell, blocks("sh")[0] + "hpo daemon stop")
            done = shell("".join(blocks("sh")))
            told = done.stdout + done.stderr
            self.assertEqual(done.returncode, 0, told)
            self.assertRegex(done.stdout, r"first\s+finished\s+6/6 trials", told)
            trials = home / "hpo-state/studies/first/trials"
            self.assertEqual(len(list(trials.glob("*/1/job.log"))), 6, "each trial was a job")


class Claims(unittest.TestCase):
    def test_the_reasons_are_those_that_status_gives(self):
        table = PAGE[PAGE.index("| it says |"):].split("\n\n")[0].splitlines()[2:]
        phrases = [phrase for row in table for phrase in row.split("|")[1].strip().split("; ")]
        self.assertGreater(len(phrases), 5)
        self.assertEqual([phrase for phrase in phrases if phrase not in REASONS], [])

    def test_the_waits_are_the_defaults(self):
        told = json.loads(re.search(r'`(\{"slurm".*?\}\})`', PAGE, re.S).group(1))
        printed = subprocess.run([BIN / "hpod", "--print-config"], capture_output=True, check=True,
                                 env={"HOME": "/nonexistent", "HPO_STATE_DIR": "/nonexistent"})
        self.assertEqual(json.loads(printed.stdout)["slurm"], told["slurm"])

    def test_what_it_shows_of_a_study_is_valid(self):
        study = json.loads((FOLDER / "study.json").read_text())
        parts = blocks("json") + re.findall(r'`("(?:retry|budget)": .*?)`', PAGE)
        self.assertEqual(len(parts), 3)
        for part in parts:
            text = json.dumps(study | json.loads("{%s}" % part))
            done = subprocess.run([BIN / "hpo", "validate", "-"], input=text, text=True,
                                  capture_output=True)
            self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
