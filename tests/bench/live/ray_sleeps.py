"""Ray Tune's side of `pulled_sleeps`: TRIALS trials that sleep a second, in SLOTS slots.

    ray_sleeps.py TRIALS SLOTS REUSE_ACTORS
As its users write it: a class Trainable, whose actors Ray may reuse, or not, which is its default.
Prints JSON: busy as defined for ours, seconds until the first start.
"""
import json
import sys
import time

import ray
import ray_timed
from ray import tune

SECONDS = 1.0


class Sleep(tune.Trainable):
    def setup(self, config):
        self.log = config["log"]

    def reset_config(self, new_config):
        return True

    def step(self):
        begin = time.time()
        time.sleep(SECONDS)
        with open(self.log, "a") as file:
            file.write(f"{begin} {time.time()}\n")
        return {"loss": 0.5, "done": True}


def main(trials, slots, reuses):
    rows, start_s = ray_timed.carry_out(Sleep, {"x": tune.uniform(0, 1)}, trials, slots, "loss",
                                        "min", reuses)
    first = min(begin for begin, _ in rows)
    last_start = max(begin for begin, _ in rows)
    free = min(end for _, end in rows if end >= last_start)
    busy = sum(min(end, free) - begin for begin, end in rows) / (slots * (free - first))
    print(json.dumps({"busy": busy, "trials": len(rows), "start_s": start_s,
                      "ray": ray.__version__}))


main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "reuse")
