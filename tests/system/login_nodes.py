"""Two login nodes that share a home directory by a network file system.

Each is its own host name, boot id and mount of the same directory by bindfs (FUSE), whose locks,
as those of some network file systems, do not reach the other mount. Needs root and /dev/fuse.
"""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from daemon import BIN, wait_until
from faults import needs

ENTER = """
hostname "$1" && mount --bind "$2" /proc/sys/kernel/random/boot_id && exec bindfs -f "$3" "$4"
"""


def needs_fuse(test):
    there = os.geteuid() == 0 and os.path.exists("/dev/fuse") and shutil.which("bindfs")
    return needs(bool(there), "root, /dev/fuse and bindfs", test)


class LoginNode:
    """One of them: `run` starts a command there, as `ssh NODE command` would."""

    def __init__(self, name, disk, mount_point):
        self.name = name
        self.boot_id = tempfile.NamedTemporaryFile("w", prefix="hpo-boot-")
        self.boot_id.write(f"00000000-0000-4000-8000-{name:0>12}\n")
        self.boot_id.flush()
        self.mount_point = mount_point
        self.server = subprocess.Popen(
            ["unshare", "--uts", "--mount", "sh", "-c", ENTER, "sh", name, self.boot_id.name, disk,
             mount_point])
        wait_until(lambda: self._run(["mountpoint", "-q", mount_point]).returncode == 0, 10,
                   f"the mount on {name}")

    def _run(self, command, **options):
        enter = ["nsenter", "-t", str(self.server.pid), "--uts", "--mount"]
        return subprocess.run(enter + command, capture_output=True, text=True, **options)

    def run(self, *words):
        """hpo with these words, its state directory in the shared home."""
        environment = dict(os.environ, HPO_STATE_DIR=f"{self.mount_point}/state",
                           HPO_CONFIG=f"{self.mount_point}/hpod.json", NO_COLOR="1")
        return self._run([str(BIN / "hpo"), *words], env=environment, timeout=150)

    def close(self):
        self._run(["umount", "-l", self.mount_point])
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.server.wait(5)
        self.server.kill()
        self.server.wait()
        self.boot_id.close()


class SharedHome:
    """`with SharedHome() as home:` home.node("login1"), home.node("login2")"""

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="hpo-home-"))
        self.stack.callback(shutil.rmtree, self.root, ignore_errors=True)
        (self.root / "disk").mkdir()
        (self.root / "disk" / "hpod.json").write_text("{}")
        (self.root / "home").mkdir()
        self.state = self.root / "disk" / "state"  # as the file server sees it
        return self

    def node(self, name):
        node = LoginNode(name, str(self.root / "disk"), str(self.root / "home"))
        self.stack.callback(node.close)
        return node

    def __exit__(self, *_):
        self.stack.close()


def end(pid):
    """The process, however it is at present."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
