"""The throwaway cluster is a real one: its jobs, its limits, its faults; and it leaves nothing."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import unittest

import host
from cluster import Cluster, ClusterError
from support import needs_cluster, wait_until

BY_HAND = pathlib.Path(__file__).with_name("cluster.py")


def processes_of(directory):
    """All that work in the directory, or name it in their arguments or environment."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            traces = [os.fsencode(os.readlink(process / "cwd"))]
            traces += [(process / name).read_bytes() for name in ("cmdline", "environ")]
        except OSError:
            continue  # it has just gone, or has nothing any more
        if any(os.fsencode(directory) in trace for trace in traces):
            found.append(int(process.name))
    return found


class OnCluster(unittest.TestCase):
    options = {}

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster(**cls.options))

    def submit(self, script, *options):
        done = self.cluster.run(["sbatch", "--parsable", *options, "--wrap", script])
        self.assertEqual(done.returncode, 0, done.stderr)
        job = done.stdout.strip()
        self.addCleanup(self.cluster.run, ["scancel", job])
        return job

    def state(self, job):
        return self.cluster.run(["squeue", "-h", "-t", "all", "-j", job, "-o", "%T"]).stdout.strip()

    def wait_for(self, job, state):
        wait_until(lambda: self.state(job) == state, what=f"job {job} in state {state}")

    def output(self, job):
        return (self.cluster.home / f"slurm-{job}.out").read_text()


@needs_cluster()
class PlainCluster(OnCluster):
    def test_a_job_runs_as_the_ordinary_user_and_has_its_gpus(self):
        job = self.submit('echo "$(id -u) $CUDA_VISIBLE_DEVICES"', "--gres=gpu:2", "-C", "fast")
        self.wait_for(job, "COMPLETED")
        self.assertEqual(self.output(job), f"{self.cluster.user.pw_uid} 0,1\n")
        if os.geteuid() == 0:
            self.assertNotEqual(self.cluster.user.pw_uid, 0)

    def test_a_preempted_job_is_requeued_or_cancelled_as_its_partition_says(self):
        requeued = self.submit("sleep 600", "-p", "low", "-N2", "--exclusive")
        cancelled = self.submit("sleep 600", "-p", "low_cancel", "-N2", "--exclusive")
        for job in (requeued, cancelled):
            self.wait_for(job, "RUNNING")
        winner = self.submit("sleep 600", "-p", "high", "-N4", "--exclusive")
        self.wait_for(winner, "RUNNING")
        self.assertEqual((self.state(requeued), self.state(cancelled)), ("PENDING", "PREEMPTED"))

    def test_a_hanging_and_a_killed_controller_are_repaired(self):
        question = ["timeout", "0.5", "squeue"]
        self.cluster.kill("slurmctld", signal.SIGSTOP)
        self.assertEqual(self.cluster.run(question).returncode, 124)  # timeout's own
        self.cluster.repair()
        self.assertEqual(self.cluster.run(question).returncode, 0)
        self.cluster.kill("slurmctld")
        self.assertNotEqual(self.cluster.run(question).returncode, 0)
        self.assertRaises(ClusterError, self.cluster.kill, "slurmctld")
        self.cluster.repair()
        self.wait_for(self.submit("true"), "COMPLETED")

    def test_only_the_loopback_can_reach_it(self):
        first = self.cluster.settings.port
        tables = "".join(table.read_text() for table in pathlib.Path("/proc/net").glob("tcp*"))
        listens = re.findall(r": (\w+):(\w+) \w+:0000 0A", tables)
        ours = [where for where, port in listens if first <= int(port, 16) <= first + 5]
        self.assertEqual(ours, ["0100007F"] * 5)  # slurmctld and four nodes


class Ports(unittest.TestCase):
    def test_two_clusters_at_a_time_share_no_port(self):
        (first, one), (second, other) = host.reserve_ports(6), host.reserve_ports(6)
        with one, other:
            self.assertGreaterEqual(abs(first - second), 6)


@needs_cluster(accounting=True)
class AccountedCluster(OnCluster):
    options = {"accounting": True}

    def test_accounting_knows_a_job_that_has_ended(self):
        job = self.submit("exit 3")
        question = ["sacct", "-nXP", "-j", job, "-o", "User,Account,State,ExitCode"]
        wait_until(lambda: "FAILED" in self.cluster.run(question).stdout, what="the job in sacct")
        self.assertEqual(self.cluster.run(question).stdout,
                         f"{self.cluster.user.pw_name}|hpo|FAILED|3:0\n")

    def test_a_qos_limits_what_is_queued_and_what_runs(self):
        jobs = [self.submit("sleep 600", "--qos=tiny", "-t5") for _ in range(4)]
        refused = self.cluster.run(["sbatch", "--qos=tiny", "-t5", "--wrap", "true"])
        self.assertIn("QOSMaxSubmitJobPerUserLimit", refused.stderr)
        self.wait_for(jobs[1], "RUNNING")
        reason = ["squeue", "-h", "-j", jobs[2], "-o", "%r"]
        wait_until(lambda: self.cluster.run(reason).stdout == "QOSMaxJobsPerUserLimit\n",
                   what="the reason why the third job waits")


@needs_cluster()
class End(unittest.TestCase):
    # It leaves its session and its parent, which Slurm's steps lose sight of.
    ESCAPE = "trap '' TERM; (setsid sleep 600 &); touch ran; sleep 600"

    def test_after_stop_nothing_is_left(self):
        with Cluster(nodes=1) as cluster:
            directory = cluster.settings.directory
            cluster.run(["sbatch", "--wrap", self.ESCAPE])
            wait_until((cluster.home / "ran").exists, what="the job's start")
            cluster.kill("n1", signal.SIGSTOP)
            # munged, slurmctld, slurmd, their keeper, the step, its shell and two trainings
            self.assertGreaterEqual(len(processes_of(directory)), 7)
        self.assertEqual(processes_of(directory), [])
        self.assertFalse(directory.exists())

    def test_after_the_death_of_the_test_nothing_is_left_either(self):
        starter = subprocess.Popen([sys.executable, BY_HAND], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        with starter:
            lines = iter(starter.stdout.readline, "")
            conf = next(line for line in lines if "SLURM_CONF" in line).split("'")[1]
            starter.kill()
        directory = pathlib.Path(conf).parent
        wait_until(lambda: not processes_of(directory), what="the end of the cluster")
        self.assertFalse(directory.exists())

    def test_a_cluster_that_cannot_start_says_why_and_leaves_nothing(self):
        cluster = Cluster(conf={"SelectType": "select/none_such"})
        with self.assertRaisesRegex(ClusterError, "select/none_such"):
            cluster.start()
        self.assertEqual(processes_of(cluster.settings.directory), [])
        self.assertFalse(cluster.settings.directory.exists())


if __name__ == "__main__":
    unittest.main()
