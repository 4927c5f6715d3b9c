"""munged, slurmctld and slurmd: how each is started, and when it is ready."""
USABLE = {"idle", "mixed", "allocated", "completing", "planned", "reserved"}


def start_munged(cluster):
    s = cluster.settings
    d, run = s.directory, s.directory / "run"
    for left in run.glob("munge*"):
        left.unlink()
    cluster.launch("munged", [
        "munged", "--foreground", "--force", f"--socket={s.munge_socket}",
        f"--key-file={d}/private/munge.key", f"--log-file={d}/log/munged.log",
        f"--pid-file={run}/munged.pid", f"--seed-file={d}/private/munged.seed"],
        lambda: cluster.succeeds(["munge", "-n", "-S", s.munge_socket]))


def start_slurmctld(cluster):
    cluster.launch("slurmctld", ["slurmctld", "-D"],
                   lambda: " is UP" in cluster.admin(["scontrol", "ping"]).stdout)


# In a mount namespace of its own, so that all its jobs find an empty directory there; or what takes
# no connection, as a node sees the socket of another host on a file system that both share.
BLIND = ("unshare", "--mount", "sh", "-c",
         'if [ -d "$0" ]; then mount -t tmpfs -o ro none "$0"; else mount --bind /dev/null "$0"; fi'
         ' && exec "$@"')


def start_node(cluster, name, blind_to=None):
    """It is ready when has_all_nodes. `blind_to`: a directory, or a socket, that its jobs
    do not see."""
    prefix = (*BLIND, blind_to) if blind_to else ()
    cluster.launch(name, [*prefix, "slurmd", "-D", "-N", name], lambda: True)


def has_all_nodes(cluster):
    listing = cluster.admin(["sinfo", "-hN", "-p", "batch", "-o", "%N %T"]).stdout
    states = dict(line.split() for line in listing.splitlines())
    lost = [name for name, state in states.items() if state.startswith(("down", "drain"))]
    if lost:  # refused as long as the node does not answer
        cluster.admin(["scontrol", "update", f"nodename={','.join(lost)}", "state=resume"])
    return sum(state in USABLE for state in states.values()) == cluster.settings.nodes
