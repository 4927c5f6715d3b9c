"""The jets study on a cluster has the scores that it has on `local`, for the same params."""
import unittest

import examples
from cluster import Cluster
from login_node import Site
from support import needs_cluster

import faults  # noqa: E402  (of tests/system, by support)

TRIALS = 4  # the first has the defaults
# A core for each, and a rate that a site would not set: the test has no time to wait.
SLURM = {"type": "slurm", "cpus": 1, "memory": "500M", "time": "10m", "submit_rate": 50}
LACKS = examples.lacks("numpy")


def needs_numpy(test):
    return faults.needs(not LACKS, f"numpy ({LACKS})", test)


@needs_numpy
@needs_cluster()
class Jets(unittest.TestCase):
    def test_scores_are_those_of_local(self):
        with Cluster() as cluster, Site(cluster) as site:
            folder = examples.copy(site, "examples/jets", "executors/runner/helpers")
            found = {}
            for name, executor in (("slurm", SLURM), ("local", {"type": "local"})):
                site.post("/v1/studies", examples.study(
                    folder, name=name, executor=executor, budget={"trials": TRIALS}))
                self.assertEqual(site.wait_for(name)["trials"]["completed"], TRIALS)
                found[name] = [(trial["params"], trial["value"]) for trial in site.trials(name)]
            self.assertEqual(found["slurm"], found["local"])
            scores = {score for _, score in found["slurm"]}
            self.assertEqual(len(scores), TRIALS, "the trials are different ones")
            self.assertGreater(max(scores), 0.8)
            jobs = {call["name"] for call in site.double.calls("sbatch")}
            self.assertEqual(len(jobs), TRIALS, "only one of the studies is the cluster's")


if __name__ == "__main__":
    unittest.main(verbosity=2)
