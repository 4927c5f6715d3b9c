"""hpod dies on a login node, and goes on on another one: nothing is lost, nothing runs twice.
Row 43 for the submission in which it dies.

The state directory lies on a local disk here, so the new daemon starts at once; on a network file
system it first watches the lease of the dead one (login_nodes_test).
"""
import json
import os
import signal
import tempfile
import unittest

from cluster import Cluster
from double import kill
from login_node import Site, begun, recorded_training, slurm_study
from support import needs_cluster, wait_until

import faults  # noqa: E402  (of tests/system, by support)

TRIALS, PARALLEL, RUNNING = 20, 14, 8
OTHER_HOST = """
hostname "$1" && mount --bind "$2" /proc/sys/kernel/random/boot_id || exit
shift 2
exec setpriv --reuid "$1" --regid "$2" --clear-groups "$3"
"""


class OtherHost(Site):
    """From `move` on it is started where the host has another name, and has booted at another time.
    """
    name = None

    def move(self, name, boot_id):
        self.name, self.boot_id = name, boot_id

    def launch(self):
        if not self.name:
            return super().launch()
        user = self.cluster.user
        return ["unshare", "--uts", "--mount", "sh", "-c", OTHER_HOST, "sh", self.name,
                self.boot_id, str(user.pw_uid), str(user.pw_gid), self.programs / "hpod"], {}


def needs_namespaces(test):
    return faults.needs(os.geteuid() == 0, "root", test)


@needs_namespaces
@needs_cluster()
class Takeover(unittest.TestCase):
    def setUp(self):
        self.site = self.enterContext(OtherHost(self.enterContext(Cluster(nodes=2))))
        self.log = self.site.scratch("begun")
        boot_id = self.enterContext(tempfile.NamedTemporaryFile("w"))
        boot_id.write("00000000-0000-4000-8000-000000000002\n")
        boot_id.flush()
        os.chmod(boot_id.name, 0o644)
        self.boot_id = boot_id.name

    def host(self):
        return json.loads((self.site.state / "endpoint.json").read_text())["host"]

    def die_in_a_submission(self):
        """With jobs that run, jobs that wait, and one of which sbatch has said nothing."""
        self.site.double.play(sbatch=[kill("kill_after")])
        wait_until(lambda: self.site.process.poll() is not None, what="the death of hpod")
        self.site.double.play()
        states = [job[2] for job in self.site.jobs()]
        self.assertIn("RUNNING", states)
        self.assertIn("PENDING", states)

    def test_a_daemon_on_another_login_node_goes_on_with_every_job(self):
        self.site.post("/v1/studies", slurm_study(
            "s", recorded_training(self.log, 2), trials=TRIALS, parallel=PARALLEL,
            executor={"cpus": 4}))
        wait_until(lambda: len(self.site.jobs("R")) == RUNNING and
                   len(self.site.jobs()) == PARALLEL, what="jobs that run and jobs that wait")
        first = self.host()
        self.die_in_a_submission()
        self.site.move("login2", self.boot_id)
        self.site.start(wait=False)  # it watches the lease of the one that died for 90 s
        wait_until(self.site.is_ready, 120, "a daemon on the other login node")
        self.assertEqual(self.host(), "login2")
        self.assertNotEqual(first, "login2")
        study = self.site.wait_for("s")
        self.assertEqual((study["state"], study["trials"]["completed"], study["attempts"]),
                         ("finished", TRIALS, TRIALS), self.site.log_text()[-2000:])
        self.assertEqual(begun(self.log), [(number, 1) for number in range(TRIALS)])
        self.assertEqual(len(self.site.double.jobs()), TRIALS, "no job was submitted again")
        self.site.wait_for_no_jobs()

    def test_a_cancel_on_another_login_node_reaches_what_the_first_one_started(self):
        self.site.post("/v1/studies", slurm_study(
            "s", recorded_training(self.log, 600), trials=2, parallel=2))
        wait_until(lambda: len(begun(self.log)) == 2, what="both trainings")
        self.site.kill(signal.SIGTERM)  # stopped, so its lease is given up
        self.site.move("login2", self.boot_id)
        self.site.start()
        self.site.post("/v1/studies/s:cancel")
        self.site.wait_for("s", ["cancelled"])
        self.site.wait_for_no_jobs()
        self.assertEqual(len(begun(self.log)), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
