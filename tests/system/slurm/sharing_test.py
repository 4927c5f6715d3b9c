"""Directories that a node lacks, or that take no more: each is told, and nothing is lost."""
import contextlib
import subprocess
import unittest

from cluster import Cluster
from login_node import Site, begun, recorded_training, slurm_study
from support import needs_cluster, wait_until

from daemon import REPORT, shell  # noqa: E402  (of tests/system, by support)
from faults import needs_mount  # noqa: E402

STUDIES_MB = 8
FILLS = 'cat /dev/zero > "$HPO_TRIAL_DIR/big"'  # ends with an error: no space


@needs_mount
@needs_cluster()
class Sharing(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster(nodes=2))
        self.site = self.enterContext(Site(self.cluster))
        self.log = self.site.scratch("begun")

    def submit(self, command, **more):
        self.site.post("/v1/studies", slurm_study("s", command, **more))

    def check_all_ran(self, trials):
        study = self.site.wait_for("s")
        self.assertEqual(study["trials"]["completed"], trials, self.site.log_text()[-2000:])
        runs = begun(self.log)
        self.assertEqual(len(runs), len(set(runs)), "an attempt began twice")

    @contextlib.contextmanager
    def small_studies(self):
        """All attempts' directories lie on a small file system of their own."""
        studies = self.site.state / "studies"
        studies.mkdir(exist_ok=True)
        options = f"size={STUDIES_MB}m,mode=700,uid={self.cluster.user.pw_uid}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "hpo-test", studies], check=True)
        try:
            yield studies
        finally:
            self.site.kill()
            subprocess.run(["umount", "-l", studies], check=True)

    def waits(self):
        return [wait["text"] for wait in self.site.get("/v1/studies/s")["waits_for"]]

    def test_a_node_without_the_directory_of_the_attempts_fails_its_jobs_and_says_why(self):
        self.cluster.hide(self.site.state, "n1")
        self.submit(recorded_training(self.log, 0), trials=1, retry={"max": 0},
                    executor={"extra": ["--nodelist=n1"]})
        trial = self.site.only_trial("s")
        self.assertEqual(trial["failure"], "infrastructure", trial)
        self.assertIn("could not start the job on node n1", trial["message"])
        self.assertIn("whether the node shares HPO_STATE_DIR", trial["message"])

    def test_a_node_without_the_home_directory_says_which_secret_it_lacks(self):
        home = self.site.scratch("home")
        secret = home / ".config/hpo/secrets/API_TOKEN"
        secret.parent.mkdir(parents=True)
        secret.write_text("told to nobody")
        secret.chmod(0o600)
        self.cluster.give(home)
        self.cluster.hide(home, "n1")
        self.submit(shell(REPORT), trials=1, retry={"max": 0},
                    executor={"extra": ["--nodelist=n1"]},
                    environment={"secrets": ["API_TOKEN"], "captured": {"HOME": str(home)}})
        trial = self.site.only_trial("s")
        self.assertIn("there is no file for the secret API_TOKEN", trial["message"])
        self.assertIn("this node must see it too", trial["message"])

    def test_a_directory_that_takes_no_more_is_waited_for(self):
        with self.small_studies() as studies:
            subprocess.run(["mount", "-o", "remount,ro", studies], check=True)
            self.submit(recorded_training(self.log, 0), trials=6, parallel=2)
            reason = wait_until(self.waits, what="the reason of the wait")[0]
            self.assertIn("Read-only file system", reason)
            self.assertIn(str(studies), reason)
            self.assertEqual(self.site.double.calls("sbatch"), [])
            subprocess.run(["mount", "-o", "remount,rw", studies], check=True)
            self.check_all_ran(6)

    def test_a_job_that_fills_the_disk_costs_an_attempt_and_its_study_waits_for_space(self):
        fill = f'[ $HPO_TRIAL.$HPO_ATTEMPT != 0.1 ] || {{ {FILLS}; exit 5; }}; '
        with self.small_studies() as studies:
            self.submit(shell(fill + REPORT), trials=3, parallel=1)
            big = studies / "s/trials/0/1/big"
            wait_until(lambda: big.exists() and not self.site.jobs(), what="the end of the job")
            wait_until(lambda: any("No space left" in reason for reason in self.waits()),
                       what="the reason of the wait")
            big.unlink()
            study = self.site.wait_for("s")
            self.assertEqual(study["trials"]["completed"], 3)
            self.assertEqual([each["failure"] for each in self.site.trial("s", 0)["history"]],
                             ["infrastructure", None])


if __name__ == "__main__":
    unittest.main(verbosity=2)
