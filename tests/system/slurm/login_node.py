"""hpod as a user of a cluster has it: on a login node, with Slurm's commands, never as root.

    with Cluster() as cluster, Site(cluster) as site:
        site.post("/v1/studies", slurm_study("s", command))

Its waits are short (TIMES); those of production are far longer than a test.
"""
import contextlib
import os
import pathlib
import shutil
import tempfile

import support  # noqa: F401  (the way to tests/system)
from daemon import BIN, REPORT, UNTIL_TOLD, Daemon, shell, study, wait_until
from double import Double

TIMES = {"poll_interval": "2s", "absent_after": "20s", "result_grace": "2s", "lost_after": "8s"}
POLL_S = 2
# Where the scheduler is to say why a job was told to end: hpod asks it for so long. With 2 s, an
# squeue that takes 0.3 s on a busy machine is too late, as a listing is worth ten times its time.
PATIENT = {"result_grace": "6s"}
# How long a doubt lasts: a submission may arrive as late as the cluster lets it, and a finished job
# is shown as long. In `tests/run.sh long` as in production.
ABSENT_AFTER_S, DOUBTFUL = 20, {}
if os.environ.get("HPO_TEST_LONG"):
    ABSENT_AFTER_S, DOUBTFUL = 330, {"credential_s": 300, "conf": {"MinJobAge": 300}}
DOUBTS = {"absent_after": f"{ABSENT_AFTER_S}s"}

# Writes down that it has begun, in one write, then waits and reports its x as its loss.
BEGUN = """
printf '%s %s %s\\n' "$HPO_TRIAL" "$HPO_ATTEMPT" "$SLURM_JOB_ID" >> "$1"
"""
ALL_STATES = "squeue -h -r -t {states} -o %i|%j|%T|%u"


def slurm_study(name, command, trials=10, parallel=4, executor=None, **more):
    """A study of real jobs, ready for POST."""
    own = {"type": "slurm", "time": "10m", "memory": "100M", "submit_rate": 50, "max_queued": 1000}
    return study(name, command, trials, parallel, executor=dict(own, **(executor or {})), **more)


def copy_programs(directory):
    for program in ("hpo", "hpod"):
        shutil.copy(BIN / program, directory)


@contextlib.contextmanager
def effective_user(user):
    """What connects meanwhile is the user's: hpod talks to nobody else."""
    if os.geteuid() == user.pw_uid:
        yield
        return
    os.seteuid(user.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


class Site(Daemon):
    """The daemon of one test on a cluster, and the double between it and Slurm's commands."""

    def __init__(self, cluster, environment=None, times=None, listen=None):
        self.cluster = cluster
        self.identity = cluster.identity()
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="site-", dir=cluster.home))
        self.programs = self.home / "bin"
        self.programs.mkdir()
        copy_programs(self.programs)
        self.double = Double(self.home / "double")
        own = cluster.env()
        own["PATH"] = f"{self.double.directory}:{own['PATH']}"
        super().__init__(state_dir=self.home / "state", environment=own | (environment or {}),
                         config={"slurm": dict(TIMES, **(times or {}))} |
                         ({"listen": listen} if listen else {}))
        self.config.chmod(0o644)
        cluster.give(self.home)

    def close(self, *arguments):
        super().close(*arguments)
        self.cluster.run(["scancel", "--user", self.cluster.user.pw_name])

    def revive(self):
        """Whether hpod was dead; it is not any more."""
        is_dead = self.process.stderr.closed or self.process.poll() is not None
        if is_dead:
            self.start(wait=False)
        return is_dead

    def request(self, *arguments, **options):
        with effective_user(self.cluster.user):
            return super().request(*arguments, **options)

    def trial_directory(self, name, number, attempt=1):
        return self.state / "studies" / name / "trials" / str(number) / str(attempt)

    def scratch(self, name):
        """A path where jobs may write."""
        return self.home / name

    def installation(self):
        """What the names of all its jobs begin with; "" before the first submission."""
        names = [call["name"] for call in self.double.calls("sbatch")]
        return names[0][:7] if names else ""

    def jobs(self, states="PD,R,S,CG,CF"):
        """Its jobs in those states, as (id, name, state, user)."""
        done = self.cluster.run(ALL_STATES.format(states=states).split())
        assert done.returncode == 0, done.stderr
        rows = [tuple(line.split("|")) for line in done.stdout.splitlines()]
        return [row for row in rows if self.installation() and
                row[1].startswith(self.installation())]

    def wait_for_no_jobs(self, limit_s=60):
        wait_until(lambda: not self.jobs(), limit_s, "the end of all jobs")

    def duplicates(self):
        """How many surplus jobs found the attempt claimed and left."""
        return len(list(self.state.glob("studies/*/trials/*/*/duplicate.*")))

    def log_text(self):
        return (self.state / "hpod.log").read_text()


def begun(log):
    """(trial, attempt) of every training that has begun, in order; repetitions stay."""
    lines = log.read_text().splitlines() if log.exists() else []
    return sorted(tuple(map(int, line.split()[:2])) for line in lines)


def recorded_training(log, seconds):
    """The command of a training that is written down in `log` when it begins.

    Slurm tells sleep to end as well, which must not pass for its time being over: the shell ends
    with what sleep ended with, as scripts do."""
    return shell(BEGUN + 'sleep "$2" || exit' + REPORT, log, seconds)


def told_training(log, told):
    """The same of one that ends well when the file `told` is there."""
    return shell(BEGUN + "shift\n" + UNTIL_TOLD, log, told)
