"""Packages of PyPI for examples, pinned, in environments of their own below the build directory.

They are made when they are first needed, and stay. What cannot be had is skipped, and why is said.
"""
import os
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("HPO_BIN", ROOT / "build/bin")).resolve()
PLACES = BIN.parent / "example-environments"
INSTALL_LIMIT_S = 240


def python_of(name, pins):
    """The interpreter of an environment that has these."""
    folder = PLACES / name
    python, made = folder / "bin/python", folder / "pins.txt"
    if made.exists() and made.read_text() == "\n".join(pins):
        return python
    _call([sys.executable, "-m", "venv", "--clear", folder])
    _call([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries",
           "1", *pins])
    made.write_text("\n".join(pins))
    return python


def _call(words):
    try:
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True,
                              timeout=INSTALL_LIMIT_S)
    except subprocess.TimeoutExpired:
        raise unittest.SkipTest(f"skipped: {words[-1]} took more than {INSTALL_LIMIT_S} s")
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise unittest.SkipTest(f"skipped: {words[-1]} cannot be had: {lines[-1]}")
