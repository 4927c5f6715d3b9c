"""A stand-in for a training: Rosenbrock's valley, least at x = y = 1."""
import json
import os

params = json.load(open(os.environ["HPO_PARAMS_FILE"]))["params"]
x, y = params["x"], params["y"]
print("hpo-result " + json.dumps({"loss": (1 - x) ** 2 + 10 * (y - x * x) ** 2}))
