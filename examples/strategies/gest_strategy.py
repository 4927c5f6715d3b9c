"""Generators of the gest-api standard (pip install gest-api) for hpo.

"strategy": {"type": "external", "command": ["python3", "gest_strategy.py"],
             "options": {"generator": "libensemble.gen_classes.sampling:UniformSample",
                         "arguments": {"random_seed": 7}}}

The standard's generators may keep a state that nobody can restore, so one is made anew for each
question and fed all results. `{seed}` and `{number}` in an argument's text become the study's seed
and the number of the first trial that is asked for.
"""
import importlib
import json
import sys

from gest_api.vocs import VOCS


def variables(space):
    """Floats as ranges; generators of the standard take no scale, so a log stays linear."""
    for name, parameter in space.items():
        if set(parameter) - {"float", "default", "unit", "description"}:
            raise ValueError(f"{name}: only plain floats are within the standard's reach here")
    return {name: [float(x) for x in parameter["float"]] for name, parameter in space.items()}


class Strategy:
    def __init__(self, study):
        self.study = study
        way, self.metric = next((k, v) for k, v in study["objective"].items() if k != "noise")
        self.vocs = VOCS(variables=variables(study["space"]),
                         objectives={self.metric: way.upper()})
        options = study["strategy"]["options"]
        module, _, name = options.get("generator", "").partition(":")
        if not name:
            raise ValueError('give "options": {"generator": "module:Class"}')
        self.kind = getattr(importlib.import_module(module), name)
        self.arguments = options.get("arguments", {})
        self.results = []

    def tell(self, trials):
        self.results += [dict(t["params"], **{self.metric: t["value"]}) for t in trials
                         if t["state"] == "completed"]

    def argument(self, value, number):
        if not isinstance(value, str) or "{" not in value:
            return value
        text = value.format(seed=self.study["seed"], number=number)
        return int(text) if text.lstrip("-").isdigit() else text

    def ask(self, number, count):
        arguments = {name: self.argument(v, number) for name, v in self.arguments.items()}
        generator = self.kind(self.vocs, **arguments)
        if self.results:
            generator.ingest([dict(result) for result in self.results])
        proposals = generator.suggest(count)
        generator.finalize()
        return [{"params": {name: self.inside(p[name], *self.vocs.variables[name].domain)
                            for name in self.vocs.variables}} for p in proposals[:count]]

    @staticmethod
    def inside(value, low, high):
        return min(max(float(value), low), high)


def main():
    strategy = None
    for line in sys.stdin:
        request = json.loads(line)
        reply = {"ok": True}
        try:
            if request["request"] == "study":
                strategy = Strategy(request["study"])
            elif request["request"] == "tell":
                strategy.tell(request["finished"])
            elif request["count"] > 0:
                reply = {"proposals": strategy.ask(request["first_number"], request["count"])}
            else:
                reply = {"proposals": []}
        except (ValueError, TypeError, ImportError, AttributeError) as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
