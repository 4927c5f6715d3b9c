"""What must hold after a run, by the database and by what the trainings wrote down themselves.

Counted: the results by which trials ended. Lost: trials that did not end as completed, with the
value of their own params. Doubled: trials with two counted results, and trainings that had no lease
of their own, granted before their trial had its result. Again: trainings to the end that do not
count: each had been given up before its result could be told, or its begin never was.
"""
import collections
import contextlib
import json
import sqlite3

import training

# From the choice of a checkpoint to the time of the file that names it: the kernel's coarse clock.
CLOCK_NS = 10_000_000
Line = collections.namedtuple("Line", "what study trial attempt fence step at_ns")


def lines_of(ledger):
    for text in ledger.read_text().splitlines():
        what, study, *numbers = text.split()
        yield Line(what, study, *map(int, numbers))


GRANTS = ("attempt_started", "trial_leased")  # of a lease, or of the begin under one


class Stored:
    """A study as the database has it."""

    def __init__(self, database, name):
        row = database.execute("SELECT id, state, completed FROM studies WHERE name = ?",
                               (name,)).fetchone()
        self.id, self.state, self.completed = row
        self.trials = {
            number: (state, json.loads(params)["x"], value) for number, state, params, value in
            database.execute("SELECT number, state, params, value FROM trials WHERE study = ?",
                             (self.id,))}
        self.attempts = {  # by the lease under which it began
            (trial, fence): state for trial, fence, state in
            database.execute("SELECT trial, fence, state FROM attempts WHERE study = ?",
                             (self.id,))}
        self.events = [(kind, json.loads(data)) for kind, data in database.execute(
            "SELECT kind, data FROM events WHERE study = ? ORDER BY seq", (self.id,))]


class Check:
    def __init__(self, state, steps):
        self._state, self._steps = state, steps
        self.findings = []
        self.figures = collections.Counter(
            {key: 0 for key in ("trials", "attempts", "resumed", "afresh", "late", "again", "lost",
                                "doubled")})

    def study(self, name, stored, lines):
        self.figures["trials"] += len(stored.trials)
        self.figures["attempts"] += len(stored.attempts)
        self.figures["late"] += list(stored.attempts.values()).count("late")
        self._results(name, stored)
        self._starts(name, stored)
        by_trial = collections.defaultdict(list)
        for line in lines:
            by_trial[line.trial].append(line)
        for trial, own in by_trial.items():
            self._ledger(f"{name}/{trial}", stored, own)

    def _broken(self, what, figure=None):
        self.findings.append(what)
        if figure:
            self.figures[figure] += 1

    def _results(self, name, stored):
        if stored.state != "finished" or stored.completed != len(stored.trials):
            self._broken(f"{name}: {stored.state}, {stored.completed} of {len(stored.trials)}")
        counted = collections.Counter(
            trial for (trial, _), state in stored.attempts.items() if state == "succeeded")
        late = {trial for (trial, _), state in stored.attempts.items() if state == "late"}
        for trial, (state, x, value) in stored.trials.items():
            if state != "completed" or value != training.whole(x, self._steps):
                self._broken(f"{name}/{trial}: {state} with {value}, x = {x}", "lost")
            if counted[trial] > 1:
                self._broken(f"{name}/{trial}: {counted[trial]} results counted", "doubled")
            if not counted[trial] and trial not in late:
                self._broken(f"{name}/{trial}: completed by no attempt", "doubled")

    def _starts(self, name, stored):
        """No attempt begins, and no lease is granted, once the trial has a result."""
        told = set()
        for kind, data in stored.events:
            is_result = kind == "attempt_ended" and data["outcome"]["status"] == "completed"
            if is_result:
                told.add(data["trial"])
            elif kind in GRANTS and data["trial"] in told:
                self._broken(f"{name}/{data['trial']}: begun after its result", "doubled")

    def _ledger(self, trial, stored, lines):
        number = lines[0].trial
        granted = {data["fence"] for kind, data in stored.events
                   if kind in GRANTS and data["trial"] == number}
        begun = [line for line in lines if line.what == "begun"]
        for attempt, count in collections.Counter(line.attempt for line in begun).items():
            if count > 1:
                self._broken(f"{trial}: attempt {attempt} trained {count} times", "doubled")
        for line in begun:
            if line.fence not in granted:
                self._broken(f"{trial}: trained under lease {line.fence}, of nobody", "doubled")
        ended = {line.fence for line in lines if line.what == "ended"}
        if not ended:
            self._broken(f"{trial}: no training came to its end", "lost")
        self.figures["again"] += len(ended) - 1
        for position, line in enumerate(lines):
            if line.what == "begun" and line.attempt > 1:
                self._resumed(trial, line, lines[:position])
                self._alone(trial, stored, line, lines[position:])

    def _resumed(self, trial, line, before):
        """It goes on from the newest earlier attempt that had saved something when it was told."""
        told_ns = self._told_ns(line)
        saved = [l for l in before if l.what == "saved" and l.attempt < line.attempt]
        known = [l for l in saved if told_ns is None or l.at_ns < told_ns - CLOCK_NS]
        newest = max((l.attempt for l in known), default=0)
        least = max((l.step for l in known if l.attempt == newest), default=0)
        self.figures["resumed" if line.step else "afresh"] += 1
        saving = {l.step for l in before if l.what == "saving" and l.attempt < line.attempt}
        if line.step and line.step not in saving:
            self._broken(f"{trial}: attempt {line.attempt} began at a step that nobody saved")
        if line.step < least:
            self._broken(f"{trial}: attempt {line.attempt} began at {line.step}, not at {least}")

    def _told_ns(self, line):
        file = (self._state / "studies" / line.study / "trials" / str(line.trial) /
                str(line.attempt) / "attempt.json")
        with contextlib.suppress(OSError):
            return file.stat().st_mtime_ns
        return None

    def _alone(self, trial, stored, line, after):
        """Who still trained under an earlier lease had been given up, or had told no begin."""
        for other in {l.fence for l in after if l.fence < line.fence}:
            state = stored.attempts.get((line.trial, other))
            if state not in ("lost", "late", None):
                self._broken(f"{trial}: leases {other} ({state}) and {line.fence} at once")


def check(state, ledger, studies, steps):
    """(figures by name, findings as sentences). REQUIRES: the daemon has ended."""
    lines = list(lines_of(ledger))
    done = Check(state, steps)
    with contextlib.closing(sqlite3.connect(state / "hpo.db")) as database:
        for name in studies:
            done.study(name, Stored(database, name), [l for l in lines if l.study == name])
    return done.figures, done.findings
