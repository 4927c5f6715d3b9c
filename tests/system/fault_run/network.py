"""Networks that can be cut, between hpod and a worker that reaches it by TCP.

Namespace: a network of its own behind a pair of virtual interfaces; cut, packets vanish without a
word. Relay: a process on the way that stalls, or resets its connections. Both have the same face:
`address` of hpod as the worker sees it, `prefix` of its command, cut() and mend().
"""
import contextlib
import os
import selectors
import shutil
import socket
import struct
import subprocess
import threading

ABORT = struct.pack("ii", 1, 0)  # SO_LINGER: a close is a reset
RELAY_STEP_S = 0.02


def run(*argv):
    subprocess.run(list(map(str, argv)), check=True, stdin=subprocess.DEVNULL)


def namespace_is_missing():
    """Why there can be no Namespace here; "" if there can."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("ip", "unshare", "nsenter", "setpriv"))):
        return "needs root, ip, unshare, nsenter and setpriv"
    probe = "ip link add hpo0 type veth peer name hpo1"
    done = subprocess.run(["unshare", "--net", *probe.split()], capture_output=True, text=True)
    return done.stderr.strip()


class Namespace:
    """It vanishes with the test, killed or not: it is held by a process that reads from it."""

    kinds = ("silent",)

    def __init__(self, identity):
        number = os.getpid() % 16000
        # Link-local addresses: no router hands them on, so nobody but this host is reached.
        net = f"169.254.{1 + number // 64}."
        self.host, self._own = (net + str(4 * (number % 64) + end) for end in (1, 2))
        self._names = f"hpo{number}a", f"hpo{number}b"
        self._identity = identity
        self._holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo; exec cat"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._holder.stdout.readline()
        self._inside = ("nsenter", f"--net=/proc/{self._holder.pid}/ns/net")
        self._join()

    def _join(self):
        near, far = self._names
        run("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns",
            self._holder.pid)
        run("ip", "address", "add", f"{self.host}/30", "dev", near)
        run("ip", "link", "set", near, "up")
        run(*self._inside, "ip", "address", "add", f"{self._own}/30", "dev", far)
        self.mend()

    def address(self, port):
        return f"{self.host}:{port}"

    @property
    def prefix(self):
        user, group = self._identity["user"], self._identity["group"]
        return (*self._inside, "setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups")

    def cut(self, _kind):
        run(*self._inside, "ip", "link", "set", self._names[1], "down")

    def mend(self):
        run(*self._inside, "ip", "link", "set", self._names[1], "up")

    def close(self):
        self._holder.communicate()


class Relay:
    """One thread hands bytes on, in the order of their connection."""

    kinds = ("reset", "stalled")
    prefix = ()

    def __init__(self, target):
        self._target = target
        self._cut = ""
        self._is_over = False
        self._peers = {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def address(self, _port):
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self, kind):
        self._cut = kind

    def mend(self):
        self._cut = ""

    def close(self):
        self._is_over = True
        self._thread.join()
        self._listener.close()

    def _serve(self):
        while not self._is_over:
            if self._cut == "stalled":
                threading.Event().wait(RELAY_STEP_S)
                continue
            if self._cut == "reset":
                self._reset(list(self._peers))
            for key, _ in self._selector.select(RELAY_STEP_S):
                self._take(key.fileobj)
        self._reset(list(self._peers))

    def _take(self, end):
        if end is self._listener:
            self._accept()
        elif end in self._peers:
            try:
                data = end.recv(65536)
                self._peers[end].sendall(data)
            except OSError:
                data = b""
            if not data:
                self._reset([end])

    def _accept(self):
        near = self._listener.accept()[0]
        try:
            far = socket.create_connection(self._target)
        except OSError:
            near.close()  # there is no daemon
            return
        self._peers |= {near: far, far: near}
        for end in (near, far):
            self._selector.register(end, selectors.EVENT_READ)

    def _reset(self, ends):
        for end in ends:
            peer = self._peers.pop(end, None)
            if peer is None:
                continue
            del self._peers[peer]
            for each in (end, peer):
                self._selector.unregister(each)
                with contextlib.suppress(OSError):
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
                each.close()
