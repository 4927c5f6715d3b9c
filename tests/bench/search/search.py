"""Carries out the studies that are missing, and reports; see run.sh."""
import argparse
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
METHODS = ["hpo:tpe", "hpo:sobol", "optuna:tpe", "optuna:cma_es", "optuna:random"]
MODES = {1: (100, (25, 50, 100)), 8: (128, (25, 50, 100)), 64: (256, (50, 100, 200))}


def arguments(words):
    parser = argparse.ArgumentParser(prog="run.sh", description="Search, side by side with peers.")
    parser.add_argument("--methods", nargs="+", default=METHODS, metavar="PEER:NAME[,OPTION=VALUE]")
    parser.add_argument("--against", nargs="+", metavar="METHOD",
                        help="what ours is compared with; default: every method that is not ours")
    parser.add_argument("--problems", nargs="+", default=["*"], metavar="PATTERN")
    parser.add_argument("--part", choices=("tuning", "reported"), help="default: both")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--in-flight", type=int, default=1, choices=MODES)
    parser.add_argument("--trials", type=int, help="budget of a study; default: that of the mode")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--report", action="store_true", help="report what is there, start nothing")
    wish = parser.parse_args(words)
    wish.methods += [method for method in wish.against or [] if method not in wish.methods]
    return wish


def chosen_problems(patterns, part):
    names = [name for name in problems.NAMES
             if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
             and part in (None, "tuning" if problems.is_tuning(name) else "reported")]
    if not names:
        sys.exit(f"no problem is called {' or '.join(patterns)}; there are:\n  " +
                 "\n  ".join(problems.NAMES))
    return names


def missing(method, version, names, seeds, in_flight, budget):
    """Seed by seed over all problems, so that a stop leaves each with about as many seeds."""
    there = studies.read(method, version)
    every = [studies.wanted(name, seed, in_flight, budget) for seed in seeds for name in names]
    return [each for each in every if studies.key_of(each) not in there]


def carry_out(method, wanted, jobs):
    python = environments.python_of(environments.environment_of(method))
    lock, start = threading.Lock(), time.monotonic()

    def work(part):
        program = subprocess.Popen(
            [str(python), str(HERE / "drive.py"), method], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, env=environments.variables())
        with program:
            for each in part:  # one at a time: neither pipe can fill up
                program.stdin.write(json.dumps(each) + "\n")
                program.stdin.flush()
                line = program.stdout.readline()
                if not line:
                    sys.exit(f"{method} gave up on {each}; its message is above")
                with lock:
                    studies.append(method, line)
            program.stdin.close()

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(work, [wanted[i::jobs] for i in range(jobs)]))
    print(f"{method}: {len(wanted)} studies in {time.monotonic() - start:.0f} s", file=sys.stderr)


def main(words):
    wish = arguments(words)
    names, seeds = chosen_problems(wish.problems, wish.part), range(wish.seeds)
    budget, checkpoints = MODES[wish.in_flight]
    budget = wish.trials or budget
    versions = {}
    for method in wish.methods:
        try:
            versions[method] = environments.version_of(method)
            todo = missing(method, versions[method], names, seeds, wish.in_flight, budget)
            if todo and not wish.report:
                environments.provide_tables(names)
                carry_out(method, todo, wish.jobs)
        except environments.Missing as why:
            print(f"skipped {method}: {why}", file=sys.stderr)
            versions.pop(method, None)
    every = {method: [line for line in studies.read(method, version).values()
                      if line["in_flight"] == wish.in_flight and line["budget"] == budget
                      and line["problem"] in names and line["seed"] in seeds]
             for method, version in versions.items()}
    peers = wish.against or [method for method in wish.methods if not method.startswith("hpo:")]
    print(report.text(every, [n for n in checkpoints if n <= budget], peers))


if __name__ == "__main__":
    os.nice(10)
    main(sys.argv[1:])
