"""Faults from outside the process: system calls that fail or kill (strace), small file systems.

Tests say what they need: `@needs_strace`, `@needs_mount`. Where it is missing they are skipped, but
not in CI (CI=true): there a row of the fault table that is not tested is a failure.
"""
import contextlib
import functools
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

from daemon import BIN, is_alive, wait_until


@functools.cache
def _can_inject():
    strace = shutil.which("strace")
    if not strace:
        return False
    probe = ["strace", "-qq", "-o", "/dev/null", "-e", "inject=getpid:error=EIO", "true"]
    return subprocess.run(probe, capture_output=True).returncode == 0


def needs(is_there, what, test):
    """The test, to be skipped where `what` is missing; in CI that is an error."""
    if not is_there and os.environ.get("CI") == "true":
        raise RuntimeError(f"{test.__name__} needs {what}, which CI has to provide")
    return unittest.skipUnless(is_there, f"needs {what}")(test)


def needs_strace(test):
    return needs(_can_inject(), "strace and the right to use it", test)


def needs_mount(test):
    can_mount = os.geteuid() == 0 and shutil.which("mount") is not None
    return needs(can_mount, "root and mount", test)


def _tracer(pid, thread):
    """The process that traces the thread; 0: none; -1: it has ended, the fault has struck."""
    with contextlib.suppress(OSError):
        status = pathlib.Path(f"/proc/{pid}/task/{thread}/status").read_text()
        return int(re.search(r"TracerPid:\t(\d+)", status).group(1))
    return -1


def _let_go(strace, pid):
    """SIGTERM lets go tidily, but strace 6.1 hangs at times when all it traced has been killed."""
    strace.send_signal(signal.SIGTERM if is_alive(pid) else signal.SIGKILL)
    try:
        strace.wait(2)
    except subprocess.TimeoutExpired:
        strace.kill()
        strace.wait()


@contextlib.contextmanager
def injected(daemon, rule, options=()):
    """System calls of the daemon's threads obey `rule`, as in "fdatasync:error=EIO:when=2".

    Its children are not traced: the fault is the daemon's alone. All its threads begin with it.
    """
    pid = daemon.process.pid
    threads = os.listdir(f"/proc/{pid}/task")
    chosen = [word for thread in threads for word in ("-p", thread)]
    strace = subprocess.Popen(
        ["strace", "-qq", "-o", "/dev/null", "-e", "trace=" + rule.split(":")[0],
         "-e", f"inject={rule}", *options, *chosen], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: strace.poll() is not None or
                   all(_tracer(pid, thread) for thread in threads), what="strace's grip")
        yield
    finally:
        _let_go(strace, pid)


def start_under(daemon, rule):
    """Starts hpod under the rule from its first call on; True if it died of it, False if it got
    ready. REQUIRES: no training runs, for strace would follow it."""
    daemon.process = subprocess.Popen(
        ["sh", "-c", 'kill -STOP $$; exec "$0"', BIN / "hpod"], env=daemon.environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True)
    pid = daemon.process.pid
    stat = pathlib.Path(f"/proc/{pid}/stat")
    wait_until(lambda: ") T " in stat.read_text(), what="the stop before hpod")
    with injected(daemon, rule, options=["-f"]):
        os.kill(pid, signal.SIGCONT)
        wait_until(lambda: not is_alive(pid) or daemon.answers(), what="life or death")
        died = not is_alive(pid)
    daemon.kill()
    return died


@contextlib.contextmanager
def small_disk(megabytes):
    """A directory on a file system of its own, in memory."""
    directory = tempfile.mkdtemp(prefix="hpo-disk-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "hpo-test",
                    directory], check=True)
    try:
        yield pathlib.Path(directory)
    finally:
        subprocess.run(["umount", "-l", directory], check=True)
        os.rmdir(directory)
