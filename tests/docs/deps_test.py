"""tests/deps.sh installs what is missing, and where it cannot, says so and goes on."""
import os
import shutil
import subprocess
import tempfile
import unittest

SCRIPT = os.path.join(os.environ["HPO_SOURCE"], "tests/deps.sh")
LINE = "apt-get install -y --no-install-recommends catch2 git"
POLICY = "/usr/sbin/policy-rc.d"
INSTALLED = '[ "$4" = catch2 ] || [ "$4" = git ] || printf installed'


class Deps(unittest.TestCase):
    def setUp(self):
        self.bin = tempfile.mkdtemp(prefix="hpo-deps-")
        self.addCleanup(shutil.rmtree, self.bin)
        self.log = os.path.join(self.bin, "apt.log")
        os.symlink(shutil.which("bash"), os.path.join(self.bin, "bash"))

    def program(self, name, script):
        path = os.path.join(self.bin, name)
        with open(path, "w") as file:
            file.write("#!/bin/sh\n%s\n" % script)
        os.chmod(path, 0o755)

    def machine(self, uid, packages=INSTALLED, apt="true"):
        self.program("id", "echo %d" % uid)
        self.program("dpkg-query", packages)
        self.program("apt-get", "echo \"$@\" >> %s; %s" % (self.log, apt))

    def call(self):
        done = subprocess.run([SCRIPT, "--tests"], env={"PATH": self.bin}, capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def installs(self):
        with open(self.log) as file:
            return file.read().splitlines()

    def test_where_all_is_there_it_is_silent(self):
        self.machine(0, packages="printf installed")
        self.assertEqual(self.call(), "")
        self.assertFalse(os.path.exists(self.log))

    def test_root_installs_what_is_missing_and_nothing_else(self):
        self.machine(0)
        self.assertEqual(self.call(), "")
        self.assertEqual(self.installs()[0], "update -qq")
        self.assertTrue(self.installs()[1].endswith(" catch2 git"), self.installs())

    def test_the_services_of_what_it_installs_are_not_started(self):
        self.machine(0, packages='[ "$4" = mariadb-server ] || printf installed')
        for name in ("install", "rm"):
            self.program(name, 'echo fake-%s "$@" >> %s' % (name, self.log))
        self.assertEqual(self.call(), "")
        calls = [(line.split()[0], line.split()[-1]) for line in self.installs()]
        expected = [("update", "-qq"), ("install", "mariadb-server")]
        if not os.path.exists(POLICY):  # else the machine itself forbids them
            expected = [("fake-install", POLICY), *expected, ("fake-rm", POLICY)]
        self.assertEqual(calls, expected)

    def test_others_are_told_the_line_to_type(self):
        self.machine(1000)
        self.assertIn(LINE + "\n", self.call())
        self.assertFalse(os.path.exists(self.log))

    def test_without_a_network_root_is_told_it_too_and_it_goes_on(self):
        for failing in ('[ "$1" != update ]', '[ "$1" != install ]'):
            self.machine(0, apt=failing)
            self.assertIn(LINE + "\n", self.call())

    def test_where_there_is_no_dpkg_it_names_what_is_needed(self):
        told = self.call()
        self.assertIn("no Debian", told)
        for package in ("g++", "libsqlite3-dev", "catch2"):
            self.assertIn(package, told)


if __name__ == "__main__":
    unittest.main()
