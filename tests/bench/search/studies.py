"""The studies that were carried out: one file of JSON lines a method, looked into before a start.

A line of another version of the method, or of another revision of the problems, does not count
and may be removed. They lie in $HPO_SEARCH_STUDIES, by default beside this file.
"""
import json
import os
import pathlib

import problems

FOLDER = pathlib.Path(os.environ.get("HPO_SEARCH_STUDIES",
                                     pathlib.Path(__file__).with_name("studies")))
KEY = ("problem", "seed", "in_flight", "budget", "revision")


def wanted(problem, seed, in_flight, budget):
    return {"problem": problem, "seed": seed, "in_flight": in_flight, "budget": budget,
            "revision": problems.REVISION}


def key_of(line):
    return tuple(line[each] for each in KEY)


def file_of(method):
    return FOLDER / (method.translate(str.maketrans(":=,", "---")) + ".jsonl")


def read(method, version):
    """key -> line, of this version alone."""
    path = file_of(method)
    if not path.exists():
        return {}
    _cut_to_whole_lines(path)
    lines = map(json.loads, path.read_text().splitlines())
    return {key_of(line): line for line in lines if line["version"] == version}


def _cut_to_whole_lines(path):
    """A crash may have left a part of a line at the end."""
    text = path.read_bytes()
    if text and not text.endswith(b"\n"):
        os.truncate(path, text.rfind(b"\n") + 1)


def append(method, line):
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(file_of(method), "a") as file:
        file.write(line.rstrip("\n") + "\n")
