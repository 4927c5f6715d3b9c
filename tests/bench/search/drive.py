"""Carries out studies: one JSON line of what is wanted on stdin, one of what came out on stdout.

Runs in the environment of the method's peer. Trials in flight end by a simulated clock, whose
durations hang on problem, seed and number alone, so that they are the same for all methods.
"""
import heapq
import importlib
import json
import math
import random
import sys

import problems


def percentile(values, fraction):
    ordered = sorted(values)
    return ordered[max(0, math.ceil(fraction * len(ordered)) - 1)]  # nearest rank


def duration(name, seed, number):
    return random.Random(f"duration/{name}/{seed}/{number}").lognormvariate(0.0, 0.5)


class Study:
    """`curve` has a pair (finished trials, normalised regret) for each new incumbent: the trial
    that reported the smallest value so far, judged by its true mean."""

    def __init__(self, method, problem, wanted):
        self.method, self.problem, self.wanted = method, problem, wanted
        self.instance = problem.instance(wanted["seed"])
        self.running = []  # a heap of (end, number, params)
        self.now, self.asked, self.finished = 0.0, 0, 0
        self.ask_ms, self.curve, self.smallest = [], [], math.inf

    def carry_out(self):
        budget, in_flight = self.wanted["budget"], self.wanted["in_flight"]
        self.method.start(self.problem.space, self.wanted["seed"], budget, in_flight)
        while self.finished < budget:
            self._fill(min(in_flight - len(self.running), budget - self.asked))
            if not self.running:
                raise RuntimeError(f"no trial is left after {self.finished} of {budget}")
            self._finish(*heapq.heappop(self.running))
        return {**self.wanted, "version": self.method.version, "curve": self.curve,
                "p50_ms": round(percentile(self.ask_ms, 0.5), 4),
                "p99_ms": round(percentile(self.ask_ms, 0.99), 4)}

    def _fill(self, free):
        if free == 0:
            return
        trials, took_ms = self.method.ask(free)
        for number, params in trials:
            end = self.now + duration(self.problem.name, self.wanted["seed"], number)
            heapq.heappush(self.running, (end, number, params))
            self.ask_ms.append(took_ms / len(trials))
        self.asked += len(trials)

    def _finish(self, now, number, params):
        self.now = now
        value = self.instance.observed(params, number)
        self.method.tell(number, value)
        self.finished += 1
        if value < self.smallest:
            self.smallest = value
            regret = (self.instance.truth(params) - self.instance.best) / \
                (self.instance.median - self.instance.best)
            self.curve.append([self.finished, float(f"{regret:.4g}")])


def split_name(method):
    """"hpo:gp,pending=kriging_believer" -> ("hpo", "gp", {"pending": "kriging_believer"})."""
    peer, name = method.split(":", 1)
    name, *options = name.split(",")
    return peer, name, dict(_option(each) for each in options)


def _option(text):
    key, value = text.split("=", 1)
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def version_of(method, problem, wanted):
    """Of what carries out a study: where the method is `auto`, of the strategy it stands for."""
    method.start(problem.space, wanted["seed"], wanted["budget"], wanted["in_flight"])
    return method.version


def main(name, asks_version):
    answers, sys.stdout = sys.stdout, sys.stderr  # what a peer prints is no answer
    peer, method, options = split_name(name)
    method = importlib.import_module(f"{peer}_method").Method(method, options)
    for line in sys.stdin:
        wanted = json.loads(line)
        problem = problems.find(wanted["problem"])
        outcome = version_of(method, problem, wanted) if asks_version else \
            Study(method, problem, wanted).carry_out()
        print(json.dumps(outcome), flush=True, file=answers)
    method.close()


if __name__ == "__main__":
    main(sys.argv[1], asks_version="--version" in sys.argv[2:])
