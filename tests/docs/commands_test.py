"""Every command that a text of ours tells to type exists, with each of its options."""
import os
import re
import subprocess
import unittest

BIN = os.environ["HPO_BIN"]
SOURCE = os.environ["HPO_SOURCE"]
FOLDERS = ("schema", "strategies", "executors", "daemon", "cli", "examples")
TEXTS = (".cpp", ".hpp", ".def", ".md", ".sh", ".py", ".yaml")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*|(?<![\w-])-[a-z]\b")
# After a quote, a backtick or a bracket it is to be typed; elsewhere the word may be prose.
TYPED = re.compile(r"[\"'`(]hpo ([a-z]+(?: [a-z]+)?)")


def help_of(program, *words):
    done = subprocess.run([os.path.join(BIN, program), *words, "--help"], capture_output=True,
                          text=True, check=True)
    return done.stdout


def verbs():
    lines = help_of("hpo").split("\n\n")[1].splitlines()
    return sorted((" ".join(line[2:17].split()) for line in lines), key=len, reverse=True)


def texts():
    """(place, line) of every line of ours that may name a command."""
    paths = [os.path.join(SOURCE, name) for name in ("README.md", "CHANGELOG.md")]
    for folder in FOLDERS:
        for place, _, names in os.walk(os.path.join(SOURCE, folder)):
            paths += [os.path.join(place, name) for name in names if name.endswith(TEXTS)]
    for path in sorted(paths):
        with open(path) as file:
            for number, line in enumerate(file, 1):
                yield "%s:%d" % (os.path.relpath(path, SOURCE), number), line


def options_typed(line, command):
    """The options behind each `command` of a line, up to where another command begins."""
    for found in re.finditer(r"(?<![\w-])%s(?![\w-])([^|;&`#)]*)" % re.escape(command), line):
        yield from OPTION.findall(found.group(1).split("hpo ")[0])


class Commands(unittest.TestCase):
    def test_every_option_that_is_named_with_its_verb_exists(self):
        known = {"hpo " + verb: help_of("hpo", *verb.split()) + "--help" for verb in verbs()}
        known["hpod"] = help_of("hpod")
        seen = set()
        for place, line in texts():
            for command, text in known.items():
                for option in options_typed(line, command):
                    seen.add((command, option))
                    self.assertRegex(text, r"(?<![\w-])%s(?![\w-])" % option,
                                     "%s: %s has no %s" % (place, command, option))
        self.assertIn(("hpo submit", "--watch"), seen)

    def test_every_verb_that_is_to_be_typed_exists(self):
        known = verbs()
        count = 0
        for place, line in texts():
            for words in TYPED.findall(line):
                count += 1
                self.assertTrue(any(words == verb or words.startswith(verb + " ")
                                    for verb in known), "%s: there is no hpo %s" % (place, words))
        self.assertGreater(count, 30)


if __name__ == "__main__":
    unittest.main()
