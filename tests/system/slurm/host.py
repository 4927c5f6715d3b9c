"""What a cluster needs of its host: programs, a name on the loopback, ports, an ordinary user."""
import contextlib
import fcntl
import os
import pathlib
import pwd
import shutil
import socket
import subprocess

from processes import ClusterError

USER = "hpo-test"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Below the ports that the kernel gives to outgoing connections.
PORTS = range(16800, 32000, 100)
CGROUPS = pathlib.Path("/sys/fs/cgroup/memory")  # version 1; version 2 would want systemd
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch")
ACCOUNTING_PROGRAMS = ("slurmdbd", "mariadbd", "mariadb-install-db")


def missing(accounting=False):
    """Why no cluster can run here; "" if one can."""
    wanted = PROGRAMS + (ACCOUNTING_PROGRAMS if accounting else ())
    lacking = [name for name in wanted if not shutil.which(name, path=PATH)]
    if not lacking:
        return ""
    return f"{', '.join(lacking)}: not installed; as root, run tests/deps.sh --tests"


def has_memory_cgroups():
    """Whether Slurm can limit the memory of jobs here, in one cluster at a time."""
    return os.access(CGROUPS, os.W_OK) and (CGROUPS / "tasks").exists()


def remove_cgroups(nodes):
    """Those that slurmd leaves behind, deepest first; one that still has processes stays."""
    for node in nodes:
        top = CGROUPS / f"slurm_{node}"
        for path in sorted((*top.rglob("*/"), top), reverse=True):
            with contextlib.suppress(OSError):
                path.rmdir()


def short_name():
    return os.uname().nodename.split(".")[0]


def own_name():
    """The name that the cluster's processes shall give the host; None: the one that it has.

    Slurm, told not to listen on every address, listens on the one that the host's name stands for.
    """
    with contextlib.suppress(OSError):
        if socket.gethostbyname(short_name()) == "127.0.0.1":
            return None
    if os.geteuid() == 0:
        return "localhost"
    raise ClusterError(f"the name of this host, {short_name()}, is not that of 127.0.0.1, so "
                       "Slurm would listen to the network; run as root, or put it into /etc/hosts")


def _bound(port, shared):
    """A socket on the port, or None. `shared`: as servers bind it, whatever connections it had."""
    taken = socket.socket()
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, shared)
        taken.bind(("127.0.0.1", port))
        return taken
    except OSError:
        taken.close()
        return None


def reserve_ports(count):
    """(port, socket): the `count` ports from it on are free, and no other cluster takes them as
    long as the socket is open."""
    for port in PORTS:
        reservation = _bound(port, shared=False)
        if not reservation:
            continue
        found = [_bound(port + 1 + i, shared=True) for i in range(count)]
        for each in filter(None, found):
            each.close()
        if all(found):
            return port + 1, reservation
        reservation.close()
    raise ClusterError(f"no {count} free ports in a row on 127.0.0.1 in {PORTS}")


def ordinary_user():
    """Who runs hpod and the jobs: never root, who passes limits and may touch others' jobs.

    Slurm looks it up in the user database. So root makes one, once, and leaves it there.
    """
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    with open("/etc/passwd") as database:
        fcntl.flock(database, fcntl.LOCK_EX)  # of two tests at a time, one makes it
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(USER)
        subprocess.run(["useradd", "--system", "--user-group", "--create-home", "--shell",
                        "/bin/bash", USER], check=True, env={"PATH": PATH})
    return pwd.getpwnam(USER)
