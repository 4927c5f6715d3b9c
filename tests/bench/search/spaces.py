"""Spaces as study.json writes them: which parameters are active, and uniform random params."""
import math


def type_of(parameter):
    return next(key for key in ("float", "int", "choice", "ordinal", "bool") if key in parameter)


def values_of(parameter):
    """All values of a parameter that is not continuous, in their order."""
    kind = type_of(parameter)
    if kind == "bool":
        return [False, True]
    if kind == "int":
        low, high = parameter["int"]
        return list(range(low, high + 1, parameter.get("step", 1)))
    return parameter[kind]


def matching_values(parent, wanted):
    """What a parent may be for `when` to hold; for peers that list such values."""
    return [value for value in values_of(parent) if _matches(value, wanted)]


def plain(parameter, value):
    """A value as a program hands it on, made the one of the space: 8.0 or numpy's 8 become 8."""
    kind = type_of(parameter)
    if kind == "float":
        low, high = parameter["float"]
        return min(high, max(low, float(value)))  # a logarithm and back may end outside
    if kind == "int":
        return int(value)
    return next(each for each in values_of(parameter)
                if each == value or str(each) == str(value))


def is_indexed(parameter):
    """Whether a peer that knows ranges of integers alone is given the index in `values_of`."""
    return type_of(parameter) == "ordinal" or "step" in parameter


def from_flat(space, suggested):
    """Params of what a peer without conditions suggests, who is asked for all parameters and for
    the index of those that are indexed: what is not active is left out, so it has no effect."""
    return active_params(space, {
        name: plain(each, values_of(each)[int(suggested[name])] if is_indexed(each)
                    else suggested[name]) for name, each in space.items()})


def is_active(parameter, params):
    """Whether `when` holds; a parameter that is not in `params` is not active, nor what hangs on
    it."""
    for name, wanted in parameter.get("when", {}).items():
        if name not in params or not _matches(params[name], wanted):
            return False
    return True


def _matches(value, wanted):
    if isinstance(wanted, dict):
        return wanted.get("min", value) <= value <= wanted.get("max", value)
    return value in wanted if isinstance(wanted, list) else value == wanted


def active_params(space, params):
    """Only what means something. REQUIRES: a parameter stands behind those it hangs on."""
    active = {}
    for name, parameter in space.items():
        if is_active(parameter, active):
            active[name] = params[name]
    return active


def without_conditions(space):
    return {name: {key: what for key, what in parameter.items() if key != "when"}
            for name, parameter in space.items()}


def random_params(space, rng):
    """Uniform in each parameter, on the log scale where it has one: what random search does."""
    return active_params(space, {name: _draw(parameter, rng) for name, parameter in space.items()})


def _draw(parameter, rng):
    kind = type_of(parameter)
    if kind == "bool":
        return rng.random() < 0.5
    if kind in ("choice", "ordinal"):
        return rng.choice(parameter[kind])
    low, high = parameter[kind]
    if kind == "float":
        return math.exp(rng.uniform(math.log(low), math.log(high))) if parameter.get("log") \
            else rng.uniform(low, high)
    if parameter.get("log"):  # each integer owns the half steps around it
        drawn = math.exp(rng.uniform(math.log(low - 0.5), math.log(high + 0.5)))
        return min(high, max(low, round(drawn)))
    return low + rng.randrange((high - low) // parameter.get("step", 1) + 1) * \
        parameter.get("step", 1)
