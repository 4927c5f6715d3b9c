"""What a training script needs of hpo, in one file without dependencies (Python 3.6 or later).

    import hpo
    p = hpo.params({"width": 64, "learning_rate": 1e-3})
    for epoch in range(1, hpo.last_step(9) + 1):
        if hpo.report(epoch, auc=train(epoch)):   # when it is done, if you like; True: stop now
            break
    with hpo.checkpoint() as folder:   # what a later attempt finds by hpo.checkpoint_from()
        model.save(folder + "/model")
    hpo.result(auc=auc)                # once, at the end

In a trial values come from hpo and the result goes there. By hand, params() gives the defaults and
result() prints: the same script serves both. HPO_* variables name the files: no network, no daemon.
"""
import atexit, contextlib, gc, json, math, os, signal, sys, threading, weakref

STATUSES = ("completed", "pruned", "infeasible", "failed")
REPORT_BYTES_MAX = 4096  # a longer write may be cut in two by another writer's
_told = []  # signals that ask for a stop


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


def last_step(default):
    """The last step to do and report, the fidelity's max; without one, and by hand, `default`."""
    return int(os.environ.get("HPO_FIDELITY_MAX", default))


def params(defaults=None):
    """The trial's params as a dict, over the defaults.

    A name that the trial lacks keeps its default, and a name that only the trial has is
    returned too: the study may grow without the script. JSON does not tell 3 from 3.0, so a
    number takes its default's type (int or float) where that changes nothing.
    """
    values = dict(defaults or {})
    if not in_trial():
        return values
    path = os.environ["HPO_PARAMS_FILE"]
    try:
        with open(path, encoding="utf-8") as file:
            told = dict(json.load(file)["params"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RuntimeError("HPO_PARAMS_FILE %s holds no {\"params\": {...}}: %s: %s"
                           % (path, type(error).__name__, error))
    values.update((name, _like(values.get(name), value)) for name, value in told.items())
    return values


def report(step, **metrics):
    """Appends a step's metrics, e.g. report(3, auc=0.85); True: the training should stop.

    A step is told when it is done: the first is 1, the last the fidelity's max, where a training is
    whole; 0 may tell the state before. Each once: the first value counts; NaN is no error. Outside
    a trial it only checks them. Of several processes one reports and tells the others.
    """
    told = _checked(dict(metrics, step=step))
    if not 0 <= told["step"] <= 2 ** 53 or told["step"] != int(told["step"]):
        raise ValueError("step %r: steps are whole numbers from 0 to 2**53" % step)
    line = (json.dumps(dict(told, step=int(told["step"]))) + "\n").encode()
    if len(line) > REPORT_BYTES_MAX:
        raise ValueError("report at step %d has %d bytes; the limit is %d: report fewer metrics"
                         % (step, len(line), REPORT_BYTES_MAX))
    path = os.environ.get("HPO_METRICS_FILE")
    if path:
        with open(path, "ab", buffering=0) as file:  # one write a line: readers see whole ones
            file.write(line)
    return bool(_told) or os.path.exists(os.environ.get("HPO_STOP_FILE", ""))


def stop_at_report():
    """From here on SIGTERM does not end this process: report() says True instead.

    A training that is to stop gets SIGTERM, and SIGKILL when the study's grace is over. Call this
    where the time until the next report fits into the grace and there is something to save.
    """
    signal.signal(signal.SIGTERM, lambda number, frame: _told.append(number))


@contextlib.contextmanager
def checkpoint():
    """A fresh directory to save into: `with hpo.checkpoint() as folder: …`.

    Whole, it takes the place of the one before when the block ends, unless that raises or is
    killed. By hand it is thrown away.
    """
    import shutil, tempfile  # here, since they would slow the start of each training
    home, older = os.environ.get("HPO_CHECKPOINT_DIR", "").rstrip("/"), []
    # Beside it, since all that is inside counts as complete.
    folder = tempfile.mkdtemp(".tmp", os.path.basename(home) + ".", os.path.dirname(home) or None)
    try:
        yield folder
        if home:
            for where, _, names in os.walk(folder):
                for name in names:
                    with open(os.path.join(where, name), "rb") as file:
                        os.fsync(file.fileno())
            older = _saved(home)
            os.rename(folder, os.path.join(home, str(max(older, default=0) + 1)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for number in older:
        shutil.rmtree(os.path.join(home, str(number)), ignore_errors=True)


def checkpoint_from():
    """The directory that an earlier attempt of this trial saved last; None: begin afresh."""
    home = os.environ.get("HPO_CHECKPOINT_FROM")
    saved = _saved(home) if home else []
    return os.path.join(home, str(max(saved))) if saved else home or None


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
    text, path = json.dumps(content), os.environ.get("HPO_RESULT_FILE")
    if path:
        temporary = "%s.%d.tmp" % (path, os.getpid())  # beside it: a rename in one file system
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.replace(temporary, path)
    if not path or "HPO_JOB" not in os.environ:  # by hand, where nobody reads the file
        print(text)


def serve(train, defaults=None):
    """Trains trial after trial, each in a process of its own that begins here, as train(params).

    Call it last: what is imported and loaded by then is there in each trial, within milliseconds.
    train() ends as a script does: it returns, raises or exits with a code. By hand, and in trials
    that are started one by one, it is just train(params(defaults)). More is in serve.md of hpo.
    """
    if "HPO_WARM_FD" not in os.environ:
        return train(params(defaults))
    import ctypes  # here, so that a Python without it can do all else
    prctl, channel = ctypes.CDLL(None).prctl, int(os.environ["HPO_WARM_FD"])
    os.set_inheritable(channel, False)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # an ignored one would leave nothing to wait for
    if threading.active_count() > 1:
        print("hpo.serve: trials have no other thread than this one, and what others hold stays "
              "locked there; start in train(): %s" % threading.enumerate(), file=sys.stderr)
    gc.collect()
    getattr(gc, "freeze", int)()  # Python 3.7: collections in a trial copy no page of ours
    held = _leave_to_server(channel)
    if held is not None:
        try:
            for line in open(channel, "rb", closefd=False):
                _start((channel, held), line, prctl, lambda: train(params(defaults)))
        finally:
            os._exit(0)


def _like(default, value):
    is_alike = _is_number(default) and _is_number(value) and math.isfinite(value)
    converted = type(default)(value) if is_alike else value
    return converted if converted == value else value


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _checked(metrics):
    """Plain numbers by name; those of numpy and torch know how to become Python's."""
    plain = {}
    for name, value in metrics.items():
        plain[name] = value
        with contextlib.suppress(AttributeError, ValueError, RuntimeError):
            plain[name] = value.item()  # but for an array of several numbers, which is named below
        if not _is_number(plain[name]):
            raise TypeError("metric %r is %r of type %s: metrics are single numbers"
                            % (name, value, type(value).__name__))
    return plain


def _saved(home):
    return [int(name) for name in os.listdir(home) if name.isdigit()]  # complete checkpoints


def _say(channel, **words):
    text = json.dumps(words, default=lambda error: "%s: %s" % (type(error).__name__, error))
    os.write(channel, (text + "\n").encode())  # short: a socket takes it whole


def _leave_to_server(channel):
    """Goes on as the server in a grandchild, the runner's child once its parent is gone; returns
    there what it has to keep open. This process, threads and all, waits here for its end.
    """
    sys.stdout.flush()  # else each trial would print what is left in them
    sys.stderr.flush()
    alive, held = os.pipe()
    middle = os.fork()
    if middle == 0:
        if os.fork() != 0:
            os._exit(0)
        os.write(held, b"%d" % os.getpid())
        return held
    os.close(held)
    os.waitpid(middle, 0)
    _say(channel, protocol=1, pid=os.getpid(), server=int(os.read(alive, 20)))
    os.close(channel)
    os.read(alive, 1)


def _start(held, line, prctl, train):
    """Becomes the trial; a child goes on as the server, and is the runner's when the trial ends."""
    told, code = {}, 127
    try:
        request = json.loads(line.decode())
        told["job"] = request["job"]
        told["server"] = os.fork()
        if told["server"] == 0:
            return
        os.setpgid(told["server"], told["server"])  # what is told to the trial is not for it
        os.setpgid(0, 0)
        prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it dies with the runner
        _enter(request)
        _say(held[0], pid=os.getpid(), **told)
        os.close(held[0])
        os.close(held[1])
    except BaseException as error:
        _say(held[0], error=error, **told)
    else:
        code = _ended(train)
    finally:
        if told.get("server"):  # no exception may leave it: it would go on as a second server
            os._exit(code)


def _enter(request):
    """Makes this process what the runner would have started by itself."""
    if os.getppid() != request["parent"]:
        raise RuntimeError("the process of the trial did not become a child of the runner, %s, "
                           "which is gone or in another PID namespace" % request["parent"])
    for number, path in ((1, request["stdout"]), (2, request["stderr"])):
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.chdir(request["workdir"])
    os.environ.clear()
    for entry in request["environment"]:
        name, _, text = entry.encode("utf-8", "surrogateescape").partition(b"=")
        os.environb[name] = text
    argv = request["argv"]  # may lack words that this process got: placeholders without a value
    sys.argv[1:] = argv[request.get("words", len(argv)) - len(sys.argv) + 1:]
    atexit._clear()  # what the server registered is for its own end
    weakref.finalize._registry.clear()
    weakref.finalize._registered_with_atexit = False
    # All trials inherit the same generators; their numbers must differ.
    for module, seed in ("random", "seed"), ("numpy.random", "seed"), ("torch", "manual_seed"):
        if module in sys.modules and "HPO_SEED" in os.environ:
            getattr(sys.modules[module], seed)(int(os.environ["HPO_SEED"]) % 2 ** 32)


def _ended(train):
    """Trains and cleans up as at the end of a script; returns the exit code."""
    code, is_interrupted = 0, False
    try:
        train()
    except SystemExit as end:
        code = end.code or 0
        if not isinstance(code, int):
            print(code, file=sys.stderr)
            code = 1
    except BaseException as error:
        sys.excepthook(*sys.exc_info())
        code, is_interrupted = 1, isinstance(error, KeyboardInterrupt)
    threading._shutdown()  # waits for threads that are no daemons
    if "multiprocessing.util" in sys.modules:
        sys.modules["multiprocessing.util"]._exit_function()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    if is_interrupted:  # by the signal itself, as Python 3.8 and later
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    return code & 0xFF
