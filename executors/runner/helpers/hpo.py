"""What a training script needs of hpo, in one file without dependencies (Python 3.6 or later).

    import hpo
    p = hpo.params({"width": 64, "learning_rate": 1e-3})
    ...
    hpo.report(epoch, auc=auc)     # after each step, if you like
    hpo.result(auc=auc)            # once, at the end

In a trial the values come from hpo and the result goes to hpo. By hand, params() gives the
defaults and result() prints, so the same script serves both. Everything goes through the
files that the HPO_* variables name; nothing here needs a network or a daemon.
"""
import json
import math
import os

STATUSES = ("completed", "pruned", "infeasible", "failed")
REPORT_BYTES_MAX = 4096  # a longer write may be cut in two by another writer's


def in_trial():
    """True if a trial's params are at hand: hpo, or the line of `hpo trial`, set them."""
    return "HPO_PARAMS_FILE" in os.environ


def trial():
    """The trial's number; 0 by hand. Good as a seed."""
    text = os.environ.get("HPO_TRIAL", "0")
    try:
        return int(text)
    except ValueError:
        raise ValueError("HPO_TRIAL is %r: hpo sets it to a trial's number" % text)


def params(defaults=None):
    """The trial's params as a dict, over the defaults.

    A name that the trial lacks keeps its default, and a name that only the trial has is
    returned too: the study may grow without the script. JSON does not tell 3 from 3.0, so a
    number takes its default's type (int or float) where that changes nothing.
    """
    values = dict(defaults or {})
    if not in_trial():
        return values
    for name, value in _trial_params(os.environ["HPO_PARAMS_FILE"]).items():
        values[name] = _like(values.get(name), value)
    return values


def report(step, **metrics):
    """Appends a step's metrics, e.g. report(3, auc=0.85). Outside a trial it does nothing."""
    line = (json.dumps(dict(_checked(metrics), step=int(step))) + "\n").encode()
    if len(line) > REPORT_BYTES_MAX:
        raise ValueError("report at step %d has %d bytes; the limit is %d: report fewer metrics"
                         % (step, len(line), REPORT_BYTES_MAX))
    path = os.environ.get("HPO_METRICS_FILE")
    if path:
        with open(path, "ab", buffering=0) as file:  # one write a line: readers see whole ones
            file.write(line)


def result(status=None, message=None, **values):
    """Hands in the trial's result, e.g. result(auc=0.87, rejection=26.1); by hand it prints it.

    status: completed (when left out), pruned, infeasible or failed; message says why.
    NaN and infinities are written as they are: hpo names them, the trial fails as non_finite.
    The file appears whole or not at all; the last call wins.
    """
    if status is not None and status not in STATUSES:
        raise ValueError("result status %r: use one of %s" % (status, ", ".join(STATUSES)))
    if status in (None, "completed") and not values:
        raise ValueError("result has no values: pass the objective by name, as in result(auc=0.87)")
    content = _checked(values)
    if status is not None or message is not None:
        content = {"values": content, "status": status or "completed", "message": message or ""}
    text = json.dumps(content)
    path = os.environ.get("HPO_RESULT_FILE")
    if path:
        _write_atomically(path, text + "\n")
    if not path or "HPO_JOB" not in os.environ:  # by hand, where nobody reads the file
        print(text)


def _trial_params(path):
    try:
        with open(path, encoding="utf-8") as file:
            return dict(json.load(file)["params"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RuntimeError("HPO_PARAMS_FILE %s holds no {\"params\": {...}}: %s: %s"
                           % (path, type(error).__name__, error))


def _like(default, value):
    if not (_is_number(default) and _is_number(value)):
        return value
    converted = type(default)(value) if math.isfinite(value) else value
    return converted if converted == value else value


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _checked(metrics):
    """Plain numbers by name; those of numpy and torch know how to become Python's."""
    plain = {}
    for name, value in metrics.items():
        try:
            plain[name] = value.item() if hasattr(value, "item") else value
        except (ValueError, RuntimeError):  # an array of several numbers; named below
            plain[name] = None
        if not _is_number(plain[name]):
            raise TypeError("metric %r is %r of type %s: metrics are single numbers"
                            % (name, value, type(value).__name__))
    return plain


def _write_atomically(path, text):
    temporary = "%s.%d.tmp" % (path, os.getpid())  # beside it: a rename stays in one file system
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
