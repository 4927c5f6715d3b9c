"""A throwaway Slurm cluster on this host: real daemons, pretended nodes, the loopback alone.

    with Cluster() as cluster:                        # or Cluster(accounting=True, nodes=2, …)
        cluster.run(["sbatch", "--wrap", "id"])       # as the ordinary user
        Daemon(environment=cluster.env(), …)          # in a directory below cluster.home

By hand: cluster.py [--accounting] prints the environment, and stops at Ctrl-C or when stdin ends.
"""
import argparse
import contextlib
import os
import pathlib
import pwd
import secrets
import signal
import subprocess
import sys
import tempfile

import accounting
import config
import daemons
import host
from processes import ClusterError, Processes

COMMAND_S = 60  # no Slurm command of ours takes as long, but one that asks a dead daemon


class Cluster:
    """Options are those of config.Settings: nodes, cpus, gpus, accounting, conf, …"""

    def __init__(self, **options):
        reason = host.missing(options.get("accounting", False))
        if reason:
            raise ClusterError(reason)
        self._options = options
        self.user = host.ordinary_user()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        nodes = self._options.get("nodes", config.Settings.nodes)
        name = host.own_name()
        port, self._ports = host.reserve_ports(nodes + 2)
        directory = pathlib.Path(tempfile.mkdtemp(prefix="hpo-slurm-"))
        self.settings = config.Settings(
            directory=directory, hostname=name or host.short_name(),
            owner=pwd.getpwuid(os.geteuid()).pw_name, port=port, **self._options)
        self.processes = Processes(directory, name)
        try:
            self._write_files()
            self.repair()
            if self.settings.accounting:
                accounting.make_accounts(self, sorted({self.settings.owner, self.user.pw_name}))
        except BaseException:
            self.stop()
            raise

    def stop(self):
        """Everything that ran in the cluster has ended, and its directory is gone."""
        self.processes.end_all()
        self._ports.close()
        if self.settings.limits_memory:
            host.remove_cgroups(self.settings.node_names)

    # --- faults

    def kill(self, component, number=signal.SIGKILL):
        """munged, mariadbd, slurmdbd, slurmctld, n1, n2, …; SIGSTOP makes it hang."""
        if not self.processes.signal(component, number):
            raise ClusterError(f"{component} does not run")

    def hide(self, path, node):
        """The node sees nothing below the directory from now on, or nobody behind the socket; this
        lasts as long as the path is not made anew. REQUIRES: root."""
        self.kill(node)
        daemons.start_node(self, node, blind_to=path)
        self.processes.wait_until(lambda: daemons.has_all_nodes(self), "slurmctld")

    def repair(self):
        """Starts what has ended, wakes what was stopped, and waits until all nodes are usable."""
        self._ensure("munged", daemons.start_munged)
        if self.settings.accounting:
            self._ensure("mariadbd", accounting.start_database)
            self._ensure("slurmdbd", accounting.start_slurmdbd)
        self._ensure("slurmctld", daemons.start_slurmctld)
        for node in self.settings.node_names:
            self._ensure(node, daemons.start_node, node)
        self.processes.wait_until(lambda: daemons.has_all_nodes(self), "slurmctld")

    # --- commands

    @property
    def home(self):
        """A directory of the ordinary user, in that of the cluster."""
        return self.settings.directory / "home"

    def env(self):
        """All that a command, or hpod, needs; nothing of the caller's."""
        return self._env(self.user)

    def identity(self):
        """For subprocess: what makes a command the ordinary user's."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def give(self, directory):
        """Makes the directory and all in it the ordinary user's."""
        for path in (directory, *directory.rglob("*")):
            if os.geteuid() == 0:
                os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def run(self, argv, **options):
        """Runs a command as the ordinary user, below its home."""
        return self._run(argv, **dict(self.identity(), env=self.env(), cwd=self.home) | options)

    def admin(self, argv):
        """Runs a command as the owner of the cluster: root passes limits, and is a stranger too."""
        return self._run(argv, env=self._admin_env())

    def succeeds(self, argv):
        return self.admin(argv).returncode == 0

    def check(self, argv):
        done = self.admin(argv)
        if done.returncode != 0:
            raise ClusterError(f"{' '.join(map(str, argv))}: {done.stdout}{done.stderr}")
        return done.stdout

    # --- the parts

    def launch(self, name, argv, is_ready):
        self.processes.start(name, argv, self._admin_env())
        self.processes.wait_until(is_ready, name)

    def _ensure(self, name, start, *arguments):
        if not self.processes.signal(name, signal.SIGCONT):
            start(self, *arguments)

    def _write_files(self):
        s = self.settings
        s.directory.chmod(0o755)
        for name, mode in (("run", 0o755), ("spool", 0o755), ("private", 0o700), ("home", 0o700)):
            (s.directory / name).mkdir(mode)
        for node in s.node_names:
            path = s.directory / "tmp" / node
            path.mkdir(parents=True)
            path.chmod(0o1777)
        self.give(self.home)
        self._write("private/munge.key", secrets.token_bytes(128), 0o600)
        self._write("slurm.conf", config.slurm_conf(s).encode(), 0o644)
        self._write("gres.conf", config.gres_conf(s).encode(), 0o644)
        if s.limits_memory:
            self._write("cgroup.conf", config.cgroup_conf().encode(), 0o644)
        if s.accounting:
            self._write("slurmdbd.conf", config.slurmdbd_conf(s).encode(), 0o600)

    def _write(self, name, content, mode):
        path = self.settings.directory / name
        path.touch(mode)
        path.write_bytes(content)

    def _env(self, user):
        return {"PATH": host.PATH, "SLURM_CONF": str(self.settings.directory / "slurm.conf"),
                "HOME": user.pw_dir, "USER": user.pw_name, "LOGNAME": user.pw_name,
                "LC_ALL": "C.UTF-8"}

    def _admin_env(self):
        return dict(self._env(pwd.getpwuid(os.geteuid())),
                    MYSQL_UNIX_PORT=str(self.settings.database_socket))

    def _run(self, argv, **options):
        options.setdefault("timeout", COMMAND_S)
        return subprocess.run(list(map(str, argv)), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, **options)


def main():
    parser = argparse.ArgumentParser(description="A throwaway Slurm cluster, until stdin ends.")
    parser.add_argument("--accounting", action="store_true", help="with slurmdbd and MariaDB")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt), Cluster(accounting=options.accounting) as cluster:
        for key, value in cluster.env().items():
            print(f"export {key}='{value}'")
        print(f"# jobs run as {cluster.user.pw_name}; its directory is {cluster.home}", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    try:
        main()
    except ClusterError as error:
        sys.exit(f"cluster.py: {error}")
