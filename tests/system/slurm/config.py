"""The texts of Slurm's configuration files. Pure functions of the settings."""
import dataclasses
import pathlib

CLUSTER = "hpotest"
# slurmd wants a character device for each GPU, any; then it sets CUDA_VISIBLE_DEVICES as ever.
FAKE_GPUS = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random")

PARTITIONS = """
PartitionName=DEFAULT Nodes=ALL DefaultTime=60 MaxTime=INFINITE State=UP PreemptMode=OFF \
PriorityTier=10
PartitionName=batch Default=YES
PartitionName=short MaxTime=10 DefaultTime=5
PartitionName=low PriorityTier=1 PreemptMode=REQUEUE
PartitionName=low_cancel PriorityTier=1 PreemptMode=CANCEL
PartitionName=high PriorityTier=100
PartitionName=down State=DOWN
"""


@dataclasses.dataclass
class Settings:
    directory: pathlib.Path
    hostname: str  # stands for 127.0.0.1
    owner: str     # of Slurm's daemons
    port: int      # slurmctld's; slurmdbd's and the nodes' follow
    nodes: int = 4
    cpus: int = 16
    gpus: int = 2
    memory_mb: int = 64000
    accounting: bool = False
    credential_s: int = 15  # how late a request may arrive; 300 in production
    limits_memory: bool = False  # the kernel kills what takes more: host.has_memory_cgroups()
    conf: dict = dataclasses.field(default_factory=dict)  # more keys, or other values

    @property
    def munge_socket(self):
        return self.directory / "run" / "munge.socket"

    @property
    def database_socket(self):
        return self.directory / "private" / "mysql.sock"

    @property
    def node_names(self):
        return [f"n{i + 1}" for i in range(self.nodes)]


def _lines(values):
    return "".join(f"{key}={value}\n" for key, value in values.items())


def _main(s):
    d = s.directory
    return {
        "ClusterName": CLUSTER,
        "SlurmctldHost": f"{s.hostname}(127.0.0.1)",
        "SlurmctldPort": s.port,
        "CommunicationParameters": "NoCtldInAddrAny,NoInAddrAny",  # the loopback alone
        "SlurmUser": s.owner,
        "SlurmdUser": s.owner,
        "AuthType": "auth/munge",
        "AuthInfo": f"socket={s.munge_socket},ttl={s.credential_s}",
        "CredType": "cred/munge",
        "StateSaveLocation": d / "spool" / "slurmctld",
        "SlurmdSpoolDir": d / "spool" / "%n",
        "TmpFS": d / "tmp" / "%n",  # PMIx: two nodes of an MPI job would make the same directory
        "SlurmctldPidFile": d / "run" / "slurmctld.pid",
        "SlurmdPidFile": d / "run" / "slurmd-%n.pid",
        "SlurmctldLogFile": d / "log" / "slurmctld.log",
        "SlurmdLogFile": d / "log" / "slurmd-%n.log",
        "MailProg": "/bin/true",
        # No cgroups, but for limits of memory: the host's are not ours.
        "ProctrackType": "proctrack/linuxproc",
        "TaskPlugin": "task/cgroup" if s.limits_memory else "task/none",
        "JobAcctGatherType": "jobacct_gather/none",
        "MpiDefault": "none",
        "SelectType": "select/cons_tres",
        "SelectTypeParameters": "CR_CPU_Memory",
        "SlurmdParameters": "config_overrides",  # more CPUs and memory than the host has
        "DefMemPerCPU": 500,
        "GresTypes": "gpu",
        "Licenses": "hpo:8",
        "MinJobAge": 10,
        "KillWait": 2,
        "ReturnToService": 2,
        "SchedulerType": "sched/backfill",
        "SchedulerParameters": "bf_interval=5,sched_interval=5,default_queue_depth=1000",
        "PreemptType": "preempt/partition_prio",
        "PreemptMode": "REQUEUE",
        "EnforcePartLimits": "ALL",
        "MaxJobCount": 200000,
    }


def _accounting(s):
    return {
        "AccountingStorageType": "accounting_storage/slurmdbd",
        "AccountingStorageHost": "127.0.0.1",
        "AccountingStoragePort": s.port + 1,
        "AccountingStoragePass": s.munge_socket,  # else sacct asks the host's own munged
        "AccountingStorageTRES": "gres/gpu",
        "AccountingStorageEnforce": "associations,limits,qos",
    }


def _nodes(s):
    text = f"NodeName=DEFAULT CPUs={s.cpus} RealMemory={s.memory_mb} State=UNKNOWN"
    text += f" Gres=gpu:{s.gpus}\n" if s.gpus else "\n"
    for i, name in enumerate(s.node_names):
        text += f"NodeName={name} NodeHostname={s.hostname} NodeAddr=127.0.0.1"
        text += f" Port={s.port + 2 + i} Feature={'cpu,fast' if i % 2 else 'cpu'}\n"
    return text


def slurm_conf(s):
    values = _main(s) | (_accounting(s) if s.accounting else {}) | s.conf
    return _lines(values) + _nodes(s) + PARTITIONS


def gres_conf(s):
    return "".join(f"Name=gpu File={device}\n" for device in FAKE_GPUS[:s.gpus])


def cgroup_conf():
    return _lines({"ConstrainRAMSpace": "yes", "ConstrainSwapSpace": "no", "AllowedSwapSpace": 0})


def slurmdbd_conf(s):
    return _lines({
        "AuthType": "auth/munge",
        "AuthInfo": f"socket={s.munge_socket}",
        "DbdHost": s.hostname,
        "DbdAddr": "127.0.0.1",
        "DbdPort": s.port + 1,
        "CommunicationParameters": "NoInAddrAny",
        "SlurmUser": s.owner,
        "PidFile": s.directory / "run" / "slurmdbd.pid",
        "LogFile": s.directory / "log" / "slurmdbd.log",
        "StorageType": "accounting_storage/mysql",
        "StorageHost": "localhost",  # by the socket that MYSQL_UNIX_PORT names, not by a port
        "StorageUser": "slurm",
        "StorageLoc": "slurm_acct_db",
    })
