"""Ray Tune's side of `warm`: TRIALS fits of warm_training.py in SLOTS slots, in actors that load
scikit-learn and the data once and are used again.

    ray_fits.py TRIALS SLOTS

Prints JSON: trials a second from the first fit to the end of the last, seconds until the first.
"""
import json
import sys
import time

import ray
import ray_timed
from ray import tune


class Fit(tune.Trainable):
    def setup(self, config):
        from sklearn.datasets import make_classification
        from sklearn.linear_model import LogisticRegression
        self.model = LogisticRegression
        self.x, self.y = make_classification(600, 8, random_state=1)
        self.reset_config(config)

    def reset_config(self, new_config):
        self.c, self.log = new_config["c"], new_config["log"]
        return True

    def step(self):
        begin = time.time()
        fitted = self.model(C=self.c).fit(self.x[::2], self.y[::2])
        score = fitted.score(self.x[1::2], self.y[1::2])
        with open(self.log, "a") as file:
            file.write(f"{begin} {time.time()}\n")
        return {"score": score, "done": True}


def main(trials, slots):
    rows, start_s = ray_timed.carry_out(Fit, {"c": tune.uniform(0.01, 2)}, trials, slots, "score",
                                        "max", reuses=True)
    first, last = min(begin for begin, _ in rows), max(end for _, end in rows)
    print(json.dumps({"rate": len(rows) / (last - first), "trials": len(rows),
                      "start_s": start_s, "ray": ray.__version__}))


main(int(sys.argv[1]), int(sys.argv[2]))
