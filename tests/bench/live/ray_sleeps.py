"""Ray Tune's side of `pulled_sleeps`: TRIALS trials that sleep a second, in SLOTS slots.

    ray_sleeps.py TRIALS SLOTS REUSE_ACTORS
As its users write it: a class Trainable, whose actors Ray may reuse, or not, which is its default.
Prints JSON: busy as defined for ours, seconds until the first start.
"""
import json
import sys
import tempfile
import time

import ray
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
    began = time.time()
    log = tempfile.mktemp()
    ray.init(num_cpus=slots, include_dashboard=False, log_to_driver=False)
    tuner = tune.Tuner(
        Sleep, param_space={"x": tune.uniform(0, 1), "log": log},
        tune_config=tune.TuneConfig(num_samples=trials, reuse_actors=reuses, metric="loss",
                                    mode="min"),
        run_config=tune.RunConfig(  # a checkpoint at the end would be asked of Sleep otherwise
            verbose=0, storage_path=tempfile.mkdtemp(),
            checkpoint_config=tune.CheckpointConfig(checkpoint_at_end=False)))
    assert tuner.fit().num_errors == 0
    ray.shutdown()
    rows = [tuple(map(float, line.split())) for line in open(log)]
    first = min(begin for begin, _ in rows)
    last_start = max(begin for begin, _ in rows)
    free = min(end for _, end in rows if end >= last_start)
    busy = sum(min(end, free) - begin for begin, end in rows) / (slots * (free - first))
    print(json.dumps({"busy": busy, "trials": len(rows), "start_s": first - began,
                      "ray": ray.__version__}))


main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "reuse")
