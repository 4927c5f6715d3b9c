#!/usr/bin/env python3
"""The promise: kill -9 at any time loses no trial, repeats none, and costs no attempt.

A study of 240 trials goes on while its daemon is killed again and again (100 times; 1,000 with
HPO_KILLS). Every trial ends once, with one attempt, by the process that was seen before the kill,
and with the value of an undisturbed study.
"""
import os
import pathlib
import random
import tempfile
import time
import unittest

from daemon import Daemon, study

KILLS = int(os.environ.get("HPO_KILLS", "100"))
SLOTS = 4
TRIALS = max(240, 2 * KILLS + 40)
TRAINING_S = 0.75

TRAINING = r"""
printf '%s %s\n' "$HPO_TRIAL" "$HPO_ATTEMPT" >> "$1"
sleep "$2"
[ "$HPO_TRIAL" -lt "$3" ] || while [ ! -e "$1.enough" ]; do sleep 0.05; done
printf '{"loss": %s}' "$HPO_P_X" > "$HPO_RESULT_FILE.tmp"
mv "$HPO_RESULT_FILE.tmp" "$HPO_RESULT_FILE"
"""


def native_ids(daemon, name):
    """Of the trials that run now: number -> the id of the process that carries the attempt out."""
    running = daemon.get(f"/v1/studies/{name}/trials?state=running&limit=100")["trials"]
    found = {}
    for trial in running:
        history = daemon.get(f"/v1/studies/{name}/trials/{trial['number']}")["history"]
        if history and history[-1]["native_id"]:
            found[trial["number"]] = history[-1]["native_id"]
    return found


class KillTest(unittest.TestCase):
    def submit(self, daemon, name, log, seconds):
        """Its last trials end only after the last kill, so that it cannot be over before."""
        command = ["sh", "-c", TRAINING, "train", str(log), str(seconds), str(TRIALS - SLOTS)]
        daemon.post("/v1/studies", study(name, command, trials=TRIALS, parallel=SLOTS, seed=11))

    def test_kill_9_loses_nothing_and_repeats_nothing(self):
        seed = int(os.environ.get("HPO_SEED", "1"))
        chance = random.Random(seed)
        print(f"seed {seed}, {KILLS} kills, {TRIALS} trials", flush=True)
        with tempfile.TemporaryDirectory() as scratch, Daemon() as daemon:
            log = pathlib.Path(scratch) / "begun"
            self.submit(daemon, "killed", log, TRAINING_S)
            seen, kills = {}, 0
            while daemon.get("/v1/studies/killed")["state"] == "running":
                time.sleep(chance.uniform(0.0, 0.5))
                if kills < KILLS:
                    if chance.random() < 0.5:
                        seen.update(native_ids(daemon, "killed"))
                    daemon.kill()
                    kills += 1
                    daemon.start()
                if kills == KILLS:
                    pathlib.Path(f"{log}.enough").touch()
            ended = daemon.wait_for("killed")
            self.check_ended(daemon, ended, kills)
            self.check_begun_once(log)
            self.check_adopted(daemon, seen)
            self.check_values(daemon, pathlib.Path(scratch) / "undisturbed")

    def check_ended(self, daemon, ended, kills):
        self.assertEqual(kills, KILLS, "the study ended before it was killed enough")
        self.assertEqual((ended["state"], ended["reason"]), ("finished", "trials"))
        self.assertEqual(ended["trials"]["completed"], TRIALS)
        self.assertEqual(ended["attempts"], TRIALS, "a kill of the daemon costs no attempt")
        self.assertEqual([t["number"] for t in daemon.trials("killed")], list(range(TRIALS)))

    def check_begun_once(self, log):
        begun = sorted(int(line.split()[0]) for line in log.read_text().splitlines())
        self.assertEqual(begun, list(range(TRIALS)), "each training begins exactly once")

    def check_adopted(self, daemon, seen):
        self.assertGreater(len(seen), 10, "hardly any running trial was seen before a kill")
        for number, native_id in seen.items():
            history = daemon.get(f"/v1/studies/killed/trials/{number}")["history"]
            self.assertEqual(history[-1]["native_id"], native_id)

    def check_values(self, daemon, log):
        pathlib.Path(f"{log}.enough").touch()
        self.submit(daemon, "undisturbed", log, 0)
        daemon.wait_for("undisturbed")
        values = [[(t["number"], t["params"], t["value"]) for t in daemon.trials(name)]
                  for name in ("killed", "undisturbed")]
        self.assertEqual(values[0], values[1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
