"""What every executor must keep to, held by `slurm` on a real cluster: see tests/conformance."""
import os
import pathlib
import shutil
import unittest

from cluster import Cluster
from support import needs_cluster

PROGRAM = pathlib.Path(os.environ["HPO_BIN"]).parent / "tests" / "executors_conformance"


@needs_cluster()
class Conformance(unittest.TestCase):
    def test_every_promise_holds_on_a_real_cluster(self):
        with Cluster() as cluster:
            program = shutil.copy(PROGRAM, cluster.home)
            scratch = cluster.home / "tmp"
            scratch.mkdir()
            cluster.give(scratch)
            done = cluster.run([program], env=dict(cluster.env(), HPO_TEST_CLUSTER="1",
                                                   TMPDIR=str(scratch)))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("All tests passed", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
