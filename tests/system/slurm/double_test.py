"""Whatever sbatch and squeue say, or do not: every attempt runs once, none is lost, no job stays.

Each listing fault of the double meets all its faults of submissions, in a study of its own; in
other studies a command hangs until hpod ends it, or scancel fails. All studies go on at the same
time, on one cluster. Rows 43, 44, 46, 47, 48 and 57 of the fault table.
"""
import functools
import unittest

from checks import orphans
from double import fault
from lies import CANCELS, END_S, LISTINGS, SUBMISSIONS, Lied, names
from login_node import begun, recorded_training
from support import needs_cluster, wait_until

TRIALS = 24
# hpod's patience with a command is a minute, and no key of its configuration shortens it. So is the
# time between two cancels of the same attempt.
HANG_S = 75
PATIENCE_S = 60
HANGS = {
    "hang-before": {"sbatch": [fault("hang", call=2, seconds=HANG_S)]},
    "hang-accepted": {"sbatch": [fault("accepted_hang", call=2, seconds=HANG_S)]},
    "hang-squeue": {"squeue": [fault("hang", call=2, seconds=HANG_S)]},
}
CANCELLED = {
    "hang-scancel": {"scancel": [fault("hang", call=1, seconds=HANG_S)]},
    "deaf-scancel": {"scancel": [fault("no_contact", call=1)]},
    "idle-scancel": {"scancel": [fault("does_nothing", call=1)]},
}
HIDDEN = {"squeue": [fault("forgetful", every=1)]}
HIDDEN_S = 30  # of a training: far longer than lost_after
FEW = 4
brief_training = functools.partial(recorded_training, seconds=1)
hidden_training = functools.partial(recorded_training, seconds=HIDDEN_S)
long_training = functools.partial(recorded_training, seconds=600)


@needs_cluster()
class DoubleTest(Lied):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hung = {name: cls.submit(name, brief_training, rules, trials=FEW, parallel=FEW)
                    for name, rules in HANGS.items()}
        cls.cancelled = {name: cls.submit(name, long_training, rules, trials=FEW, parallel=FEW)
                         for name, rules in CANCELLED.items()}
        cls.hidden = cls.submit("hidden", hidden_training, HIDDEN, trials=FEW, parallel=FEW)
        cls.lied = {name: cls.submit(
            name, brief_training, {"sbatch": SUBMISSIONS, "squeue": rules, "scancel": CANCELS},
            trials=TRIALS, parallel=TRIALS) for name, rules in LISTINGS.items()}
        for name, site in cls.cancelled.items():
            wait_until(lambda: len(begun(site.scratch("begun"))) == FEW, what="all trainings")
            site.post(f"/v1/studies/{name}:cancel")

    def test_faults_of_listings_and_of_submissions_at_the_same_time(self):
        for name, site in self.lied.items():
            with self.subTest(name):
                self.check(name, site, TRIALS)
        self.check_struck("sbatch", names(SUBMISSIONS))
        self.check_struck("squeue", names(sum(LISTINGS.values(), [])))

    def test_a_job_that_no_listing_shows_is_asked_about_by_its_id_before_it_is_given_up(self):
        self.check("hidden", self.hidden, FEW)
        asked = [word for call in self.hidden.double.calls("squeue") for word in call["argv"]
                 if word.startswith("--jobs=")]
        self.assertEqual(len(set(asked)), FEW, asked)

    def check_hang(self, site, command):
        """hpod ended it: the next call came after hpod's patience, and before the hang's end."""
        calls = site.double.calls(command)
        hung = next(i for i, call in enumerate(calls) if "hang" in call["fault"])
        self.assertGreater(calls[hung + 1]["at"] - calls[hung]["at"], PATIENCE_S * 0.9)
        self.assertLess(calls[hung + 1]["at"] - calls[hung]["at"], HANG_S)

    def test_a_command_that_hangs_is_ended_and_its_doubt_resolved(self):
        for name, rules in HANGS.items():
            with self.subTest(name):
                self.check(name, self.hung[name], FEW)
                self.check_hang(self.hung[name], *rules)

    def test_what_is_cancelled_goes_whatever_scancel_does(self):
        for name, site in self.cancelled.items():
            with self.subTest(name):
                study = site.wait_for(name, ["cancelled"], limit_s=END_S)
                self.assertEqual(study["trials"]["completed"], 0)
                self.assertEqual(orphans(site), [])
                self.note(name, site, FEW)
        self.check_hang(self.cancelled["hang-scancel"], "scancel")
        self.check_struck("scancel", names(CANCELS) | {"hang"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
