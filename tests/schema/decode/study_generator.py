"""Studies by chance, from a random.Random: good ones, and ones with one thing wrong."""
import copy

STRATEGIES = ["auto", "random", "sobol", "tpe", "cma_es", "gp"]
CMA_OPTIONS = {"sigma0": 0.1, "population": 8, "restarts": "bipop", "warm_start": 20.0}
EXTERNAL = {"type": "external", "command": ["./own", "", "{x}"], "time": "5m", "memory": "512M",
            "options": {"a": [1, {"b": None}], "c": "d"}}
PRUNERS = ["none", "median", "percentile", "wilcoxon", {"type": "median", "options": {}},
           {"type": "percentile", "options": {"percentile": 12.5, "min_trials": 2}},
           {"type": "wilcoxon", "options": {"p_threshold": 0.05, "startup_steps": 3}}]
HALVING = ["asha", "hyperband", {"type": "asha", "options": {"type": "promotion"}},
           {"type": "hyperband", "options": {"type": "stopping", "brackets": 2}}]
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
    if r.random() < 0.1:
        p["when"] = r.choice([{"gate": True}, {"level": [1, 3.0]}, {"level": {"min": 2}},
                              {"gate": [True, False], "level": {"min": 1, "max": 2.5}}])
    if r.random() < 0.2:
        p["unit"] = "GeV"
    if r.random() < 0.2:
        p["description"] = "what it does"
    return p


def constraint(r, space):
    """One that every value fulfils, about a parameter of numbers or a bool."""
    names = [n for n in sorted(space) if {"float", "int", "bool"} & set(space[n])]
    if not names:
        return None
    name = r.choice(names)
    if "bool" in space[name]:
        return "%s or not %s" % (name, name)
    shape = r.choice(["%s <= 1e6", "-%s < 1 or %s > -9", "min(abs(%s), 2) < 1e4"])
    return shape.replace("%s", name)


def grids(space):
    """Of a space that has no floats without a step: its own values, or some of them."""
    if any("float" in p and "step" not in p for p in space.values()):
        return [{"type": "tpe"}]
    some = {n: p["choice"][:1] for n, p in space.items() if "choice" in p}
    return ["grid", {"type": "grid", "options": {"values": some}}]


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


def external(r):
    e = {"type": "external"}
    options = {"cpus": 4, "gpus": 0, "time": r.choice(DURATIONS), "grace": "30s",
               "lease": r.choice(["1s", "2m", "24h"])}
    for key in r.sample(sorted(options), r.randint(0, len(options))):
        e[key] = options[key]
    return r.choice(["external", e])


def slurm(r):
    e = {"type": "slurm"}
    options = {"account": "m1234_g", "partition": "gpu,cpu", "qos": "debug",
               "constraint": r.choice(["gpu&hbm80g", "[a|b]", "(x|!y)*2"]), "nodes": 2,
               "tasks_per_node": 4.0, "cpus": 8, "gpus": 1,
               "memory": r.choice(["200G", "1.5T", "512M", "2048K"]),
               "time": r.choice(["04:30:00", "2d"]), "grace": r.choice(["30s", "5m"]),
               "licenses": "scratch,cfs:2", "reservation": "maint_1", "exclusive": True,
               "max_queued": 7, "submit_rate": r.choice([1, 0.2, "10/1min", "4/h"]),
               "extra": r.sample(["--hold", "--mail-type=FAIL", "--exclude=n[1-3]"], 2)}
    for key in r.sample(sorted(options), r.randint(0, len(options))):
        e[key] = options[key]
    return e


def on_slurm(r, doc):
    """Moves the study to a batch system, with what only these take."""
    doc["executor"] = r.choice(["slurm", slurm(r), slurm(r)])
    options = {"modules": ["python/3.11", "c++"], r.choice(["conda", "venv"]): "/envs/ml",
               "setup": "a\nb", "secrets": ["WANDB_API_KEY"],
               "container": r.choice([{"image": "a.sif"},
                                      {"image": "b", "runtime": "podman", "gpu": False,
                                       "binds": ["/a", "/b:/c"]}])}
    environment = doc.setdefault("environment", {})
    for key in r.sample(sorted(options), r.randint(0, len(options))):
        environment[key] = options[key]
    if "time" in doc["executor"] and doc["executor"] != "slurm" and r.random() < 0.5:
        doc.setdefault("budget", {})["node_hours"] = r.choice([96, 400.5])
    if r.random() < 0.3:
        doc.setdefault("retry", {})["scale"] = {"memory": 1.5, "time": r.choice([1, 2.5])}


def pulled(r, doc):
    """Moves the study to workers that are started by hand."""
    doc["executor"] = external(r)
    doc.pop("dispatch", None)
    if r.random() < 0.5:
        doc["dispatch"] = "workers"
    doc["warm"] = r.random() < 0.5
    if r.random() < 0.5:
        doc.pop("command")


def worker_jobs(r, doc):
    """Moves the study to worker jobs that hpod starts."""
    doc["executor"] = r.choice([{"type": "local", "slots": 3}, {"type": "local", "lease": "9s"},
                                {"type": "slurm", "time": "2d", "slots": 16, "lease": "5m"}])
    doc.update(dispatch="workers", workers=r.choice([1, 9, 2.0]))


def good(r):
    names = r.sample(["lr", "layers", "drop.out", "batch-size", "_w", "K"], r.randint(1, 5))
    space = {name: parameter(r) for name in names}
    if any("when" in p for p in space.values()):  # what conditions ask for
        space.update({"gate": {"bool": True}, "level": {"int": [1, 3]}})
    doc = {"name": r.choice(["toy", "a.b-c_9", "7x"]), "space": space,
           "objective": {r.choice(["minimize", "maximize"]): r.choice(["loss", "auc"])},
           "command": ["./train", "--x={%s}" % r.choice(names + ["trial", "params_file"]), "{{x}}"]}
    extra = {"$schema": "study.schema.json", "version": r.choice([1, 1.0]), "description": "d",
             "tags": ["a", "b"], "workdir": "/data",
             "strategy": r.choice(STRATEGIES + grids(space) +
                                  [{"type": "sobol"}, {"type": "auto", "options": {}},
                                   {"type": "cma_es", "options": CMA_OPTIONS}, EXTERNAL,
                                   {"type": "gp", "options": {"pending": "ucb_pe"}}]),
             "executor": executor(r), "dispatch": "job_per_trial",
             "environment": {"vars": {"A": "1"}, "inherit": ["ROOTSYS"], "captured": {"PATH": "/"}},
             "space_constraints": [c for c in [constraint(r, space)] if c],
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
    if r.random() < 0.4:
        doc["pruner"] = r.choice(PRUNERS)
    if r.random() < 0.2:
        doc["fidelity"] = {"name": r.choice(["epochs", "k-steps"]), "min": r.choice([1, 2.0]),
                           "max": r.choice([9, 81]), "checkpoint": True}
        doc["pruner"] = r.choice(HALVING + PRUNERS)
        if r.random() < 0.3:
            doc["strategy"] = r.choice(["bohb", "mobster", {"type": "bohb", "options": {}}])
        if r.random() < 0.5:
            doc["fidelity"]["eta"] = r.choice([2, 2.5, 4])
    if r.random() < 0.4:
        on_slurm(r, doc)
    elif r.random() < 0.3:
        r.choice([pulled, worker_jobs])(r, doc)
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
        lambda: set_parameter({"bool": True, "when": {r.choice(["nothing", name]): True}}),
        lambda: (space.update(a={"float": [0, 1]}),
                 doc.update(strategy=r.choice(["grid", {"type": "grid"}, {
                     "type": "grid", "options": {"values": r.choice(
                         [{}, {"b": [1]}, {"a": [2]}, {"a": [1, 1]}])}}]))),
        lambda: doc.update(strategy=dict(EXTERNAL, **r.choice(
            [{"time": "0s"}, {"time": "2h"}, {"memory": "15M"}, {"memory": "9999T"}]))),
        lambda: doc.update(space_constraints=[r.choice(
            ["nothing < 1", "1 < 2", "(", "1 <= a <= 2", "a + 1", "a ! 2"])]),
        lambda: (space.update(a={"float": [0, 1]}),
                 doc.update(space_constraints=[r.choice(["a > 2", "a == 0.5"])])),
        lambda: space.update(a={"int": [1, 2]}, b={"bool": True, "when": {"a": r.choice(
            [3, "x", [1, 3], {"min": 3}, {"max": 0.5}, {"min": 2, "max": 1}])}}),
        lambda: space.update({r.choice(["seed", "trial", "workdir"]): {"bool": True}}),
        lambda: space.update({"a.b": {"bool": True}, r.choice(["a_b", "A-B"]): {"bool": True}}),
        lambda: doc.setdefault("command", ["a"]).append(
            "{%s}" % r.choice(["nothing", "segment", "lrr"])),
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
        lambda: doc.update(executor={"type": "slurm", "time": "5m", "grace": "5m"}),
        lambda: doc.update(executor={"type": "slurm", "time": "30s"}),
        lambda: doc.update(executor={"type": "slurm", "memory": r.choice(["1K", "1025T"])}),
        lambda: doc.update(executor={"type": "slurm", "submit_rate": r.choice(["0/s", "101/s"])}),
        lambda: doc.update(executor={"type": "slurm", "extra": [r.choice(
            ["--wrap=x", "--uid=0", "--tim=1", "--export=ALL", "--exclude"])]}),
        lambda: doc.update(executor="slurm", environment={
            "vars": {"A": ""}, "secrets": [r.choice(["A", "HPO_A"])]}),
        lambda: doc.update(executor="local", environment=r.choice(
            [{"modules": []}, {"conda": "a"}, {"setup": ""}, {"container": {"image": "a"}}])),
        lambda: doc.update(executor="local", budget={"node_hours": 1}),
        lambda: doc.update(executor="slurm", budget={"node_hours": 400}),
        lambda: doc.update(executor={"type": "slurm", "time": "2h"}, budget={"node_hours": 1.9}),
        lambda: doc.update(executor="local", retry={"scale": {"time": 2}}),
        lambda: (doc.pop("fidelity", None), doc.update(pruner=r.choice(HALVING))),
        lambda: doc.update(pruner=HALVING[2], fidelity={"name": "e", "min": 1, "max": 9}),
        lambda: doc.update(fidelity={"name": "e", "min": r.choice([9, 10]), "max": 9}),
        lambda: doc.update(fidelity={"name": name, "min": 1, "max": 9}),
    ]
    r.choice(changes)()
    return doc
