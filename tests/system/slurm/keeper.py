"""Keeps the processes of a cluster: starts and signals them, and ends them all with its input.

It is the subreaper of all that it starts: what leaves its parent, as Slurm's steps and trainings
do, becomes its child. So nothing escapes it, and it signals nothing but its own children that it
has not yet waited for: never a stranger behind a recycled pid.

    keeper.py DIRECTORY [HOSTNAME]

One request a line, one answer a line, both JSON: ["start", name, argv, env] -> pid;
["signal", name, number] -> was it alive. When its input ends, also by the death of the test, it
ends everything and removes the directory. HOSTNAME: what its processes believe the host is called.
"""
import ctypes
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import sys

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, CLONE_NEWUTS = 1, 36, 0x04000000
LIBC = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    if function(*arguments) != 0:
        raise OSError(ctypes.get_errno(), f"{function.__name__}: {os.strerror(ctypes.get_errno())}")


def children():
    """Of this process, those that have ended but are not yet waited for included."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue  # it has just gone
        if parent == os.getpid():
            found.append(int(entry.parent.name))
    return found


class Keeper:
    def __init__(self, directory):
        self._directory = pathlib.Path(directory)
        self._pids = {}

    def start(self, name, argv, env):
        log = self._directory / "log" / f"{name}.err"
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        pid = os.fork()
        if pid == 0:
            try:
                call(LIBC.prctl, PR_SET_PDEATHSIG, signal.SIGKILL)
                os.setsid()
                os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
                os.dup2(os.open(log, flags, 0o644), 1)
                os.dup2(1, 2)
                os.chdir(self._directory)
                os.execvpe(argv[0], argv, env)
            except OSError as error:
                print(f"{argv[0]}: {error}", file=sys.stderr, flush=True)
            finally:
                os._exit(127)
        self._pids[name] = pid
        return pid

    def signal(self, name, number):
        pid = self._pids.get(name)
        if pid is None:
            return False
        os.kill(pid, number)
        if number == signal.SIGKILL:
            self._wait_for(pid)
        return True

    def reap(self):
        """Waits for all children that have ended."""
        while self._wait_for(-1, os.WNOHANG):
            pass

    def end_all(self):
        while pids := children():
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            for pid in pids:
                self._wait_for(pid)
        shutil.rmtree(self._directory, ignore_errors=True)

    def _wait_for(self, pid, options=0):
        """The pid that has ended, or 0."""
        try:
            ended = os.waitpid(pid, options)[0]
        except ChildProcessError:
            return 0
        self._pids = {name: pid for name, pid in self._pids.items() if pid != ended}
        return ended


def serve(keeper):
    """Requests one after the other; in between, the children that end are waited for at once."""
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    while True:
        ready = select.select([sys.stdin, woken], [], [])[0]
        if woken in ready:
            os.read(woken, 4096)
        keeper.reap()
        if sys.stdin not in ready:
            continue
        line = sys.stdin.readline()
        if not line:
            return
        verb, *arguments = json.loads(line)
        print(json.dumps({"start": keeper.start, "signal": keeper.signal}[verb](*arguments)),
              flush=True)


def rename_host(name):
    try:
        call(LIBC.unshare, CLONE_NEWUTS)
    except OSError as error:
        line = f"127.0.0.1 {os.uname().nodename}"
        sys.exit(f"{error}: the host gets no other name; put '{line}' first into /etc/hosts")
    socket.sethostname(name)


def main(directory, hostname=None):
    keeper = Keeper(directory)
    try:
        call(LIBC.prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        if hostname:
            rename_host(hostname)
        print("true", flush=True)
        serve(keeper)
    finally:
        keeper.end_all()


if __name__ == "__main__":
    main(*sys.argv[1:])
