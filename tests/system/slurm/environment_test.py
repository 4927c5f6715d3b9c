"""An environment that cannot be made on a node: told at the first attempt, with its cause."""
import unittest

from cluster import Cluster
from login_node import Site, slurm_study
from support import needs_cluster, wait_until

from daemon import REPORT, shell  # noqa: E402  (of tests/system, by support)

# A profile of modules, as sites have it: it defines `module` for shells that a job starts.
MODULES = """module() { echo "Lmod: unknown module $2" >&2; return 1; }
module load cuda/99"""


@needs_cluster()
class Environments(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())
        cls.site = cls.enterClassContext(Site(cls.cluster))

    def submit(self, name, environment, command=("true",)):
        """A study of one trial in such an environment, which may be tried three times."""
        environment.setdefault("captured", {"PATH": "/bin:/usr/bin"})
        self.site.post("/v1/studies", slurm_study(name, list(command), trials=1,
                                                  environment=environment))

    def check_told(self, name, *words):
        trial = self.site.only_trial(name)
        self.assertEqual((trial["failure"], len(trial["history"])), ("spawn_failed", 1), trial)
        for word in words:
            self.assertIn(word, trial["message"])
        return trial

    def test_what_the_study_asked_for_and_is_not_there_is_told_at_once(self):
        self.submit("modules", {"modules": ["cuda/99"]})
        self.submit("conda", {"conda": "ml"})
        self.submit("venv", {"venv": "/no/such/venv"})
        self.submit("image", {"container": {"image": "/no/such.sif"}})
        self.check_told("modules", "this node has no command 'module'", '"modules" in the study\'s')
        self.check_told("conda", "'conda info --base' failed", "command not found")
        self.check_told("venv", "'. /no/such/venv/bin/activate' failed", "No such file",
                        'correct "venv"')
        self.check_told("image", "image cannot be read", "/no/such.sif, on node ",
                        'correct "image"')

    def test_a_setup_that_fails_is_told_with_its_line_and_shown_by_every_verb(self):
        told = ('the study\'s "setup" ended with exit code 1; its line 2 had failed: '
                "module load cuda/99")
        self.submit("setup", {"setup": MODULES})
        trial = self.check_told("setup", told, "Lmod: unknown module cuda/99",
                                "hpo doctor STUDY.json")
        log = f"{trial['history'][0]['directory']}/job.log"
        self.assertIn(f"last lines of {log}:", trial["message"])
        done = self.site.hpo("logs", "setup/0")
        self.assertIn("Lmod: unknown module cuda/99\njob.sh: ", done.stdout)
        self.assertIn("job.log", done.stderr)
        self.assertEqual(self.site.hpo("logs", "setup/0", "--job").stdout, done.stdout)
        failed = self.site.hpo("logs", "setup", "--failed").stdout
        self.assertIn(told, failed)
        self.assertIn("job.log: Lmod: unknown module cuda/99", failed)
        self.assertIn(log, self.site.hpo("trial", "setup/0").stdout)

    def test_a_setup_that_takes_the_place_of_the_job_script_is_told(self):
        self.submit("exec", {"setup": "exec true"})
        self.check_told("exec", "ended the job well before the training began", "'exec'")

    def test_a_setup_that_ends_with_75_is_tried_again(self):
        once = self.site.scratch("once")
        self.submit("again", {"setup": f"[ -e {once} ] || {{ touch {once}; exit 75; }}"},
                    shell(REPORT))
        trial = self.site.only_trial("again")
        self.assertEqual([each["failure"] for each in trial["history"]], ["spawn_failed", None])
        self.assertEqual(trial["state"], "completed")

    def test_what_a_job_prints_beside_a_training_that_fails_is_pointed_to(self):
        for name, code in (("infeasible", 3), ("failed", 7)):
            self.submit(name, {"setup": "echo no such thing as cuda >&2"},
                        shell(f"echo out; exit {code}"))
        self.site.wait_for("infeasible")
        self.site.wait_for("failed")
        done = self.site.hpo("logs", "failed/0")
        self.assertEqual(done.stdout, "out\n")
        self.assertIn("hpo logs failed/0 --job", done.stderr)
        self.assertNotIn("--job", self.site.hpo("logs", "infeasible/0").stderr)
        self.assertEqual(self.site.hpo("logs", "infeasible/0", "--job").stdout,
                         "no such thing as cuda\n")

    def test_a_setup_that_is_cancelled_is_no_failure_of_its_own(self):
        begun = self.site.scratch("begun")
        self.submit("cancelled", {"setup": f"touch {begun}; sleep 600"})
        wait_until(begun.exists, what="its setup")
        self.site.post("/v1/studies/cancelled/trials/0:cancel")
        trial = self.site.wait_for_trial("cancelled", 0, ["cancelled"])
        self.assertEqual(trial["failure"], None, trial)


if __name__ == "__main__":
    unittest.main(verbosity=2)
