"""Trials on two nodes: examples/mpi, plain srun, GPUs; ends reach all ranks, with the grace."""
import json
import pathlib
import re
import textwrap
import unittest

import examples
from cluster import Cluster
from login_node import Site, slurm_study
from support import needs_cluster, wait_until

import faults  # noqa: E402  (of tests/system, by support)
from daemon import REPORT, is_alive  # noqa: E402

TRIALS = 4
FOR_EVER = "--steps=1000000000"
LACKS = examples.lacks("numpy", "mpi4py.MPI")
# Slurm loads it by the unversioned name, which the -dev package has.
HAS_PMIX = any(pathlib.Path("/usr/lib").glob("*/pmix2/lib/libpmix.so"))


# Saves its work when told to end, for longer than a job has after scancel: KillWait, here 2 s, and
# the seconds that Slurm takes to look at it.
RANK = """
import os, pathlib, signal, sys, time
def note(what, text=""):
    pathlib.Path(f"{what}.{os.environ['SLURM_PROCID']}").open("a").write(text)
def end(*_):
    note("told", "told\\n")
    if sys.argv[1:] == ["deaf"]:
        return
    time.sleep(8)
    note("saved")
    sys.exit()
signal.signal(signal.SIGTERM, end)
note("pid", f"{os.getpid()}\\n")
while True:
    signal.pause()
"""


def needs_mpi(test):
    what = LACKS or "libpmix-dev"
    return faults.needs(not LACKS and HAS_PMIX, f"{what} (tests/deps.sh --tests)", test)


def ranks(directory):
    """{pid: node} of the processes that train in the directory."""
    found = {}
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            if words[1:2] != [b"train.py"] or (process / "cwd").resolve() != directory:
                continue
            variables = dict(entry.split(b"=", 1) for entry in
                             (process / "environ").read_bytes().split(b"\0") if b"=" in entry)
            found[int(process.name)] = variables[b"SLURMD_NODENAME"].decode()
        except OSError:
            continue  # it has just gone
    return found


@needs_mpi
@needs_cluster()
class Mpi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = cls.enterClassContext(Site(cls.enterClassContext(Cluster(nodes=2))))
        cls.folder = examples.copy(cls.site, "examples/mpi")

    def submit(self, name, *arguments, trials, **limits):
        study = examples.study(self.folder, name=name, budget={"trials": trials})
        study["command"] += arguments
        study["executor"].update(limits)
        self.site.post("/v1/studies", study)

    def test_both_ranks_train_each_trial_and_their_sums_are_those_of_one(self):
        self.submit("all", trials=TRIALS)
        self.assertEqual(self.site.wait_for("all")["state"], "finished")
        trials = self.site.trials("all")
        self.assertEqual([trial["metrics"]["ranks"] for trial in trials], [2] * TRIALS, trials)
        defaults = self.site.cluster.run(["python3", "train.py"], cwd=self.folder)
        self.assertAlmostEqual(json.loads(defaults.stdout)["rms"], trials[0]["value"], places=9)

    def test_a_cancel_reaches_both_ranks(self):
        processes = self.running_for_ever("cancelled")
        self.site.wait_for_trial("cancelled", 0, ["running"])
        self.site.post("/v1/studies/cancelled/trials/0:cancel")
        self.site.wait_for_trial("cancelled", 0, ["cancelled"])
        self.assert_all_gone(processes)

    def test_the_end_of_the_wall_time_reaches_both_ranks(self):
        processes = self.running_for_ever("late", time="1m", grace="50s")
        trial = self.site.wait_for_trial("late", 0, ["failed"])
        self.assertEqual(trial["failure"], "timeout")
        self.assert_all_gone(processes)

    def running_for_ever(self, name, **limits):
        def both():
            found = ranks(self.folder)
            return found if len(found) == 2 else None
        self.submit(name, FOR_EVER, trials=1, **limits)
        processes = wait_until(both, what="two ranks")
        self.assertEqual(sorted(processes.values()), ["n1", "n2"])
        return processes

    def assert_all_gone(self, processes):
        self.site.wait_for_no_jobs()
        self.assertEqual([pid for pid in processes if is_alive(pid)], [])


@needs_cluster()
class Ranks(unittest.TestCase):
    """Of srun, which would kill them if it were told to end itself."""

    @classmethod
    def setUpClass(cls):
        cls.site = cls.enterClassContext(Site(cls.enterClassContext(Cluster(nodes=2))))

    def start(self, name, *words, **limits):
        """Returns the pids of both ranks."""
        self.name, self.folder = name, self.site.scratch(name)
        self.folder.mkdir()
        (self.folder / "rank.py").write_text(RANK)
        self.site.cluster.give(self.folder)
        self.site.post("/v1/studies", slurm_study(
            name, ["srun", "python3", "rank.py", *words], trials=1, workdir=str(self.folder),
            executor=dict({"nodes": 2, "tasks_per_node": 1}, **limits)))
        wait_until(lambda: self.read("pid").count("\n") == 2, what="two ranks")
        return [int(pid) for pid in self.read("pid").split()]

    def read(self, what):
        return "".join(path.read_text() for path in sorted(self.folder.glob(what + ".?")))

    def message_of_cancel(self):
        """How its attempt ended; the trial itself is cancelled at once."""
        self.site.wait_for_trial(self.name, 0, ["running"])
        self.site.post(f"/v1/studies/{self.name}/trials/0:cancel")
        def attempt():
            last = self.site.wait_for_trial(self.name, 0, ["cancelled"])["history"][-1]
            return last if last["state"] != "running" else None
        ended = wait_until(attempt, what="the end of its attempt")
        self.assertEqual(ended["state"], "cancelled", ended)
        return ended["message"]

    def assert_all_gone(self, pids):
        self.site.wait_for_no_jobs()
        self.assertEqual([pid for pid in pids if is_alive(pid)], [])

    def assert_all_saved(self, pids):
        self.assert_all_gone(pids)
        self.assertEqual(self.read("told"), "told\n" * 2, "each has heard SIGTERM once")
        self.assertEqual(len(list(self.folder.glob("saved.?"))), 2)

    def test_a_cancel_lets_each_rank_save_its_work(self):
        pids = self.start("cancelled")
        self.assertEqual(self.message_of_cancel(), "cancelled while it ran")
        self.assert_all_saved(pids)

    def test_the_end_of_the_wall_time_lets_each_rank_save_its_work(self):
        pids = self.start("late", time="1m", grace="45s")
        trial = self.site.wait_for_trial("late", 0, ["failed"])
        self.assertEqual(trial["failure"], "timeout", trial)
        self.assertNotIn("was killed", trial["message"])
        self.assert_all_saved(pids)

    def test_ranks_that_do_not_end_are_killed_after_the_grace(self):
        pids = self.start("deaf", "deaf", grace="2s")
        self.assertIn("within the grace of 2 s", self.message_of_cancel())
        self.assert_all_gone(pids)  # Slurm tells them once more when the runner has ended
        self.assertIn("told\n", self.read("told"))


# Four of them are there at the same time: each waits for what the others write. Rank 0 reports.
GPUS_SEEN = """
number=$([ "$0" = rank ] && echo "$SLURM_PROCID" || echo "$HPO_TRIAL")
echo "$SLURMD_NODENAME $SLURM_LOCALID $CUDA_VISIBLE_DEVICES $SLURM_JOB_GPUS" > "new.$number"
mv "new.$number" "seen.$number"
while [ "$(ls seen.? | wc -l)" -lt 4 ]; do sleep 0.05; done
[ "$SLURM_PROCID" = 0 ] || exit 0
""" + REPORT


# As a store of torch.distributed does it: rank 0 listens, the others come to it, and it reports how
# many there were. Runs behind the lines of examples/mpi/ddp.md.
MEETS = """
import socket, time
size, rank = int(os.environ["WORLD_SIZE"]), int(os.environ["RANK"])
place = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
if rank == 0:
    with socket.create_server(place) as server:
        ranks = sorted(int(server.accept()[0].recv(9)) for _ in range(size - 1))
    assert ranks == list(range(1, size)), ranks
    open(os.environ["HPO_RESULT_FILE"], "w").write('{"loss": %d}' % size)
else:
    for _ in range(600):
        try:
            socket.create_connection(place).sendall(str(rank).encode())
            break
        except OSError:
            time.sleep(0.05)
"""


@needs_cluster()
class Meeting(unittest.TestCase):
    def test_ranks_meet_at_the_address_that_the_documented_setup_gives_them(self):
        text = (examples.EXAMPLES / "mpi" / "ddp.md").read_text()
        setup = json.loads("{" + re.search(r'^ +("environment": .*)$', text, re.M)[1] + "}")
        names = textwrap.dedent(re.search(r"^    for name, slurm.*?\n\n", text, re.M | re.S)[0])
        site = self.enterContext(Site(self.enterContext(Cluster(nodes=2))))
        site.post("/v1/studies", slurm_study(
            "ddp", ["srun", "/usr/bin/python3", "-c", "import os\n" + names + MEETS], trials=1,
            executor={"nodes": 2, "tasks_per_node": 2}, **setup))
        self.assertEqual(site.only_trial("ddp")["value"], 4)


@needs_cluster()
class Gpus(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = cls.enterClassContext(Site(cls.enterClassContext(Cluster(nodes=2, gpus=2))))

    def end(self, name, command, trials, **executor):
        """What each process of the study wrote of itself, in order."""
        folder = self.site.scratch(name)
        folder.mkdir()
        self.site.cluster.give(folder)
        self.site.post("/v1/studies", slurm_study(
            name, command, trials=trials, workdir=str(folder), executor=executor))
        self.assertEqual(self.site.wait_for(name)["trials"]["completed"], trials)
        return [path.read_text().split() for path in sorted(folder.glob("seen.?"))]

    def test_ranks_on_two_nodes_have_the_gpus_of_their_nodes(self):
        seen = self.end("ranks", ["srun", "sh", "-c", GPUS_SEEN, "rank"], trials=1,
                        nodes=2, tasks_per_node=2, gpus=2)
        self.assertEqual(seen, [[node, local, "0,1", "0,1"]
                                for node in ("n1", "n2") for local in ("0", "1")])

    def test_trials_that_run_at_once_have_gpus_of_their_own(self):
        seen = self.end("trials", ["sh", "-c", GPUS_SEEN, "trial"], trials=4, gpus=1)
        self.assertEqual(sorted((node, gpu) for node, _, _, gpu in seen),
                         [(node, gpu) for node in ("n1", "n2") for gpu in ("0", "1")])


if __name__ == "__main__":
    unittest.main(verbosity=2)
