#!/usr/bin/env python3
"""What a study proposes and meets hangs on the study alone: nothing deterministic is tried twice,
and simulated trainings have the same fates on every daemon."""
import pathlib
import tempfile
import unittest

from daemon import REPORT, Daemon, shell, study, wait_until

POINTS = 16


class SearchTest(unittest.TestCase):
    def test_what_was_tried_without_noise_is_not_proposed_again(self):
        """Some points are enqueued while it runs, then comes a kill; at last none is left."""
        script = 'while [ ! -e "$1" ] && [ "$HPO_TRIAL" -gt 3 ]; do sleep 0.02; done' + REPORT
        with tempfile.TemporaryDirectory() as scratch, Daemon() as daemon:
            flag = pathlib.Path(scratch) / "go"
            daemon.post("/v1/studies", study(
                "calm", shell(script, flag), trials=40, space={"x": {"int": [0, POINTS - 1]}},
                objective={"minimize": "loss", "noise": "none"}))
            wait_until(lambda: self.counts(daemon, "calm") == (4, 2), what="two that wait")
            tried = {trial["params"]["x"] for trial in daemon.trials("calm")}
            chosen = [x for x in range(POINTS) if x not in tried][:3]
            daemon.post("/v1/studies/calm/trials", {"params": [{"x": x} for x in chosen]})
            daemon.kill()
            daemon.start()
            flag.touch()
            ended = daemon.wait_for("calm")
            self.assertEqual((ended["state"], ended["reason"]), ("finished", "space_exhausted"))
            trials = daemon.trials("calm")
            self.assertEqual(sorted(t["params"]["x"] for t in trials), list(range(POINTS)))
            self.assertEqual(sum(t["origin"] == "enqueued" for t in trials), len(chosen))

    def counts(self, daemon, name):
        trials = daemon.get(f"/v1/studies/{name}")["trials"]
        return trials["completed"], trials["running"]

    def test_simulated_fates_are_the_same_on_another_daemon(self):
        body = study("fates", ["true"], parallel=20, seed=3, retry={"max": 2},
                     budget={"trials": 40, "max_failures": 40},
                     executor={"type": "simulated", "seconds": [0, 0.02], "failures": 0.2,
                               "losses": 0.2})
        fates = []
        for _ in range(2):
            with Daemon() as daemon:
                daemon.post("/v1/studies", body)
                daemon.wait_for("fates")
                fates.append([(t["state"], t["value"], t["attempts"], t["failure"])
                              for t in daemon.trials("fates")])
        self.assertEqual(fates[0], fates[1])
        self.assertGreater(len({fate[0] for fate in fates[0]}), 1, "some complete, some fail")
        self.assertGreater(len({fate[2] for fate in fates[0]}), 1, "some are lost and tried again")


if __name__ == "__main__":
    unittest.main(verbosity=2)
