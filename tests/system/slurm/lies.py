"""What the double may say at each command, and the frame of the tests in which it does."""
import collections
import unittest

from checks import findings
from cluster import Cluster
from double import SEED, fault
from login_node import ABSENT_AFTER_S, DOUBTFUL, DOUBTS, POLL_S, Site, slurm_study

SUBMISSIONS = [
    fault("accepted_unsaid", 0.1), fault("refused_unsaid", 0.1), fault("garbage", 0.1),
    fault("silence", 0.1), fault("twice", 0.1), fault("twice_unsaid", 0.1),
    fault("id_of_another", 0.1), fault("accepted_late", 0.1, seconds=4)]
LISTINGS = {
    "faithful": [],
    "failing": [fault("no_contact", 0.3)],
    "cut": [fault("cut", 0.3)],
    "partial": [fault("partial", 0.5)],
    "forgetful": [fault("forgetful", every=3)],
    "empty": [fault("empty", 0.3)],
    "lagging": [fault("lagging", seconds=3 * POLL_S)],
    "slow": [fault("hang", 0.3, seconds=3)],
    "garbled": [fault("garbage", 0.3)],
}
CANCELS = [fault("no_contact", 0.3), fault("does_nothing", 0.3)]
END_S = 140 + 6 * ABSENT_AFTER_S


def names(rules):
    return {rule["fault"] for rule in rules}


class Lied(unittest.TestCase):
    """One cluster for the class; a site for each kind of lie, all at the same time."""
    options = DOUBTFUL

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster(**cls.options))
        cls.struck = collections.Counter()
        print(f"HPO_DOUBLE_SEED={SEED}", flush=True)

    @classmethod
    def submit(cls, name, command, rules, plant=lambda site: None, times=DOUBTS, **more):
        """A new site with the study `name`; `command` is called with the file for begun(), `plant`
        with the site before it has a study."""
        site = cls.enterClassContext(Site(cls.cluster, times=times))
        site.double.play(f"{SEED} {name}", **rules)
        plant(site)
        site.post("/v1/studies", slurm_study(name, command(site.scratch("begun")), **more))
        return site

    def check(self, name, site, trials):
        """All has ended well; what happened is printed."""
        site.wait_for(name, limit_s=END_S)
        site.double.play()
        found = findings(site, name, trials)
        self.note(name, site, trials)
        self.assertEqual(found, [], f"seed {SEED}\n{site.log_text()[-2000:]}")

    def note(self, name, site, trials):
        for command in ("sbatch", "squeue", "scancel", "sacct"):
            self.struck.update({(command, each): count
                                for each, count in site.double.faults(command).items()})
        print(f"{name}: {len(site.double.jobs())} jobs for {trials} trials, {site.duplicates()} "
              f"surplus jobs left by the claim; {dict(site.double.faults())}", flush=True)

    def check_struck(self, command, faults):
        """A fault that never struck was not tested."""
        missing = {each for each in faults if not self.struck[command, each]}
        self.assertEqual(missing, set(), f"{command}, seed {SEED}: never struck")
