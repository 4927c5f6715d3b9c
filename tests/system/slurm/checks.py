"""What must hold after a study on Slurm, whatever happened; double_checks_test has it find bugs."""
import collections

from login_node import begun
from support import wait_until


def twice(site):
    """Attempts whose training began more than once."""
    return [run for run, count in collections.Counter(begun(site.scratch("begun"))).items()
            if count > 1]


def lost(site, name, trials):
    """What a study of `trials` trials, each of one attempt, lacks at its end; "" if nothing."""
    study = site.get(f"/v1/studies/{name}")
    told = (study["state"], study["reason"], study["trials"]["completed"], study["attempts"])
    wanted = ("finished", "trials", trials, trials)
    return "" if told == wanted else f"{told}, not {wanted}"


def orphans(site, limit_s=60):
    """Jobs of ours that stay."""
    try:
        wait_until(lambda: not site.jobs(), limit_s)
    except AssertionError:
        return site.jobs()
    return []


def findings(site, name, trials, limit_s=60):
    """All of them, as sentences; the study has ended."""
    left = orphans(site, limit_s)  # first: until then, a training may begin
    found = [f"attempt {number} of trial {trial} began twice" for trial, number in twice(site)]
    found += [f"lost: {text}" for text in [lost(site, name, trials)] if text]
    return found + [f"job {job[0]}, {job[1]}, is an orphan" for job in left]
