"""The double between hpod and Slurm's commands, from the test's side; see double_command.py."""
import collections
import json
import os
import pathlib
import shutil

PROGRAM = pathlib.Path(__file__).with_name("double_command.py")
COMMANDS = ("sbatch", "squeue", "scancel", "sacct")


class Double:
    """Its directory goes first into hpod's PATH. Without a scenario it only writes down."""

    def __init__(self, directory):
        self.directory = directory
        directory.mkdir()
        for command in COMMANDS:
            shutil.copy(PROGRAM, directory / command)
            (directory / command).chmod(0o755)

    def play(self, **rules):
        """play(sbatch=[fault("twice", chance=0.5)]) from the next call on; play() ends it."""
        new = self.directory / "scenario.new"
        new.write_text(json.dumps(rules))
        new.chmod(0o644)
        os.rename(new, self.directory / "scenario.json")

    def calls(self, command=None):
        """All calls of the command so far, in order."""
        return [call for call in self._lines("calls.jsonl")
                if command in (None, call["command"])]

    def faults(self):
        """How often each fault struck."""
        return collections.Counter(call["fault"] for call in self.calls() if call["fault"])

    def jobs(self):
        """What the real sbatch accepted: {"name", "id", "at"}."""
        return self._lines("jobs.jsonl")

    def _lines(self, name):
        path = self.directory / name
        text = path.read_text() if path.exists() else ""
        whole = text[:text.rfind("\n") + 1]
        return [json.loads(line) for line in whole.splitlines()]


def fault(name, chance=1.0, **more):
    """A rule; more: times, and what the fault itself takes (seconds, every)."""
    return dict(more, fault=name, chance=chance)
