"""Worker jobs on Slurm: as many jobs as workers, whatever becomes of hpod, of them and of their
way to it."""
import json
import socket
import unittest

from cluster import Cluster
from login_node import Site, begun, recorded_training, slurm_study
from support import faults, needs_cluster, wait_until

TRIALS = 40


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


@needs_cluster()
class SlurmWorkersTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.site = self.enterContext(Site(self.cluster, listen=free_address()))
        self.log = self.site.scratch("begun")

    def submit(self, seconds, **executor):
        body = slurm_study("jobs", recorded_training(self.log, seconds), trials=TRIALS,
                           executor=dict({"slots": 4, "lease": "1h"}, **executor))
        del body["parallel"]
        self.site.post("/v1/studies", dict(body, dispatch="workers", workers=2))

    def wait_until_begun(self, count):
        wait_until(lambda: len(begun(self.log)) >= count, what=f"{count} trainings")

    def check_ended(self):
        ended = self.site.wait_for("jobs")
        self.assertEqual((ended["state"], ended["trials"]["completed"]), ("finished", TRIALS))
        trainings = begun(self.log)
        self.assertEqual({number for number, _ in trainings}, set(range(TRIALS)))
        self.assertEqual(len(set(trainings)), len(trainings))
        self.site.wait_for_no_jobs()
        hours = ended["spent_node_hours"]  # of two jobs, each of less than a minute
        self.assertTrue(0 < hours < 2 / 60, hours)
        return ended["workers"]

    def test_two_worker_jobs_run_a_study_while_hpod_is_killed(self):
        self.submit(0.3)
        for count in (1, 9, 20):
            self.wait_until_begun(count)
            self.site.kill()
            self.site.start()
        workers = self.check_ended()
        self.assertEqual((workers["ended"], workers["lost"]), (2, 0))
        self.assertEqual(begun(self.log), [(number, 1) for number in range(TRIALS)])
        self.assertLessEqual(len(self.site.double.calls("sbatch")), 2)  # one may have been killed

    def test_a_worker_job_that_is_taken_away_is_replaced(self):
        self.submit(0.3, grace="1s")
        self.wait_until_begun(4)
        claim = self.site.state / "studies/jobs/workers/0/1/claim"
        wait_until(claim.exists, what="the first worker job")
        self.cluster.run(["scancel", "--signal=KILL", "--full",
                          json.loads(claim.read_text())["native_id"]])
        workers = self.check_ended()
        self.assertEqual((workers["ended"], workers["lost"]), (2, 1))

    @faults.needs_mount
    def test_worker_jobs_without_a_socket_come_by_tcp_with_own_tokens(self):
        self.cluster.hide(self.site.socket_path, "n1")
        self.submit(0.1, extra=["--nodelist=n1"])
        self.check_ended()
        wait_until(lambda: self.site.get("/v1/studies/jobs")["workers"]["ended"] == 2,
                   what="the ends of both worker jobs")
        for number in (0, 1):
            job = self.site.state / f"studies/jobs/workers/{number}/1"
            self.assertIn("is asked by TCP", (job / "stderr").read_text())
            file = job / "connect.json"
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)
            told = self.site.hpo("ask", "jobs", "--connect", file, check=4).stderr
            self.assertIn("revoked", told)
        self.assertNotIn("asks by files", self.site.log_text())


if __name__ == "__main__":
    unittest.main()
