"""The peers' environments: exact pins, in which order they are installed, what marks a study.

Nothing is installed here: the commands are looked at.
"""
import pathlib
import tempfile
import unittest
from unittest import mock

import environments

HERE = pathlib.Path(__file__).resolve().parent


def commands(environment, pins_before):
    """What is called for an environment whose pins.txt says `pins_before`, and what it says
    then."""
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder, environment, "pins.txt")
        made.parent.mkdir()
        made.write_text(pins_before)
        with mock.patch.object(environments, "PEERS", pathlib.Path(folder)), \
                mock.patch.object(environments, "_call") as call:
            environments.python_of(environment)
        return [list(map(str, each.args[0])) for each in call.call_args_list], made.read_text()


class Environments(unittest.TestCase):
    def test_every_pin_is_exact_so_that_studies_can_be_repeated(self):
        for pins in [*environments.PINS.values(), *environments.ALONE.values()]:
            for pin in pins:
                self.assertRegex(pin, r"^[A-Za-z0-9_-]+==[0-9.]+$")

    def test_every_peer_has_a_file_pins_and_a_version(self):
        for method in environments.PEER_METHODS:
            self.assertTrue((HERE / f"{method.split(':')[0]}_method.py").exists(), method)
            self.assertIn(environments.environment_of(method), environments.PINS)
        versions = {name: environments.version_of(name) for name in environments.PEER_METHODS}
        self.assertEqual({each.split(":")[0]: version for each, version in versions.items()},
                         {"optuna": "optuna 5.0.0", "smac": "smac 2.4.1", "hebo": "hebo 0.3.6",
                          "ax": "ax-platform 1.3.1", "vizier": "google-vizier 0.1.24"})

    def test_a_peer_that_is_not_there_is_missing_and_the_others_are_named(self):
        with self.assertRaisesRegex(environments.Missing, "vizier:gp"):
            environments.version_of("vizier:forest")

    def test_what_stands_alone_is_installed_last_and_without_what_it_asks_for(self):
        (venv, first, last), pins = commands("hebo", pins_before="hebo==0.3.5")
        self.assertIn("--clear", venv)
        self.assertIn("torch==2.2.2", first)
        self.assertNotIn("--no-deps", first)
        self.assertEqual(last[-2:], ["--no-deps", "hebo==0.3.6"])
        self.assertIn("hebo==0.3.6", pins)

    def test_an_environment_with_the_same_pins_stays_as_it_is(self):
        _, pins = commands("smac", pins_before="")
        self.assertEqual(commands("smac", pins_before=pins), ([], pins))


if __name__ == "__main__":
    unittest.main()
