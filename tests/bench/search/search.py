"""Carries out the studies that are missing, and reports; see run.sh."""
import argparse
import contextlib
import fnmatch
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import environments
import problems
import report
import studies

HERE = pathlib.Path(__file__).resolve().parent
METHODS = ["hpo:gp", "hpo:tpe", "hpo:cma_es", "hpo:sobol",
           "optuna:tpe", "optuna:cma_es", "optuna:random"]
MODES = {1: (100, (25, 50, 100)), 8: (128, (25, 50, 100)), 64: (256, (50, 100, 200))}


def arguments(words):
    parser = argparse.ArgumentParser(prog="run.sh", description="Search, side by side with peers.")
    parser.add_argument("--methods", nargs="+", default=METHODS, metavar="PEER:NAME[,OPTION=VALUE]")
    parser.add_argument("--against", nargs="+", metavar="METHOD",
                        help="what ours is compared with; default: every method that is not ours")
    parser.add_argument("--problems", nargs="+", default=["*"], metavar="PATTERN")
    parser.add_argument("--part", choices=("tuning", "reported"), help="default: both")
    parser.add_argument("--live", action="store_true", help="real trainings, done at that moment")
    parser.add_argument("--seeds", type=int, help="default: 20, of live ones 3")
    parser.add_argument("--in-flight", type=int, default=1, choices=MODES)
    parser.add_argument("--trials", type=int, help="budget of a study; default: that of the mode")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--report", action="store_true", help="report what is there, start nothing")
    wish = parser.parse_args(words)
    wish.seeds = wish.seeds or (3 if wish.live else 20)
    wish.methods += [method for method in wish.against or [] if method not in wish.methods]
    return wish


def chosen_problems(patterns, part, live):
    every = problems.LIVE if live else problems.NAMES
    names = [name for name in every
             if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
             and part in (None, "tuning" if problems.is_tuning(name) else "reported")]
    if not names:
        sys.exit(f"no problem is called {' or '.join(patterns)}; there are:\n  " +
                 "\n  ".join(every))
    return names


def missing(method, version, names, seeds, in_flight, budget):
    """Seed by seed over all problems, so that a stop leaves each with about as many seeds."""
    there = studies.read(method, version)
    every = [studies.wanted(name, seed, in_flight, budget) for seed in seeds for name in names]
    return [each for each in every if studies.key_of(each) not in there]


def carry_out(method, wanted, jobs):
    """REQUIRES: the tables are there. Ends the program where a method gives up."""
    python = environments.python_of(environments.environment_of(method))
    lock, start = threading.Lock(), time.monotonic()

    def keep(line):
        with lock:
            studies.append(method, line)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda i: _drive(python, method, wanted[i::jobs], keep), range(jobs)))
    print(f"{method}: {len(wanted)} studies in {time.monotonic() - start:.0f} s", file=sys.stderr)


def _drive(python, method, wanted, keep):
    """In one process; each study is asked for after the last one, so no pipe can fill up."""
    with subprocess.Popen([str(python), str(HERE / "drive.py"), method], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True,
                          env=environments.variables()) as program:
        for each in wanted:
            with contextlib.suppress(BrokenPipeError):  # told by the missing answer
                program.stdin.write(json.dumps(each) + "\n")
                program.stdin.flush()
            line = program.stdout.readline()
            if not line:
                sys.exit(f"{method} gave up on {each}; its message is above")
            keep(line)
        program.stdin.close()


def lines_of(method, version, names, seeds, in_flight, budget):
    return [line for line in studies.read(method, version).values()
            if (line["in_flight"], line["budget"]) == (in_flight, budget)
            and line["problem"] in names and line["seed"] in seeds]


def chosen_by_auto(names, in_flight, budget):
    """method -> problems for which `auto` stands for it: its studies are those of that method."""
    environments.version_of("hpo:auto")  # or says what is missing
    environments.provide(names)
    wanted = "".join(json.dumps(studies.wanted(name, 0, in_flight, budget)) + "\n"
                     for name in names)
    words = [environments.python_of("hpo"), HERE / "drive.py", "hpo:auto", "--version"]
    told = subprocess.run(words, input=wanted, stdout=subprocess.PIPE, text=True, check=True,
                          env=environments.variables()).stdout
    found = {}
    for name, version in zip(names, map(json.loads, told.splitlines())):
        found.setdefault("hpo:" + version.split()[0], []).append(name)
    return found


def studies_of(method, names, wish, budget):
    """Those that are there; unless only a report is wished, after the missing ones."""
    if method == "hpo:auto":
        return [line for each, its in chosen_by_auto(names, wish.in_flight, budget).items()
                for line in studies_of(each, its, wish, budget)]
    version, seeds = environments.version_of(method), range(wish.seeds)
    todo = missing(method, version, names, seeds, wish.in_flight, budget)
    if todo and not wish.report:
        environments.provide(names)
        carry_out(method, todo, wish.jobs)
    return lines_of(method, version, names, seeds, wish.in_flight, budget)


def main(words):
    wish = arguments(words)
    names = chosen_problems(wish.problems, wish.part, wish.live)
    budget, checkpoints = MODES[wish.in_flight]
    budget = wish.trials or budget
    every = {}
    for method in wish.methods:
        try:
            every[method] = studies_of(method, names, wish, budget)
        except environments.Missing as why:
            print(f"skipped {method}: {why}", file=sys.stderr)
    peers = wish.against or [method for method in wish.methods if not method.startswith("hpo:")]
    print(report.text(every, [n for n in checkpoints if n <= budget] or [budget], peers))


if __name__ == "__main__":
    os.nice(10)
    main(sys.argv[1:])
