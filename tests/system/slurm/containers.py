"""A real podman for the ordinary user, and an image made from nothing: no registry is asked.

    with Podman(cluster) as podman: podman.environment, podman.image
"""
import contextlib
import os
import pathlib
import resource
import shutil
import subprocess
import tarfile

import host

PROGRAMS = ("podman", "runc", "newuidmap", "busybox")
IMAGE = "localhost/hpo-test:1"
QUEUES = pathlib.Path("/dev/mqueue")  # what --ipc=host shows to a container
# runc: crun refuses hosts with cgroups of both kinds. Limits: the default is above what this
# process may have. vfs: works on any file system.
CONTAINERS_CONF = """[containers]
default_ulimits = ["nofile={files}:{files}"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
"""
STORAGE_CONF = '[storage]\ndriver = "vfs"\n'


def missing():
    """What is not installed; "" if all is there."""
    lacking = [name for name in PROGRAMS if not shutil.which(name, path=host.PATH)]
    return f"{', '.join(lacking)} (tests/deps.sh --tests)" if lacking else ""


def _give_numbers(user):
    """Rootless podman maps users of a container to numbers of the user's own."""
    for file, option in (("/etc/subuid", "--add-subuids"), ("/etc/subgid", "--add-subgids")):
        with contextlib.suppress(OSError):
            if f"{user.pw_name}:" in pathlib.Path(file).read_text():
                continue
        subprocess.run(["usermod", option, "300000-365535", user.pw_name], check=True,
                       env={"PATH": host.PATH})


@contextlib.contextmanager
def _message_queues():
    if QUEUES.exists() or os.geteuid() != 0:
        yield
        return
    QUEUES.mkdir()
    try:
        subprocess.run(["mount", "-t", "mqueue", "mqueue", QUEUES], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", QUEUES], check=True)
    finally:
        QUEUES.rmdir()


class Podman(contextlib.ExitStack):
    """`trouble` says why no container can run here; "" if one can."""
    image = IMAGE

    def __init__(self, cluster):
        super().__init__()
        self._cluster = cluster
        self.home = cluster.home / "podman"
        self.environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin",
                            "XDG_RUNTIME_DIR": str(self.home / "run")}

    def __enter__(self):
        if os.geteuid() == 0:
            _give_numbers(self._cluster.user)
        self.enter_context(_message_queues())
        self._write_home()
        self.callback(self.run, "system", "migrate")  # ends the process that keeps its namespace
        self.callback(self.run, "unshare", "rm", "-rf", self.home / ".local")
        made = self.run("import", self.home / "image.tar", IMAGE)
        probe = self.run("run", "--rm", "--userns=keep-id", "--pid=host", "--ipc=host",
                         "--network=host", IMAGE, "/bin/sh", "-c", "exit 0")
        self.trouble = made.stderr if made.returncode else probe.stderr if probe.returncode else ""
        return self

    def run(self, *words):
        return self._cluster.run(["podman", *words], env=self.environment, cwd=self.home)

    def _write_home(self):
        settings = self.home / ".config" / "containers"
        settings.mkdir(parents=True)
        (self.home / "run").mkdir()
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        (settings / "containers.conf").write_text(CONTAINERS_CONF.format(files=files))
        (settings / "storage.conf").write_text(STORAGE_CONF)
        with tarfile.open(self.home / "image.tar", "w") as image:
            image.add(shutil.which("busybox", path=host.PATH), "bin/sh")
        self._cluster.give(self.home)
