"""slurmdbd and its database: sacct, accounts, QOS limits."""
from config import CLUSTER

# Refused where a user passes it, as sites do, not queued.
TINY = ["MaxSubmitJobsPerUser=4", "MaxJobsPerUser=2", "MaxWall=10", "Flags=DenyOnLimit"]


def start_database(cluster):
    """MariaDB without a port and without passwords: its socket lies where root alone can go."""
    data = cluster.settings.directory / "private" / "mysql"
    owner = f"--user={cluster.settings.owner}"
    if not data.exists():
        cluster.check(["mariadb-install-db", "--no-defaults", owner, f"--datadir={data}",
                       "--skip-test-db"])
    cluster.launch("mariadbd", [
        "mariadbd", "--no-defaults", owner, f"--datadir={data}", "--skip-networking",
        "--skip-grant-tables", f"--socket={cluster.settings.database_socket}",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-lock-wait-timeout=900"],
        lambda: cluster.succeeds(["mariadb-admin", "--no-defaults", "ping",
                                  f"--socket={cluster.settings.database_socket}"]))


def start_slurmdbd(cluster):
    cluster.launch("slurmdbd", ["slurmdbd", "-D"],
                   lambda: cluster.succeeds(["sacctmgr", "-n", "show", "cluster"]))


def make_accounts(cluster, users):
    """Account hpo, QOS normal and tiny for `users`, once slurmctld has made the cluster known."""
    listing = ["sacctmgr", "-nP", "show", "cluster", "format=cluster,controlport"]
    known = f"{CLUSTER}|{cluster.settings.port}"
    cluster.processes.wait_until(lambda: known in cluster.admin(listing).stdout, "slurmctld")
    who = ",".join(users)
    for words in (
            ["add", "qos", "tiny", "set", *TINY],
            ["add", "account", "hpo", "Description=hpo", "Organization=hpo", f"cluster={CLUSTER}"],
            ["add", "user", who, "account=hpo", "defaultaccount=hpo", f"cluster={CLUSTER}"],
            ["modify", "user", who, "where", "account=hpo", "set", "qos=normal,tiny",
             "defaultqos=normal"]):
        cluster.check(["sacctmgr", "-i", *words])
    # slurmctld is told a little later than the database.
    attempt = ["sbatch", "--test-only", "--qos=tiny", "--time=1", "--wrap=true"]
    cluster.processes.wait_until(lambda: cluster.run(attempt).returncode == 0, "slurmctld")
