"""Ray Tune's side of `live-jets`, as its users write it: a function, ASHA, random trials.

    ray_jets.py STUDY SLOTS SCORE fresh|reuse

STUDY: examples/jets/study.json, for the space; the trials' params are in $JETS_TRIALS. Ends when a
trial that has trained to its end has the score. The time is in the log of jets_training.py.
"""
import json
import os
import sys
import tempfile

import ray
from ray import tune
from ray.tune.schedulers import ASHAScheduler
from ray.tune.search.basic_variant import BasicVariantGenerator

EPOCHS, FIRST_RUNG, ETA = 20, 5, 3


def domain(text):
    """Its own words for one of our parameters."""
    if "float" in text:
        return (tune.loguniform if text.get("log") else tune.uniform)(*text["float"])
    if "int" in text:
        low, high = text["int"]
        return (tune.lograndint if text.get("log") else tune.randint)(low, high + 1)
    return tune.choice(text.get("choice") or text.get("ordinal") or [True, False])


def training(config):
    import jets_training  # in the actor, as it sets what numpy reads when it loads
    number = int(tune.get_context().get_trial_id().rsplit("_", 1)[1])
    jets_training.carry_out(config, number, lambda step, auc: tune.report({"auc": auc}))


class Reached(tune.Stopper):
    def __init__(self, score):
        self.score, self.is_reached = score, False

    def __call__(self, _, result):
        self.is_reached |= result["training_iteration"] == EPOCHS and result["auc"] >= self.score
        return False

    def stop_all(self):
        return self.is_reached


def main(study_path, slots, score, kind):
    with open(study_path) as study_file, open(os.environ["JETS_TRIALS"]) as trials_file:
        space, trials = json.load(study_file)["space"], json.load(trials_file)
    ray.init(num_cpus=int(slots), include_dashboard=False, log_to_driver=False)
    scheduler = ASHAScheduler(max_t=EPOCHS, grace_period=FIRST_RUNG, reduction_factor=ETA)
    tuner = tune.Tuner(
        training, param_space={name: domain(text) for name, text in space.items()},
        tune_config=tune.TuneConfig(
            metric="auc", mode="max", num_samples=len(trials), scheduler=scheduler,
            search_alg=BasicVariantGenerator(points_to_evaluate=[
                each["params"] for each in trials]),
            reuse_actors=kind == "reuse"),
        run_config=tune.RunConfig(verbose=0, storage_path=tempfile.mkdtemp(),
                                  stop=Reached(float(score))))
    assert tuner.fit().num_errors == 0
    ray.shutdown()
    print(json.dumps({"ray": ray.__version__}))


main(*sys.argv[1:])
