"""Studies with every length and count at its limit and one past it."""


def setup(**members):
    return {"executor": "slurm", "environment": members}


def batch_limits():
    cases = []
    for name, low, high in (("nodes", 1, 100000), ("tasks_per_node", 1, 4096),
                            ("max_queued", 1, 100000)):
        cases += [{"executor": {"type": "slurm", name: n}} for n in (low - 1, low, high, high + 1)]
    for n in (0, 0.0009, 0.001, 100, 100.1, "1/s", "1/2 s", "1000000/s", "1/1000000s", "1/day",
              "10/1min", "10/min", "-1/s"):
        cases.append({"executor": {"type": "slurm", "submit_rate": n}})
    for text in ("1M", "1024T", "1", "1g", "1GB", "1.5G", "1.1234567G", "1.G", ".5G", "-1G", "1 G",
                 "9999999999999K", "12345678901234K", "G", ""):
        cases.append({"executor": {"type": "slurm", "memory": text}})
    for name in ("account", "partition", "qos", "reservation", "licenses", "constraint"):
        for text in ("a" * 256, "a" * 257, "", "-a", "a b", "_", "a,b", "a:2", "a|b", "(a)", "[a]",
                     "a&b", "!a", "a/b", "a+b", "a@b", "a=b", "a*2", "a;b", "é", "a\tb"):
            cases.append({"executor": {"type": "slurm", name: text}})
    for text in ("--a", "--a=", "--a=b c", "--a=é", "-a", "a", "--", "--A=1", "--9=1", "--a_b=1",
                 "--a b=1", "--=1", "---a=1", "--a=\t", "--a=\u007f", "--a=" + "x" * 1020,
                 "--a=" + "x" * 1021, ""):
        cases.append({"executor": {"type": "slurm", "extra": [text]}})
    for n in (64, 65):
        cases += [{"executor": {"type": "slurm", "extra": ["--hold"] * n}},
                  {"environment": {"secrets": ["S%d" % i for i in range(n)]}},
                  setup(modules=["m"] * n),
                  setup(secrets=["S%d" % i for i in range(n)]),
                  setup(container={"image": "a", "binds": ["/a"] * n})]
    for text in ("a", "/a", "-a", "", "a b", "/a b", "a/b", "/a\tb", "a+b", ".a", "é", "a" * 128,
                 "a" * 129, "/" * 4096, "/" * 4097):
        cases += [setup(modules=[text]), setup(conda=text), setup(venv=text),
                  setup(container={"image": text}),
                  setup(container={"image": "a", "binds": [text]})]
    for text in ("/a:/b", "/a:", "/a:b", "/a:/b:ro", "/a,/b", "/a;b", ":/a", "/a:/b c"):
        cases.append(setup(container={"image": "a", "binds": [text]}))
    for n in (65536, 65537):
        cases.append(setup(setup="ü" * n))
    cases += [setup(conda="a", venv="/b"), setup(container={}), setup(container={"runtime": "x"})]
    for text in ("gpu", "", "a/b", "slrum", "a" * 64, "a" * 65, 7):
        cases += [{"executor": text}, {"executor": {"profile": text, "nodes": 2, "time": "1h"}},
                  {"executor": {"type": "slurm", "profile": text}}]
    cases += [{"executor": {"profile": "gpu", **more}} for more in (
        {"nodes": 0}, {"a": 1}, {"type": "slurm"}, {"profile": "slurm"})]
    for text in ("0.9s", "1s", "24h", "24.1h", 60, ""):
        cases.append({"executor": {"type": "external", "lease": text}, "dispatch": "workers"})
    for n in (0, 1, 10000, 10001):
        cases += [{"dispatch": "workers", "workers": n}, {"workers": n}]
    for kind in ({"type": "local"}, {"type": "slurm", "time": "9h"}, {"type": "simulated"}):
        cases += [{"executor": dict(kind, **more), "dispatch": "workers", "workers": 2}
                  for more in ({"slots": 4}, {"lease": "1m"}, {"nodes": 1})]
    for word in ("workers", "job_per_trial"):
        cases += [{"executor": "external", "dispatch": word}, {"dispatch": word}]
    for warm in (True, False, 1):
        cases += [{"warm": warm}, {"executor": "external", "warm": warm}]
    for n in (0, 0.001, 1e9, 1.1e9):
        cases.append({"executor": {"type": "slurm", "time": "3s", "grace": "1s"},
                      "budget": {"node_hours": n}})
    for n in (0.9, 1, 10, 10.1):
        cases += [{"executor": "slurm", "retry": {"scale": {name: n}}}
                  for name in ("memory", "time")]
    return cases


def option_limits():
    values = {"sigma0": (0.0009, 0.001, 1, 1.1, "0.1"), "restarts": ("ipop", "bipop", "", 1),
              "population": (3, 4, 4.5, 10000, 10001), "warm_start": (-1, 0, 100000, 100001)}
    return [{"strategy": {"type": "cma_es", "options": {name: value}}}
            for name in values for value in values[name]] + [
        {"strategy": {"type": "gp", "options": {"pending": value}}}
        for value in ("ucb_pe", "kriging_believer", "liar", 1)] + [
        {"fidelity": {"name": "e", "min": 1, "max": 9},
         "strategy": {"type": name, "options": {"random_fraction": value}}}
        for name in ("bohb", "mobster") for value in (-0.1, 0, 1, 1.1, "1")] + [
        {"strategy": {"type": name, "options": {"sigma0": 0.1}}} for name in ("tpe", "auto")]


def external_limits():
    """A program with one key more, or another type in its place."""
    program = {"type": "external", "command": ["a"]}
    values = {"command": (None, "a", [], [""], ["a", ""], ["a"] * 256, ["a"] * 257, [1],
                          ["a" * 8192], ["a" * 8193], ["a", "a" * 8193]),
              "options": ({}, {"a": {"b": [None]}}, [], 1), "more": (1,),
              "time": ("1s", "1h", 60, "1"), "memory": ("16M", "1T", 1, "1")}
    cases = [{"strategy": dict(program, **{name: value})}
             for name in values for value in values[name]]
    others = [{"strategy": {"type": name, key: program.get(key, "1m")}}
              for name in ("tpe", "auto", "grid") for key in ("command", "time", "memory")]
    return cases + others + [{"strategy": value} for value in ("external", {"type": "external"})]


def pruner_limits():
    """Options of pruners and the numbers of a fidelity, at their limits and past them."""
    trials, steps = 10**7, 10**9
    values = {"percentile": (-0.1, 0, 100, 100.1, "1"),
              "startup_trials": (-1, 0, trials, trials + 1),
              "warmup_steps": (-1, 0, steps, steps + 1), "min_trials": (0, 1, trials, trials + 1),
              "interval_steps": (0, 1, 1.5, steps, steps + 1)}
    cases = [{"pruner": {"type": pruner, "options": {name: value}}}
             for pruner in ("median", "percentile", "none") for name in values
             for value in values[name]]
    cases += [{"pruner": {"type": "wilcoxon", "options": {name: value}}} for name, value in (
        ("p_threshold", -0.1), ("p_threshold", 0), ("p_threshold", 1), ("p_threshold", 1.1),
        ("startup_steps", -1), ("startup_steps", 0), ("startup_steps", 1024),
        ("startup_steps", 1025), ("type", "stopping"))]
    whole = {"name": "e", "min": 1, "max": 10**9, "eta": 2, "checkpoint": True}
    cases += [{"fidelity": whole, "pruner": {"type": pruner, "options": {name: value}}}
              for pruner in ("asha", "hyperband", "median") for name, value in (
                  ("type", "stopping"), ("type", "promotion"), ("type", ""), ("type", 1),
                  ("brackets", 0), ("brackets", 1), ("brackets", 32), ("brackets", 33))]
    cases += [{"fidelity": dict(whole, **{name: value})} for name, value in (
        ("min", 0), ("min", 0.5), ("min", 2.0), ("min", 10**9), ("max", 10**9 + 1), ("max", "9"),
        ("eta", 1.9), ("eta", 2.5), ("eta", 100), ("eta", 100.1), ("checkpoint", 1), ("more", 1),
        ("name", ""), ("name", "a" * 64), ("name", "a" * 65), ("name", "9"), ("name", "_"))]
    cases += [{"fidelity": {k: v for k, v in whole.items() if k != name}} for name in whole]
    return cases + [{"pruner": value} for value in (
        "none", "asha", "", 1, [], {}, {"type": "none"}, {"type": "none", "options": {}},
        {"type": "none", "options": 1}, {"type": "median", "more": 1}, {"options": {}})]


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
    for n in (64, 65):
        cases.append({"space_constraints": ["x < 2"] * n})
    for n in (512, 513):
        cases.append({"space_constraints": ["x < 2" + " " * (n - 5)]})
    cases += [{"space_constraints": c} for c in ([], [""], [1], "x < 2", None)]
    for n in (16, 17):
        gates = {"g%d" % i: {"bool": True} for i in range(n)}
        cases.append({"space": {**gates, "x": {"bool": True, "when": {g: True for g in gates}}}})
    for n in (1024, 1025):
        cases.append({"space": {"x": {"int": [0, 9]},
                                "y": {"bool": True, "when": {"x": [1] * n}}}})
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
    return [{**base, **case} for case in cases + batch_limits() + option_limits() +
            external_limits() + pruner_limits()]
