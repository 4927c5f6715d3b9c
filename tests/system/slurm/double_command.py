#!/usr/bin/python3 -I
"""Stands before a Slurm command in hpod's PATH, under its name: passes on, writes down, lies.

scenario.json beside it: {"sbatch": [{"fault": "twice", "chance": 0.3, "times": 5}, …], …}. The
first rule whose chance comes up, and whose times are not used up, decides this call. Each call is a
line of calls.jsonl: {"command", "argv", "name", "fault", "at"}; each job that the real sbatch gave,
one of jobs.jsonl.
"""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time
import zlib

HERE = pathlib.Path(sys.argv[0]).parent
COMMAND, ARGV = pathlib.Path(sys.argv[0]).name, sys.argv[1:]
NAME = next((word.split("=")[1] for word in ARGV if word.startswith("--job-name=")), "")
PRETENDED = 1_000_000  # ids from here on: of jobs that no Slurm knows
LISTING = HERE / "listing"  # of an earlier moment
TIMED_OUT = ("sbatch: error: Batch job submission failed: "
             "Socket timed out on send/recv operation\n")
NO_CONTACT = "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n"


def append(file, **values):
    line = json.dumps(dict(values, at=time.time())) + "\n"
    descriptor = os.open(HERE / file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.write(descriptor, line.encode())
    os.close(descriptor)


def lines(file):
    path = HERE / file
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


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


def kill_daemon(pid=os.getppid()):
    if pathlib.Path(f"/proc/{pid}/comm").read_text() == "hpod\n":
        os.kill(pid, signal.SIGKILL)


# --- submissions

def accepted_unsaid(_):
    real()
    return answer(error=TIMED_OUT, code=1)


def refused_unsaid(_):
    return answer(error=TIMED_OUT, code=1)


def accepted_late(rule):
    def work():
        time.sleep(rule["seconds"])
        real()
    later(work)
    return answer(error=TIMED_OUT, code=1)


def accepted_when_told(rule):
    """Once the file `told` is there, or never."""
    def work():
        while HERE.exists():
            if os.path.exists(rule["told"]):
                return real()
            time.sleep(0.02)
    later(work)
    return answer(error=TIMED_OUT, code=1)


def twice(_):
    real()
    return answer_real()


def twice_unsaid(_):
    real()
    return accepted_unsaid(_)


def garbage(_):
    real()
    return answer(b"\xff\x00|no listing, no id\xfe")


def silence(_):
    real()
    return answer()


def id_of_another(_):
    real()
    known = [job["id"] for job in lines("jobs.jsonl")]
    return answer(f"{random.choice(known)}\n".encode())


def kill_before(_):
    kill_daemon()
    return 1


def kill_while(_):
    later(real)  # harsher than life: there, the command dies with the daemon
    time.sleep(random.uniform(0, 0.02))
    kill_daemon()
    return 1


def kill_after(_):
    real()
    kill_daemon()
    return 1


def kill_answered(_):
    daemon = os.getppid()
    code = answer_real()

    def work():
        time.sleep(random.uniform(0, 0.03))
        kill_daemon(daemon)
    later(work)
    return code


# --- listings

def no_contact(_):
    return answer(error=NO_CONTACT, code=1)


def cut(_):
    output, error, code = real()
    return answer(output[:random.randint(0, len(output))], error, code)


def partial(_):
    output, error, code = real()
    rows = output.splitlines(keepends=True)
    return answer(b"".join(row for row in rows if random.random() < 0.7), error, code)


def forgetful(rule):
    """Some jobs are never shown: the same ones in each listing."""
    output, error, code = real()
    hidden = rule.get("every", 3)
    rows = [row for row in output.splitlines(keepends=True)
            if zlib.crc32(row.split(b"|")[-2]) % hidden]
    return answer(b"".join(rows), error, code)


def empty(_):
    return answer()


def lagging(rule):
    """What was told `seconds` ago."""
    if LISTING.exists() and time.time() - LISTING.stat().st_mtime < rule["seconds"]:
        return answer(LISTING.read_bytes())
    output, error, code = real()
    LISTING.write_bytes(output)
    return answer(output, error, code)


def hang(rule):
    time.sleep(rule["seconds"])
    return answer_real()


def does_nothing(_):
    return answer()


# --- jobs that are nowhere but in these two answers

def pretend(_):
    number = f"{PRETENDED + len(lines('jobs.jsonl'))}"
    append("jobs.jsonl", name=NAME, id=number)
    return answer(f"{number}\n".encode())


def pretend_all(rule):
    """All of them are in one state; `foreign` others of the same user stand before them."""
    now = int(time.time())
    jobs = [(n, "analysis") for n in range(rule.get("foreign", 0))]
    jobs += [(job["id"], job["name"]) for job in lines("jobs.jsonl")]
    rows = [f"{number}|{rule['state']}|{now}|N/A|N/A||{name}|Priority|{name}|.\n"
            for number, name in jobs]
    return answer("".join(rows).encode())


FAULTS = {f.__name__: f for f in (
    accepted_unsaid, refused_unsaid, accepted_late, accepted_when_told, twice, twice_unsaid,
    garbage, silence, id_of_another, kill_before, kill_while, kill_after, kill_answered, no_contact,
    cut, partial, forgetful, empty, lagging, hang, does_nothing, pretend, pretend_all)}


def chosen_rule():
    scenario = HERE / "scenario.json"
    rules = json.loads(scenario.read_text()).get(COMMAND, []) if scenario.exists() else []
    for rule in rules:
        if "times" in rule:
            fired = sum(call["fault"] == rule["fault"] for call in lines("calls.jsonl"))
            if fired >= rule["times"]:
                continue
        if random.random() < rule.get("chance", 1):
            return rule
    return None


def main():
    rule = chosen_rule()
    append("calls.jsonl", command=COMMAND, argv=ARGV, name=NAME,
           fault=rule["fault"] if rule else "")
    sys.exit(FAULTS[rule["fault"]](rule) if rule else answer_real())


main()
