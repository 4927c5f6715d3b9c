"""The decoder and the JSON Schema agree: what the schema refuses, the decoder refuses; what the
decoder accepts, the schema accepts; what lies between carries a semantic code (E02 or E03).

Documents are generated from fixed seeds; at least 30 % each are good, refused by the schema, and
refused by the decoder alone. HPO_TEST_LONG=1 makes many more. Needs python3-jsonschema.
"""
import copy
import json
import os
import pathlib
import random
import subprocess
import sys

import jsonschema

SOURCE = pathlib.Path(os.environ["HPO_SOURCE"])
DECODE_MAIN = pathlib.Path(os.environ["HPO_BIN"]).parent / "tests" / "decode_main"
COUNT = 30000 if os.environ.get("HPO_TEST_LONG") else 900
SHARE_MIN = 0.3
STRATEGIES = ["auto", "random", "sobol"]
FAILURES = ["exit_code", "signal", "timeout", "out_of_memory", "no_result", "bad_result",
            "non_finite", "spawn_failed", "rejected", "lost", "node_fail", "preempted",
            "infrastructure"]
DURATIONS = ["90s", "15m", "1.5h", "2d", "04:30:00", "1-00:00:01"]


def parameter(r):
    kind = r.choice(["float", "log", "int", "step", "choice", "ordinal", "bool", "fixed"])
    low = r.choice([0.001, 0.5, 1, 3])
    p = {"float": {"float": [low, low * r.choice([2, 10.5])]},
         "log": {"float": [low, low * 100], "log": True},
         "int": {"int": [r.randint(-5, 0), r.choice([3, 7.0])]},
         "step": {"int": [0, 12], "step": r.choice([1, 2, 3.0])},
         "choice": {"choice": r.sample(["a", "b", 1, 2.5, True, "ü"], r.randint(2, 5))},
         "ordinal": {"ordinal": r.choice([[64, 128, 256], ["s", "m", "l"], [0.5, 1, 2.5]])},
         "bool": {"bool": True},
         "fixed": {"fixed": r.choice([10, "x", 0.5, False])}}[kind]
    if kind != "fixed" and r.random() < 0.5:
        p["default"] = {"float": low, "log": low * 3, "int": r.choice([0, 1.0]), "step": 6,
                        "bool": False}.get(kind) if kind not in ("choice", "ordinal") \
            else p[kind][r.randrange(len(p[kind]))]
    if r.random() < 0.2:
        p["unit"] = "GeV"
    if r.random() < 0.2:
        p["description"] = "what it does"
    return p


def executor(r):
    if r.random() < 0.3:
        return r.choice(["local", "simulated"])
    e = {"type": r.choice(["local", "simulated"])}
    options = {"slots": r.randint(1, 9), "cpus": 4, "gpus": 0, "time": r.choice(DURATIONS),
               "grace": r.choice(["0s", "30s", "00:05:00"])}
    if e["type"] == "simulated":
        options.update({"seconds": [0, r.random()], "failures": 0.25, "losses": 0.5})
    for key in r.sample(sorted(options), r.randint(0, len(options))):
        e[key] = options[key]
    return e


def good(r):
    names = r.sample(["lr", "layers", "drop.out", "batch-size", "_w", "K"], r.randint(1, 5))
    doc = {"name": r.choice(["toy", "a.b-c_9", "7x"]),
           "space": {name: parameter(r) for name in names},
           "objective": {r.choice(["minimize", "maximize"]): r.choice(["loss", "auc"])},
           "command": ["./train", "--x={%s}" % r.choice(names + ["trial", "params_file"]), "{{x}}"]}
    extra = {"$schema": "study.schema.json", "version": r.choice([1, 1.0]), "description": "d",
             "tags": ["a", "b"], "workdir": "/data",
             "strategy": r.choice(STRATEGIES + [{"type": "sobol"},
                                                {"type": "auto", "options": {}}]),
             "executor": executor(r), "dispatch": "job_per_trial",
             "environment": {"vars": {"A": "1"}, "inherit": ["ROOTSYS"], "captured": {"PATH": "/"}},
             "budget": {"trials": r.choice([1, 1e3, 10000000]), "time": r.choice(DURATIONS),
                        "patience": 5, "max_failures": 0},
             "parallel": r.randint(1, 9), "seed": r.choice([0, 2**53 + 1, 2**63 - 1]),
             "retry": {"max": 20, "on": r.sample(FAILURES, 3)}, "initial": [],
             "result": {"file": "r/{trial}.json", "stdout": True, "format": "hpo",
                        "max_bytes": 1024},
             "x-note": {"any": [None]}}
    for key in r.sample(sorted(extra), r.randint(0, 9)):
        doc[key] = extra[key]
    if r.random() < 0.3:
        doc["objective"]["noise"] = r.choice(["none", "low", "high"])
    return doc


def nodes(value, path=()):
    yield path
    if isinstance(value, dict):
        for key in sorted(value):
            yield from nodes(value[key], path + (key,))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from nodes(item, path + (i,))


def replace(doc, path, change):
    doc = copy.deepcopy(doc)
    if not path:
        return change(doc)
    inside = doc
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = change(inside[path[-1]])
    return doc


def bad_structure(r):
    """A good study with one thing that a schema can see, mostly."""
    doc = good(r)
    path = r.choice([p for p in nodes(doc) if p and p[0] != "x-note"])
    odd = r.choice([None, -1, 0, 2.5, 10**9, "", "odd word", "a/b", True, [], {}, [1], {"k": 1},
                    ["a", "a"], 1e300, "90"])
    how = r.randrange(4)
    if how == 0:  # another value
        return replace(doc, path, lambda _: odd)
    inside = doc
    for step in path[:-1]:
        inside = inside[step]
    if how == 1 and isinstance(inside, dict):  # another key
        inside["zz" + str(path[-1])] = inside.pop(path[-1])
    elif how == 2:  # one less
        del inside[path[-1]]
    elif isinstance(inside, dict):  # one more
        inside[r.choice(["odd", "log", "default", "type", "float", "options"])] = odd
    else:
        inside.append(odd)
    return doc


def bad_meaning(r):
    """A good study with one thing that a schema cannot see."""
    doc = good(r)
    space = doc["space"]
    name = sorted(space)[0]

    def set_parameter(value):
        space[name] = value
    changes = [
        lambda: set_parameter({"float": [2, r.choice([1, 2])]}),
        lambda: set_parameter({"int": [5, r.choice([4, 5])]}),
        lambda: set_parameter({"float": [r.choice([0, -1]), 1], "log": True}),
        lambda: set_parameter({"int": [0, 8], "log": True}),
        lambda: set_parameter({"float": [0, 1], "step": r.choice([0.3, 2])}),
        lambda: set_parameter({"int": [0, 8], "step": r.choice([3, 9])}),
        lambda: set_parameter({"float": [0.1, 1], "step": 0.1, "log": True}),
        lambda: set_parameter({"float": [0, 1], "default": r.choice([-1, 1.5])}),
        lambda: set_parameter({"int": [0, 8], "default": 9}),
        lambda: set_parameter({"choice": ["a", "b"], "default": r.choice(["c", 1, True])}),
        lambda: set_parameter({"int": [0, r.choice([2**53 + 1, 2**63 - 1])]}),
        lambda: set_parameter({"float": [-1.7e308, 1.7e308]}),
        lambda: space.update({r.choice(["seed", "trial", "workdir"]): {"bool": True}}),
        lambda: space.update({"a.b": {"bool": True}, r.choice(["a_b", "A-B"]): {"bool": True}}),
        lambda: doc["command"].append("{%s}" % r.choice(["nothing", "segment", "lrr"])),
        lambda: doc.update(result={"file": r.choice(["{nothing}", "{result_file}"])}),
        lambda: doc.update(environment={"inherit": [r.choice(["A_TOKEN", "MY_KEY", "HPO_X"])]}),
        lambda: doc.update(environment={"vars": {"HPO_SEED": "1"}}),
        lambda: doc.update(budget={"trials": 1}, initial=[{}, {}]),
        lambda: doc.update(initial=[{"nothing": 1}]),
        lambda: doc.update(initial=[{name: [1]}]),
        lambda: doc.update(budget={"time": "0s"}),
        lambda: doc.update(budget={"time": "999999999d"}),
        lambda: doc.update(executor={"type": "local", "grace": "2h"}),
        lambda: doc.update(executor={"type": "simulated", "seconds": [2, 1]}),
        lambda: doc.update(executor={"type": "simulated", "failures": 1, "losses": 0.5}),
    ]
    r.choice(changes)()
    return doc


def limits():
    """Every length and count at the limit and one past it."""
    base = {"name": "a", "space": {"x": {"float": [0, 1]}}, "objective": {"minimize": "l"},
            "command": ["a"]}
    cases = []
    for n in (32, 33):
        cases.append({"tags": ["t%d" % i for i in range(n)]})
    for n in (256, 257):
        cases.append({"command": ["a"] * n})
    for n in (8192, 8193):
        cases.append({"command": ["ü" * n]})
    for n in (512, 513):
        cases.append({"space": {"p%d" % i: {"bool": True} for i in range(n)}})
    for n in (1024, 1025):
        cases.append({"space": {"x": {"choice": list(range(n))}}})
    for n in (1000, 1001):
        cases.append({"budget": {"trials": 2000}, "initial": [{"x": 0.5}] * n})
    for n in (64, 65):
        cases += [{"name": "a" * n}, {"space": {"a" * n: {"bool": True}}}]
    for n in (4096, 4097):
        cases += [{"description": "ü" * n}, {"workdir": "/" * n}, {"$schema": "s" * n},
                  {"result": {"file": "f" * n}}]
    for n in (128, 129):
        cases += [{"environment": {"vars": {"V%d" % i: "" for i in range(n)}}},
                  {"environment": {"inherit": ["V%d" % i for i in range(n)]}},
                  {"environment": {"inherit": ["V" * n]}}]
    for name, low, high in (("parallel", 1, 100000), ("seed", 0, 2**63 - 1), ("version", 1, 1)):
        cases += [{name: n} for n in (low - 1, low, high) + ((high + 1,) if name != "seed" else ())]
    for name, low, high in (("trials", 1, 10**7), ("patience", 1, 10**7),
                            ("max_failures", 0, 10**7)):
        cases += [{"budget": {name: n}} for n in (low - 1, low, high, high + 1)]
    for name, low, high in (("slots", 1, 100000), ("cpus", 1, 4096), ("gpus", 0, 64)):
        cases += [{"executor": {"type": "local", name: n}} for n in (low - 1, low, high, high + 1)]
    for n in (1023, 1024, 2**24, 2**24 + 1):
        cases.append({"result": {"max_bytes": n}})
    for n in (-1, 0, 20, 21):
        cases.append({"retry": {"max": n}})
    for p in ({"float": [0, 1], "step": 0}, {"float": [0, 1], "step": 1},
              {"int": [0, 1], "step": 0}, {"int": [0, 2**53], "step": 2**53},
              {"int": [0, 2**53], "step": 2**53 + 1}, {"choice": ["a"]}, {"ordinal": [1]},
              {"fixed": "x" * 8192}, {"fixed": "x" * 8193}, {"choice": ["x" * 8192, 1]},
              {"choice": ["x" * 8193, 1]}, {"ordinal": ["a", "x" * 8193]},
              {"bool": True, "unit": "u" * 64}, {"bool": True, "unit": "u" * 65},
              {"bool": True, "description": "u" * 4096}, {"bool": True, "description": "u" * 4097}):
        cases.append({"space": {"x": p}})
    for text in ("999999999s", "1000000000s", "1.000001s", "1.0000001s", "999:59:59", "1000:00:00",
                 "00:60:00", "00:00:60", "1-1:00:00", "1h30m", "1 h", "1w", "", "-1s", "1.s"):
        cases += [{"budget": {"time": text}}, {"executor": {"type": "local", "grace": text}}]
    for n in (-0.1, 0, 1, 1.1):
        cases += [{"executor": {"type": "simulated", "failures": n}},
                  {"executor": {"type": "simulated", "losses": n}}]
    for n in (-1, 0, 86400, 86401):
        cases.append({"executor": {"type": "simulated", "seconds": [n, n]}})
    for n in (512, 513):
        cases.append({"environment": {"captured": {"V%d" % i: "" for i in range(n)}}})
    for n in (131072, 131073):
        cases.append({"environment": {"captured": {"V": "x" * n}}})
    return [{**base, **case} for case in cases]


def decoder_answers(documents):
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    done = subprocess.run([DECODE_MAIN], input=lines, capture_output=True, text=True, check=True)
    answers = [line.split() for line in done.stdout.splitlines()]
    assert len(answers) == len(documents), "one answer a line"
    return answers


def is_semantic(code):
    return code.startswith(("HPO-E02", "HPO-E03"))


def compare(documents, schema):
    validator = jsonschema.Draft202012Validator(schema)
    shares = {"good": 0, "schema": 0, "meaning": 0}
    disagreements = []
    for document, codes in zip(documents, decoder_answers(documents)):
        accepted = "ok" in codes
        valid = validator.is_valid(document)
        errors = [code for code in codes if code.startswith("HPO-E")]
        shares["good" if accepted else "meaning" if valid else "schema"] += 1
        if accepted and not valid:
            disagreements.append(("the schema alone refuses", document, codes))
        elif valid and not accepted and not all(is_semantic(code) for code in errors):
            disagreements.append(("the decoder alone refuses", document, codes))
        elif not accepted and not errors:
            disagreements.append(("neither study nor error", document, codes))
    return shares, disagreements


def main():
    schema = json.loads((SOURCE / "schema/json/study.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    documents = [make(random.Random(seed)) for seed in range(COUNT // 3)
                 for make in (good, bad_structure, bad_meaning)]
    # A change of structure by chance leaves some studies good, so there are more of these.
    documents += [bad_structure(random.Random(COUNT + seed)) for seed in range(COUNT // 4)]
    documents += [bad_meaning(random.Random(COUNT + seed)) for seed in range(COUNT // 10)]
    documents += [{}, [], 7, "text", None, True]
    shares, disagreements = compare(documents, schema)
    disagreements += compare(limits(), schema)[1]
    print(f"{len(documents)} studies: {shares}; {len(limits())} at limits")
    for what, document, codes in disagreements[:10]:
        print(what, json.dumps(document), codes, file=sys.stderr)
    assert not disagreements, f"{len(disagreements)} disagreements"
    assert len(documents) >= 200
    for kind, count in shares.items():
        assert count >= SHARE_MIN * len(documents), f"too few studies of kind {kind}"


if __name__ == "__main__":
    main()
