"""A study on the throwaway cluster of tests/system/slurm, as the figures about Slurm need it.

hpod asks Slurm at its usual interval, or at one that is told; without Slurm such a figure is
skipped, and says why.
"""
import contextlib
import os
import sys
import tempfile

from harness import ROOT

sys.path.insert(0, str(ROOT / "tests" / "system" / "slurm"))

from cluster import Cluster, ClusterError  # noqa: E402  (of tests/system/slurm)
from login_node import Site, recorded_training, slurm_study  # noqa: E402

INTERVAL_S = 30
NAME = "figure"
PATH = f"/v1/studies/{NAME}"


def at_interval(interval_s):
    """Decorates a figure: measure(cluster, site) with both new, on the disk that is told."""
    def decorate(measure):
        def figure():
            tempfile.tempdir = os.environ.get("HPO_BENCH_DIR", "/var/tmp")
            with contextlib.ExitStack() as stack:
                try:
                    cluster = stack.enter_context(Cluster())
                except ClusterError as error:
                    return print(f"skipped {measure.__name__}: {error}", flush=True)
                times = {"poll_interval": f"{interval_s}s"}
                measure(cluster, stack.enter_context(Site(cluster, times=times)))
        return figure
    return decorate


on_cluster = at_interval(INTERVAL_S)


def submit(site, training_s, executor=None, **more):
    command = recorded_training(site.scratch("begun"), training_s)
    site.post("/v1/studies", slurm_study(NAME, command, executor=executor, **more))
