"""Faults from outside the process: system calls that fail or kill (strace), small file systems.

Only what is there is used: tests ask `can_inject` and `can_mount` and are skipped otherwise.
"""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from daemon import wait_until

can_mount = os.geteuid() == 0 and shutil.which("mount") is not None


def _can_inject():
    strace = shutil.which("strace")
    if not strace:
        return False
    probe = ["strace", "-qq", "-o", "/dev/null", "-e", "inject=getpid:error=EIO", "true"]
    return subprocess.run(probe, capture_output=True).returncode == 0


can_inject = _can_inject()


def _is_traced(pid, thread):
    with contextlib.suppress(OSError):
        status = pathlib.Path(f"/proc/{pid}/task/{thread}/status").read_text()
        return "\nTracerPid:\t0\n" not in status
    return True  # it has ended meanwhile: the fault has struck


@contextlib.contextmanager
def injected(daemon, rule, calls=None):
    """System calls of the daemon's threads obey `rule`, as in "fdatasync:error=EIO:when=2".

    Its children are not traced: the fault is the daemon's alone. All its threads begin with it.
    `calls`: the calls to look at, where the rule's own are not enough.
    """
    pid = daemon.process.pid
    threads = os.listdir(f"/proc/{pid}/task")
    chosen = [word for thread in threads for word in ("-p", thread)]
    traced = calls or rule.split(":")[0]
    strace = subprocess.Popen(
        ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={traced}", "-e", f"inject={rule}",
         *chosen], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: strace.poll() is not None or
                   all(_is_traced(pid, thread) for thread in threads), what="strace's grip")
        yield
    finally:
        strace.send_signal(signal.SIGTERM)
        strace.wait()


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
