"""What the tests on a Slurm cluster share with those of tests/system, and what they need."""
import functools
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import faults  # noqa: E402  (of tests/system)
import host  # noqa: E402
from daemon import wait_until  # noqa: E402, F401


def needs_cluster(accounting=False):
    """Decorates tests: without Slurm they are skipped, in CI they fail."""
    lacking = host.missing(accounting)
    return functools.partial(faults.needs, not lacking, lacking or "a Slurm cluster")
