#!/usr/bin/env python3
"""Fair shares of this node's slots: by slot-seconds between studies that always have work, and a
newcomer is served by the next slots that fall free."""
import unittest

from daemon import REPORT, Daemon, shell, study, wait_until
from times import most_at_once, seconds

SLOTS = 4
TRIALS = 200
SHARE_TOLERANCE = 0.05
# Trials of the one study take twice as long: equal counts would be unequal slot-seconds.
SECONDS = {"short": 0.1, "long": 0.2}


def spans(daemon, name):
    """From start to end, of each trial that has begun; one that goes on has no end."""
    return [(seconds(t["started_at"]), seconds(t["ended_at"]) if t["ended_at"] else None)
            for t in daemon.trials(name) if t["started_at"]]


def used(found, begin, end):
    """Slot-seconds within a window."""
    return sum(max(0, min(stop or end, end) - max(start, begin)) for start, stop in found)


class FairnessTest(unittest.TestCase):
    def submit(self, daemon, name, trials):
        command = shell(f"sleep {SECONDS.get(name, 0.1)}" + REPORT)
        daemon.post("/v1/studies", study(name, command, trials=trials, parallel=SLOTS))

    def test_two_busy_studies_share_evenly_and_a_third_joins_at_once(self):
        with Daemon(config={"local": {"slots_max": SLOTS}}) as daemon:
            for name in SECONDS:
                self.submit(daemon, name, TRIALS)
            wait_until(lambda: self.ended(daemon) >= TRIALS, 50, f"{TRIALS} trials")
            self.submit(daemon, "third", 1)
            daemon.wait_for_trial("third", 0, ["completed"], 20)
            found = {name: spans(daemon, name) for name in SECONDS}
            third = daemon.trial("third", 0)
            self.check_shares(found, seconds(third["created_at"]))
            self.check_joined(found, seconds(daemon.get("/v1/studies/third")["created_at"]),
                              seconds(third["started_at"]))

    def ended(self, daemon):
        return sum(daemon.get(f"/v1/studies/{name}")["trials"]["completed"] for name in SECONDS)

    def check_shares(self, found, end):
        begin = max(min(start for start, _ in each) for each in found.values())
        shares = {name: used(each, begin, end) for name, each in found.items()}
        share = shares["short"] / sum(shares.values())
        print(f"share of the study of short trials: {share:.3f}", flush=True)
        self.assertLess(abs(share - 0.5), SHARE_TOLERANCE, shares)
        counts = [len(each) for each in found.values()]
        self.assertGreater(max(counts), 1.5 * min(counts), "counts, not seconds, are shared")

    def check_joined(self, found, submitted, started):
        overtook = [start for each in found.values() for start, _ in each
                    if submitted < start < started]
        self.assertLessEqual(len(overtook), SLOTS, "the third study waited longer than a trial")
        self.assertLess(started - submitted, max(SECONDS.values()) + 0.5)

    def test_slots_max_holds_for_all_studies_together(self):
        with Daemon(config={"local": {"slots_max": 3}}) as daemon:
            for name in ("a", "b", "c"):
                self.submit(daemon, name, 12)
            for name in ("a", "b", "c"):
                daemon.wait_for(name)
            found = [span for name in ("a", "b", "c") for span in spans(daemon, name)]
            self.assertEqual(most_at_once(found), 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
