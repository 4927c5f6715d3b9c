"""What a study was worth: the defaults and its best params, retrained with fresh seeds.

    hpo best jets --format json | python3 compare.py [--json]

Both are scored on the test part, which no trial saw: being chosen flatters a best AUC, not this.
"""
import argparse
import itertools
import json
import os
import shlex
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.realpath(__file__))
SEEDS = (1001, 1002, 1003)  # beyond any trial number of the study
PROCESSES_MAX = 2
METRICS = (("test_rejection_50", "%.1f"), ("test_auc", "%.4f"), ("auc", "%.4f"))


def command(params, seed):
    # JSON's spelling of numbers and bools; strings without its quotes
    texts = {name: v if isinstance(v, str) else json.dumps(v) for name, v in params.items()}
    options = ["--%s=%s" % item for item in texts.items()]
    return ["python3", "train.py", "--test", "--seed", str(seed)] + options


def train(params, seed):
    # By hand means: no trial's files, even if this script itself is started by one.
    environment = {name: value for name, value in os.environ.items()
                   if name == "HPO_HELPERS" or not name.startswith("HPO_")}
    done = subprocess.run([sys.executable] + command(params, seed)[1:], cwd=HERE, env=environment,
                          stdout=subprocess.PIPE, universal_newlines=True)
    if done.returncode != 0:
        raise SystemExit("training failed (see above): " + " ".join(command(params, seed)))
    return json.loads(done.stdout)


def retrain(params_by_name):
    """For each name the metrics, each as mean and standard deviation over the seeds."""
    jobs = [(name, seed) for name in params_by_name for seed in SEEDS]
    with ThreadPoolExecutor(PROCESSES_MAX) as pool:
        found = list(pool.map(lambda job: train(params_by_name[job[0]], job[1]), jobs))
    compared = {name: {} for name in params_by_name}
    for name, (metric, _) in itertools.product(compared, METRICS):
        values = [result[metric] for job, result in zip(jobs, found) if job[0] == name]
        compared[name][metric] = {"mean": statistics.mean(values), "sd": statistics.stdev(values)}
    return compared


def plus_minus(figure, form):
    return (form + " ± " + form) % (figure["mean"], figure["sd"])


def table(compared, best):
    rows = [("", "rejection (test)", "AUC (test)", "AUC (validation)")]
    rows += [[name] + [plus_minus(row[m], form) for m, form in METRICS]
             for name, row in compared.items()]
    lines = ["%-10s %18s %18s %18s" % tuple(row) for row in rows]
    before, after = (plus_minus(row["test_rejection_50"], "%.1f") for row in compared.values())
    lines += ["", "background rejection at 50 %% signal: %s → %s" % (before, after),
              "by hand: cd %s && %s %s" % (shlex.quote(HERE), shlex.quote(sys.executable),
                                           " ".join(map(shlex.quote, command(best, SEEDS[0])[1:])))]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("best", nargs="?", type=argparse.FileType("r"), default="-",
                        help="file with a JSON object of params; default: stdin")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    read = json.load(options.best)
    best = read.get("params", read)  # a whole trial will do
    compared = retrain({"defaults": {}, "best": best})
    as_json = json.dumps(dict(compared, command=command(best, SEEDS[0])))
    print(as_json if options.json else table(compared, best))


if __name__ == "__main__":
    main()
