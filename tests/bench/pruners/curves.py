"""Studies on recorded learning curves in simulated time: slots, a pruner, when a score is reached.

    python3 curves.py [PRUNER…]      a table of pruners, beside trainings to their end
    python3 curves.py asha "asha eta=2" "percentile percentile=10"

A trial's training is the curve that the seed's shuffle gives to its number; an epoch takes the time
that was recorded. A paused trial that is taken up reads its data again. The score is the best AUC
after the last epoch; what is stopped has none. Nothing else takes time.
"""
import bisect
import functools
import heapq
import json
import math
import os
import pathlib
import random
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = os.environ.get("HPO_PRUNER_TELL", HERE.parent.parent.parent / "build/tests/pruner_tell")
SLOTS, FEW_SLOTS, SEEDS, FULL_TRIALS = 16, 4, 100, 64
FIDELITY = {"name": "epochs", "min": 5, "max": 20, "eta": 3, "checkpoint": True}
# Chosen once, not by what they gave; none judges before epoch 5, where asha's first rung is.
TRIED = ("asha", "asha eta=2", "asha eta=4", "asha eta=8", "asha eta=16", "asha type=promotion",
         "hyperband", "median warmup_steps=5", "percentile warmup_steps=5",
         "percentile percentile=10 warmup_steps=5", "half of all at each epoch", "clairvoyant")


def recorded(name="jets"):
    """[(AUC by epoch, seconds by epoch)] of all trainings."""
    kept = json.loads((HERE / (name + ".json")).read_text())
    return [([auc / kept["scale"] for auc in each["auc"]], [ms / 1000 for ms in each["ms"]])
            for each in kept["trainings"]]


class Pruner:
    """The pruner of a study; the program stays from study to study."""

    def __init__(self):
        self.program = subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def ask(self, **request):
        self.program.stdin.write(json.dumps(request) + "\n")
        self.program.stdin.flush()
        answer = json.loads(self.program.stdout.readline() or '{"error": "pruner_tell has ended"}')
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def start(self, options, seed, _):
        self.ask(study={"name": "curves", "space": {"x": {"float": [0, 1]}}, "seed": seed,
                        "objective": {"maximize": "auc"}, "command": ["true"], "workdir": "/",
                        **options})

    def close(self):
        self.program.stdin.close()
        self.program.stdout.close()
        self.program.wait()


class Clairvoyant:
    """No pruner can do better from the first rung on: it knows which training will not have the
    score, and ends it there."""

    def __init__(self, score):
        self.score, self.curves = score, None

    def start(self, _, __, curves):
        self.curves = curves

    def ask(self, report=None, **_):
        if report is None:
            return {}
        is_lost = self.curves[report["trial"]][0][-1] < self.score
        return {"verdict": "stop" if is_lost and report["step"] >= FIDELITY["min"] else "go_on"}


class EachEpoch:
    """A rule of this benchmark's own: from epoch 5 on who is not in the best half of all that have
    reached an epoch ends there."""

    def start(self, *_):
        self.reached = {}

    def ask(self, report=None, **_):
        if report is None or report["step"] < FIDELITY["min"]:
            return {"verdict": "go_on"} if report else {}
        values = self.reached.setdefault(report["step"], [])
        bisect.insort(values, report["value"])
        return {"verdict": "go_on" if report["value"] >= values[len(values) // 2] else "stop"}


class Shuffled:
    """Which training is the next trial's; another order may learn from what trials report."""

    def __init__(self, curves, seed):
        self.left = list(curves)
        random.Random(seed).shuffle(self.left)
        self.left.reverse()

    def next(self):
        return self.left.pop() if self.left else None

    def report(self, trial, step, value):
        pass

    def end(self, trial, value=None):
        pass


class Study:
    """Yields (seconds, AUC) of each trial that trains to its end, in the order of their ends."""

    def __init__(self, program, options, order, seed, slots=SLOTS):
        self.program, self.order, self.slots = program, order, slots
        self.curves = []  # of the trials, by number
        program.start(options, seed, self.curves)
        self.seconds_busy, self.now, self.paused = 0.0, 0.0, {}

    def _start(self, now, running):
        """A trial that the pruner names, else a new one; False if there is none left."""
        chosen = self.program.ask(take_up=True)
        if chosen:
            trial, epoch = chosen["trial"], self.paused.pop(chosen["trial"])
            self.program.ask(taken_up=trial)
            seconds = self.curves[trial][1]
            again = max(0.0, seconds[0] - statistics.mean(seconds[1:]))
        elif curve := self.order.next():
            trial, epoch, again = len(self.curves), 0, 0.0
            self.curves.append(curve)
        else:
            return False
        self._go_on(running, now + again, trial, epoch)
        return True

    def _go_on(self, running, now, trial, epoch):
        seconds = self.curves[trial][1][epoch]
        self.seconds_busy += seconds
        heapq.heappush(running, (now + seconds, trial, epoch))

    def run(self):
        running = []
        while len(running) < self.slots and self._start(0.0, running):
            pass
        while running:
            now, trial, epoch = heapq.heappop(running)
            self.now = now
            values = self.curves[trial][0]
            self.order.report(trial, epoch + 1, values[epoch])
            answer = self.program.ask(report={"trial": trial, "step": epoch + 1,
                                              "value": values[epoch]})
            if answer["verdict"] == "go_on" and epoch + 1 < len(values):
                self._go_on(running, now, trial, epoch + 1)
                continue
            if answer["verdict"] == "go_on":
                self.program.ask(finished={"trial": trial, "value": values[epoch]})
                self.order.end(trial, values[epoch])
                yield now, values[epoch]
            elif answer["verdict"] == "stop":
                self.program.ask(finished={"trial": trial, "state": "pruned"})
                self.order.end(trial)
            else:
                self.paused[trial] = epoch + 1
            while len(running) < self.slots and self._start(now, running):
                pass

    def time_to(self, score):
        """Seconds until a trial has the score; infinite if none ever has."""
        return next((now for now, value in self.run() if value >= score), math.inf)


def wanted_score(curves, full_trials=FULL_TRIALS):
    """The median over the seeds of the best of so many trainings to their end."""
    best = []
    for seed in range(SEEDS):
        shuffled = list(curves)
        random.Random(seed).shuffle(shuffled)
        best.append(max(values[-1] for values, _ in shuffled[:full_trials]))
    return statistics.median(best)


def times_to(score, program, options, curves, *, slots=SLOTS, seeds=range(SEEDS)):
    """The seconds of each seed's study, in shuffled order."""
    return [Study(program, options, Shuffled(curves, seed), seed, slots).time_to(score)
            for seed in seeds]


def ratio_interval(ours, theirs, draws=2000):
    """90 % of the ratio of medians, by bootstrap over the seeds, which both share."""
    dice, ratios = random.Random(1), []
    for _ in range(draws):
        chosen = [dice.randrange(len(ours)) for _ in ours]
        ratios.append(statistics.median(ours[i] for i in chosen) /
                      statistics.median(theirs[i] for i in chosen))
    ratios.sort()
    return ratios[int(0.05 * draws)], ratios[int(0.95 * draws)]


def named(text):
    """What a study says of its pruner: `asha`, `asha eta=2 type=promotion`."""
    name, *options = text.split()
    options = {key: value if value.isalpha() else int(value)
               for key, value in (each.split("=") for each in options)}
    fidelity = dict(FIDELITY, eta=options.pop("eta", FIDELITY["eta"]))
    return {"pruner": {"type": name, "options": options}, "fidelity": fidelity}


def side(text, program, score):
    """What judges, and how it is started."""
    own = {"clairvoyant": Clairvoyant(score), "half of all at each epoch": EachEpoch()}
    return (own[text], None) if text in own else (program, named(text))


def ratio(ours, theirs):
    """Of the medians, with its interval, as text."""
    low, high = ratio_interval(ours, theirs)
    never = sum(map(math.isinf, ours))
    return (f"{statistics.median(ours) / statistics.median(theirs):.2f} [{low:.2f}, {high:.2f}]" +
            (f" {never} never" if never else ""))


def rows(names, program, score):
    """By name of a pruner what gives its times on so many slots."""
    return {name: functools.partial(times_to, score, *side(name, program, score))
            for name in names}


def table(rows, whole, curves):
    """Prints ratios to `whole`'s times: as recorded, and with epochs of one length."""
    even = [(values, [1.0] * len(seconds)) for values, seconds in curves]
    columns = {f"{slots} slots, {unit}": (times, slots) for slots in (SLOTS, FEW_SLOTS)
               for unit, times in (("seconds", curves), ("epochs", even))}
    print(" " * 40 + "".join(f"{head:>25}" for head in columns))
    full = [whole(times, slots=slots) for times, slots in columns.values()]
    for name, row in rows.items():
        cells = [ratio(row(times, slots=slots), beside)
                 for (times, slots), beside in zip(columns.values(), full)]
        print(f"{name:40}" + "".join(f"{cell:>25}" for cell in cells), flush=True)


def main(names):
    curves, program = recorded(), Pruner()
    score = wanted_score(curves)
    print(f"{len(curves)} trainings, {SEEDS} seeds, score {score:.4f}")
    table(rows(names, program, score), *rows(["none"], program, score).values(), curves)
    program.close()


if __name__ == "__main__":
    main(sys.argv[1:] or TRIED)
