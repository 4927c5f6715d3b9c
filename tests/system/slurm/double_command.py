#!/usr/bin/python3 -I
"""Before a Slurm command in hpod's PATH, under its name: passes on, writes down, lies, kills.

scenario.json beside it: {"seed": …, "sbatch": [{"fault": "twice", "kill": "", "chance": 0.3}, …],
…}. A rule strikes once in 1/chance calls of its command, or at the call with the number "call", and
"times" times at most; at which calls, the seed draws. Each call is a line of calls.jsonl:
{"command", "argv", "name", "fault", "kill", "at"}; each job that the real sbatch gave, one of
jobs.jsonl.
"""
import os
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from double_call import (ARGV, CALLS, CHANCE, COMMAND, NAME, SCENARIO,  # noqa: E402
                         answer_real, append, drawn, later)
from double_faults import FAULTS  # noqa: E402


# --- kills of the daemon; `act` is what the command does of itself

def kill_daemon(pid=os.getppid()):
    if pathlib.Path(f"/proc/{pid}/comm").read_text() == "hpod\n":
        os.kill(pid, signal.SIGKILL)


def kill_before(_):
    kill_daemon()
    return 1


def kill_while(act):
    later(act)  # harsher than life: there, the command dies with the daemon
    time.sleep(CHANCE.uniform(0, 0.02))
    kill_daemon()
    return 1


def kill_after(act):
    for descriptor in (1, 2):
        os.dup2(os.open("/dev/null", os.O_RDWR), descriptor)
    act()
    kill_daemon()
    return 1


def kill_answered(act):
    daemon = os.getppid()
    code = act()

    def work():
        time.sleep(CHANCE.uniform(0, 0.03))
        kill_daemon(daemon)
    later(work)
    return code


KILLS = {f.__name__: f for f in (kill_before, kill_while, kill_after, kill_answered)}


def strikes(rule):
    """Whether this call is among the rule's."""
    fired = sum((call["fault"], call["kill"]) == (rule["fault"], rule["kill"]) for call in CALLS)
    if fired >= rule.get("times", fired + 1):
        return False
    if "call" in rule:
        return rule["call"] == len(CALLS) + 1
    period = round(1 / rule["chance"])
    block, place = divmod(len(CALLS), period)
    return place == drawn(rule["fault"], rule["kill"], block).randrange(period)


def chosen_rule():
    """Of those that strike, the one that did so least: each has its turn."""
    struck = [rule for rule in SCENARIO.get(COMMAND, []) if strikes(rule)]
    done = [call["fault"] + call["kill"] for call in CALLS]
    return min(struck, key=lambda rule: done.count(rule["fault"] + rule["kill"]),
               default={"fault": "", "kill": ""})


def main():
    rule = chosen_rule()
    append("calls.jsonl", command=COMMAND, argv=ARGV, name=NAME, fault=rule["fault"],
           kill=rule["kill"])

    def act():
        return FAULTS[rule["fault"]](rule) if rule["fault"] else answer_real()
    sys.exit(KILLS[rule["kill"]](act) if rule["kill"] else act())


main()
