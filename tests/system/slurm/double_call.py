"""One call of a Slurm command through the double: which it is, its chances, what the real one says.

What is left to chance follows from the seed, the command and the number of its call: the same in
each run.
"""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(sys.argv[0]).parent
COMMAND, ARGV = pathlib.Path(sys.argv[0]).name, sys.argv[1:]
NAME = next((word.split("=")[1] for word in ARGV if word.startswith("--job-name=")), "")


def append(file, **values):
    line = json.dumps(dict(values, at=time.time())) + "\n"
    descriptor = os.open(HERE / file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.write(descriptor, line.encode())
    os.close(descriptor)


def lines(file):
    path = HERE / file
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def read_scenario():
    path = HERE / "scenario.json"
    return json.loads(path.read_text()) if path.exists() else {}


SCENARIO = read_scenario()
CALLS = [c for c in lines("calls.jsonl") if c["command"] == COMMAND] if SCENARIO else []


def drawn(*of):
    """The same chances in each run."""
    return random.Random(" ".join(map(str, (SCENARIO["seed"], COMMAND, *of))))


CHANCE = drawn(len(CALLS)) if SCENARIO else None


def real():
    """(output, error, exit code) of the real command."""
    path = ":".join(p for p in os.environ["PATH"].split(":") if p != str(HERE))
    done = subprocess.run([shutil.which(COMMAND, path=path), *ARGV], capture_output=True,
                          stdin=subprocess.DEVNULL)
    if COMMAND == "sbatch" and done.returncode == 0:
        append("jobs.jsonl", name=NAME, id=done.stdout.decode().strip())
    return done.stdout, done.stderr.decode(), done.returncode


def answer(output=b"", error="", code=0):
    sys.stdout.buffer.write(output)
    sys.stdout.flush()
    sys.stderr.write(error)
    sys.stderr.flush()
    return code


def answer_real():
    return answer(*real())


def later(work):
    """Does it in a process that outlives this command, which ends meanwhile."""
    if os.fork() != 0:
        return
    os.setsid()
    for descriptor in (0, 1, 2):
        os.dup2(os.open("/dev/null", os.O_RDWR), descriptor)
    work()
    os._exit(0)
