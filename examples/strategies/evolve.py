"""A (1+1) evolution strategy: steps from the best trial, shrunk while nothing gets better."""
import json
import random
import sys

for line in sys.stdin:
    request = json.loads(line)
    reply = {"ok": True}
    if request["request"] == "study":
        study, best, failed = request["study"], None, 0
        if any(set(parameter) != {"float"} for parameter in study["space"].values()):
            reply = {"error": "evolve.py knows plain floats only"}
        sign = 1 if "minimize" in study["objective"] else -1
    elif request["request"] == "tell":
        for trial in [t for t in request["finished"] if t["state"] == "completed"]:
            is_better = best is None or sign * trial["value"] < sign * best["value"]
            best, failed = (trial, 0) if is_better else (best, failed + 1)
    else:
        reply = {"proposals": []}
        for number in range(request["first_number"], request["first_number"] + request["count"]):
            draw, params = random.Random(f"{study['seed']} {number}"), {}
            for name, (low, high) in ((n, p["float"]) for n, p in study["space"].items()):
                step = draw.gauss(0, 0.3 * 0.8 ** failed) if best else draw.uniform(-0.5, 0.5)
                center = best["params"][name] if best else (low + high) / 2
                params[name] = min(max(center + step * (high - low), low), high)
            reply["proposals"].append({"params": params})
    print(json.dumps(reply), flush=True)
