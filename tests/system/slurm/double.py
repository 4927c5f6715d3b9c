"""The double between hpod and Slurm's commands, from the test's side; see double_command.py."""
import collections
import json
import os
import pathlib
import shutil

SEED = os.environ.get("HPO_DOUBLE_SEED", "1")  # of all that doubles do by chance
PROGRAM = pathlib.Path(__file__).with_name("double_command.py")
PARTS = ("double_call.py", "double_faults.py")
STEPS = ("kill_before", "kill_while", "kill_after", "kill_answered")  # of a submission
COMMANDS = ("sbatch", "squeue", "scancel", "sacct")


class Double:
    """Its directory goes first into hpod's PATH. Without a scenario it only writes down."""

    def __init__(self, directory):
        self.directory = directory
        directory.mkdir()
        for command in COMMANDS:
            shutil.copy(PROGRAM, directory / command)
            (directory / command).chmod(0o755)
        for part in PARTS:
            shutil.copy(PROGRAM.with_name(part), directory)

    def play(self, seed=SEED, **rules):
        """play(sbatch=[fault("twice", chance=0.5)]) from the next call on; play() ends it."""
        new = self.directory / "scenario.new"
        new.write_text(json.dumps(dict(rules, seed=seed)))
        new.chmod(0o644)
        os.rename(new, self.directory / "scenario.json")

    def calls(self, command=None):
        """All calls of the command so far, in order."""
        return [call for call in self._lines("calls.jsonl")
                if command in (None, call["command"])]

    def faults(self, command=None):
        """How often each fault, and each kill, struck."""
        return collections.Counter(call[kind] for call in self.calls(command)
                                   for kind in ("fault", "kill") if call[kind])

    def pairs(self, command):
        """The (fault, kill) that struck at the same call."""
        return {(call["fault"], call["kill"]) for call in self.calls(command)}

    def jobs(self):
        """What the real sbatch accepted: {"name", "id", "at"}."""
        return self._lines("jobs.jsonl")

    def _lines(self, name):
        path = self.directory / name
        text = path.read_text() if path.exists() else ""
        whole = text[:text.rfind("\n") + 1]
        return [json.loads(line) for line in whole.splitlines()]


def fault(name, chance=1.0, **more):
    """A rule; more: kill, call, times, and what the fault itself takes (seconds, every)."""
    return {"fault": name, "kill": "", "chance": chance, **more}


def kill(step, chance=1.0, **more):
    """A rule: hpod is killed at this step of a call that is faithful otherwise."""
    return fault("", chance, kill=step, **more)
