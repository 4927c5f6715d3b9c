"""Our strategies among recorded trainings: a trial is the one nearest to what was proposed.

    python3 proposers.py [STRATEGY…]      with asha, beside random trials with and without it

Nearest of those not taken yet, in the unit cube, choices and flags one apart; the strategy is told
its params, and what it reports. The yardstick takes the same detour: trainings in the middle of the
cube are near to many proposals, and random ones by it find the score sooner than shuffled ones.
"""
import functools
import json
import math
import os
import subprocess
import sys

import curves
from draw import draw

PROGRAM = os.environ.get("HPO_ASK_TELL", curves.HERE.parent.parent.parent / "build/tests/ask_tell")
SPACE = json.loads((curves.HERE / "../../../examples/jets/study.json").read_text())["space"]
STRATEGIES = ("random", "bohb", "tpe", "gp", "mobster")


def place(text, value):
    """The coordinates of one parameter's value."""
    for kind in ("choice", "bool"):
        if kind in text:
            options = text[kind] if kind == "choice" else [False, True]
            return [math.sqrt(0.5) * (value == each) for each in options]
    if "ordinal" in text:
        return [text["ordinal"].index(value) / (len(text["ordinal"]) - 1)]
    low, high = text.get("float") or text["int"]
    if text.get("log"):
        low, high, value = math.log(low), math.log(high), math.log(value)
    return [(value - low) / (high - low)]


def places(params):
    return [each for name, text in SPACE.items() for each in place(text, params[name])]


class Proposed:
    """The order of a study's trials; see curves.Shuffled."""

    def __init__(self, strategy, trainings, seed, slots):
        self.program = subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self._ask(study={
            "name": "curves", "space": SPACE, "seed": seed, "objective": {"minimize": "loss"},
            "command": ["true"], "workdir": "/", "parallel": slots, "fidelity": curves.FIDELITY,
            "pruner": "asha", "budget": {"trials": len(trainings)}, "strategy": strategy})
        self.trainings, self.params = trainings, [draw(SPACE, n) for n in range(len(trainings))]
        self.left = {n: places(params) for n, params in enumerate(self.params)}

    def next(self):
        if not self.left:
            return None
        trial = self._ask(ask=1)["trials"][0]
        wanted = places(trial["params"])
        nearest = min(self.left, key=lambda n: math.dist(self.left[n], wanted))
        del self.left[nearest]
        self._ask(instead={"number": trial["number"], "params": self.params[nearest]})
        return self.trainings[nearest]

    def report(self, trial, step, value):
        self._ask(report={"number": trial, "step": step, "value": 1 - value})

    def end(self, trial, value=None):
        ended = {"state": "pruned"} if value is None else {"value": 1 - value}
        self._ask(tell={"number": trial, **ended})

    def close(self):
        self.program.stdin.close()
        self.program.stdout.close()
        self.program.wait()

    def _ask(self, **request):
        self.program.stdin.write(json.dumps(request) + "\n")
        self.program.stdin.flush()
        answer = json.loads(self.program.stdout.readline() or '{"error": "ask_tell has ended"}')
        if "error" in answer:
            raise RuntimeError(f"{answer['error']} {answer.get('remedy', '')}")
        return answer


def times_to(score, program, strategy, pruner, trainings, *, slots=curves.SLOTS):
    """The seconds of each seed's study."""
    times = []
    for seed in range(curves.SEEDS):
        order = Proposed(strategy, trainings, seed, slots)
        times.append(curves.Study(program, curves.named(pruner), order, seed,
                                  slots).time_to(score))
        order.close()
    return times


def rows(strategies, program, score):
    """As curves.rows, by name of what judges and what proposes; the first one is the yardstick."""
    pairs = [("none", "random"), *(("asha", name) for name in strategies)]
    return {f"{pruner}, {name}": functools.partial(times_to, score, program, name, pruner)
            for pruner, name in pairs}


def main(strategies):
    trainings, program = curves.recorded(), curves.Pruner()
    proposed = rows(strategies, program, curves.wanted_score(trainings))
    curves.table(proposed, proposed["none, random"], trainings)
    program.close()


if __name__ == "__main__":
    main(sys.argv[1:] or STRATEGIES)
