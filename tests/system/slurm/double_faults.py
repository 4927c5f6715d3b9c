"""What the double says and does instead of a Slurm command; see double_command.py.

Each takes its rule, for what it needs of it: seconds, told, every, state.
"""
import os
import time

from double_call import ARGV, CHANCE, HERE, NAME, answer, answer_real, append, later, lines, real

LISTING = HERE / "listing"  # of an earlier moment
PRETENDED = 1_000_000  # ids from here on: of jobs that no Slurm knows
LIVE = {b"PENDING", b"CONFIGURING", b"RUNNING", b"SUSPENDED", b"COMPLETING"}
STRANGER = "hpoaaaaaaaaaaaa"  # a name as ours are
TIMED_OUT = ("sbatch: error: Batch job submission failed: "
             "Socket timed out on send/recv operation\n")
NO_CONTACT = "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n"


# --- submissions

def accepted_unsaid(_):
    real()
    return answer(error=TIMED_OUT, code=1)


def refused_unsaid(_):
    return answer(error=TIMED_OUT, code=1)


def accepted_late(rule):
    def work():
        time.sleep(rule["seconds"])
        real()
    later(work)
    return answer(error=TIMED_OUT, code=1)


def accepted_hang(rule):
    real()
    time.sleep(rule["seconds"])
    return answer(error=TIMED_OUT, code=1)


def accepted_when_told(rule):
    """Once the file `told` is there, or never."""
    def work():
        while HERE.exists():
            if os.path.exists(rule["told"]):
                return real()
            time.sleep(0.02)
    later(work)
    return answer(error=TIMED_OUT, code=1)


def twice(_):
    real()
    return answer_real()


def twice_unsaid(_):
    real()
    return accepted_unsaid(_)


def garbage(_):
    real()
    return answer(b"\xff\x00|no listing, no id\xfe")


def silence(_):
    real()
    return answer()


def id_of_another(_):
    real()
    known = [job["id"] for job in lines("jobs.jsonl")]
    return answer(f"{CHANCE.choice(known)}\n".encode())


def accepted_hang(rule):
    real()
    time.sleep(rule["seconds"])
    return answer(error=TIMED_OUT, code=1)


# --- listings

def no_contact(_):
    return answer(error=NO_CONTACT, code=1)


def cut(_):
    output, error, code = real()
    return answer(output[:CHANCE.randint(0, len(output))], error, code)


def partial(_):
    output, error, code = real()
    rows = output.splitlines(keepends=True)
    return answer(b"".join(row for row in rows if CHANCE.random() < 0.7), error, code)


def forgetful(rule):
    """Some jobs are in no listing: each third that was submitted, say. Asked by id, it tells."""
    output, error, code = real()
    if any(word.startswith("--jobs=") for word in ARGV):
        return answer(output, error, code)
    names = list(dict.fromkeys(job["name"] for job in lines("jobs.jsonl")))
    hidden = {name.encode() for name in names[::rule["every"]]}
    rows = [row for row in output.splitlines(keepends=True)
            if row.split(b"|")[-2] not in hidden]
    return answer(b"".join(rows), error, code)


def purged(_):
    """What has ended is not shown any more."""
    output, error, code = real()
    rows = [row for row in output.splitlines(keepends=True) if row.split(b"|")[1] in LIVE]
    return answer(b"".join(rows), error, code)


def empty(_):
    return answer()


def lagging(rule):
    """What was told `seconds` ago."""
    if LISTING.exists() and time.time() - LISTING.stat().st_mtime < rule["seconds"]:
        return answer(LISTING.read_bytes())
    output, error, code = real()
    LISTING.write_bytes(output)
    return answer(output, error, code)


def hang(rule):
    time.sleep(rule["seconds"])
    return answer_real()


def does_nothing(_):
    return answer()


# --- accounting: JobIDRaw|State|ExitCode|Start|End|NodeList|JobName|Reason|JobName|

def late(rule):
    """Ends appear `seconds` after they came."""
    output, error, code = real()
    told = time.time() - rule["seconds"]
    rows = [row for row in output.splitlines(keepends=True)
            if row.split(b"|")[4].isdigit() and int(row.split(b"|")[4]) < told]
    return answer(b"".join(rows), error, code)


def former(_):
    """Before and behind each job, others that had its id."""
    output, error, code = real()
    rows = []
    for row in output.splitlines(keepends=True):
        number = row.split(b"|")[0].decode()
        rows += [f"{number}|{state}|1:0|1|2|n1|{STRANGER}|None|{STRANGER}|\n".encode()
                 for state in ("COMPLETED", "NODE_FAIL")]
        rows.insert(-1, row)
    return answer(b"".join(rows), error, code)


def all_failed(_):
    """Whatever became of the jobs."""
    output, error, code = real()
    rows = [b"|".join((row.split(b"|")[0], b"NODE_FAIL", *row.split(b"|")[2:]))
            for row in output.splitlines(keepends=True)]
    return answer(b"".join(rows), error, code)


# --- jobs that are nowhere but in these two answers

def pretend(_):
    number = f"{PRETENDED + len(lines('jobs.jsonl'))}"
    append("jobs.jsonl", name=NAME, id=number)
    return answer(f"{number}\n".encode())


def pretend_all(rule):
    """All of them are in one state; `foreign` others of the same user stand before them."""
    now = int(time.time())
    jobs = [(n, "analysis") for n in range(rule.get("foreign", 0))]
    jobs += [(job["id"], job["name"]) for job in lines("jobs.jsonl")]
    rows = [f"{number}|{rule['state']}|{now}|N/A|N/A||{name}|Priority|{name}|.\n"
            for number, name in jobs]
    return answer("".join(rows).encode())


FAULTS = {f.__name__: f for f in (
    accepted_unsaid, refused_unsaid, accepted_late, accepted_hang, accepted_when_told, twice,
    twice_unsaid, garbage, silence, id_of_another, no_contact, cut, partial, forgetful, purged,
    empty, lagging, hang, late, former, all_failed, does_nothing, pretend, pretend_all)}
