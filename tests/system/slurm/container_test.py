"""Trainings in a real container: podman as the ordinary user, on the nodes of a cluster."""
import unittest

import containers
from cluster import Cluster
from login_node import Site, slurm_study
from support import needs_cluster, wait_until

import faults  # noqa: E402  (of tests/system, by support)
from daemon import REPORT, is_alive, shell  # noqa: E402

# There is nothing but a shell in the image.
INSIDE = "[ ! -e /usr ] || exit 9; "
# Told to end, it saves its work for a while.
SAVES = ("trap 'busy=; i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; "
         'echo saved > "$HPO_CHECKPOINT_DIR/saved"; exit 0\' TERM; '
         'echo ready > "$HPO_TRIAL_DIR/ready"; while :; do :; done')


def needs_podman(test):
    lacking = containers.missing()
    return faults.needs(not lacking, lacking or "podman", test)


@needs_podman
@needs_cluster()
class Containers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster())
        cls.podman = cls.enterClassContext(containers.Podman(cls.cluster))
        if cls.podman.trouble:
            raise unittest.SkipTest(f"no container can run on this host: {cls.podman.trouble}")
        cls.site = cls.enterClassContext(Site(cls.cluster))

    def submit(self, name, command, **limits):
        self.site.post("/v1/studies", slurm_study(
            name, ["/bin/sh", "-c", INSIDE + command], trials=1, executor=limits, environment={
                "vars": self.podman.environment,
                "container": {"runtime": "podman", "image": self.podman.image}}))

    def assert_none_is_left(self):
        wait_until(lambda: self.podman.run("ps", "--all", "--quiet").stdout == "",
                   what="the end of all containers")

    def test_a_training_in_a_container_brings_its_result(self):
        self.submit("inside", shell(REPORT)[2])
        trial = self.site.only_trial("inside")
        self.assertEqual((trial["state"], trial["value"]), ("completed", trial["params"]["x"]))
        self.assert_none_is_left()

    def test_an_exit_code_passes_through(self):
        self.submit("fails", "exit 7")
        trial = self.site.only_trial("fails")
        self.assertEqual((trial["failure"], trial["history"][0]["exit_code"]), ("exit_code", 7))

    def test_a_cancel_reaches_the_training_and_leaves_it_its_grace(self):
        self.submit("told", SAVES)
        directory = self.site.trial_directory("told", 0)
        wait_until((directory / "ready").exists, what="the training in its container")
        self.site.post("/v1/studies/told:cancel")
        self.site.wait_for("told", ["cancelled"])
        self.site.wait_for_no_jobs()
        self.assertEqual(len(list(directory.parent.rglob("saved"))), 1)
        self.assert_none_is_left()

    def test_a_training_that_does_not_listen_is_killed_with_its_container(self):
        self.submit("deaf", 'trap "" TERM; echo $$ > "$HPO_TRIAL_DIR/ready"; while :; do :; done',
                    grace="1s")
        ready = self.site.trial_directory("deaf", 0) / "ready"
        pid = int(wait_until(lambda: ready.exists() and ready.read_text(), what="the training"))
        self.assertTrue(is_alive(pid))
        self.site.post("/v1/studies/deaf:cancel")
        self.site.wait_for("deaf", ["cancelled"])
        wait_until(lambda: not is_alive(pid), what="the end of the training")


if __name__ == "__main__":
    unittest.main(verbosity=2)
