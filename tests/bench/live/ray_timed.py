"""Trials of one class Trainable by Ray Tune, as its users write it: each notes when it began and
ended, in the file that its config names `log`."""
import tempfile
import time

import ray
from ray import tune


def carry_out(trainable, space, trials, slots, metric, mode, reuses):
    """(begin, end) of each trial, in seconds, and how long the first one was waited for."""
    began, log = time.time(), tempfile.mktemp()
    ray.init(num_cpus=slots, include_dashboard=False, log_to_driver=False)
    tuner = tune.Tuner(
        trainable, param_space=dict(space, log=log),
        tune_config=tune.TuneConfig(num_samples=trials, reuse_actors=reuses, metric=metric,
                                    mode=mode),
        run_config=tune.RunConfig(  # a checkpoint at the end would be asked of it otherwise
            verbose=0, storage_path=tempfile.mkdtemp(),
            checkpoint_config=tune.CheckpointConfig(checkpoint_at_end=False)))
    assert tuner.fit().num_errors == 0
    ray.shutdown()
    with open(log) as file:
        rows = [tuple(map(float, line.split())) for line in file]
    return rows, min(begin for begin, _ in rows) - began
