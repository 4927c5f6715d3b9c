"""The studies of examples/ as a user of the cluster has them: a copy, in their own directory."""
import json
import os
import pathlib
import shutil
import subprocess

EXAMPLES = pathlib.Path(os.environ["HPO_SOURCE"]) / "examples"
PATH = "/usr/bin:/bin"  # of a login shell there: Debian's python3, which has what examples need


def lacks(*modules):
    """Which of the Python modules are not installed, as a text; "" if all are there."""
    done = subprocess.run(["/usr/bin/python3", "-c", f"import {','.join(modules)}"],
                          capture_output=True, text=True)
    return (done.stderr.strip().splitlines() or [""])[-1]


def copy(site, *paths):
    """Copies files and folders of the checkout below the site's home; that of the first one."""
    source = EXAMPLES.parent
    for path in paths:
        target = site.scratch("checkout") / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (source / path).is_dir() else shutil.copy)(source / path, target)
    site.cluster.give(site.home)
    return site.scratch("checkout") / paths[0]


def study(folder, **more):
    """The example's study, ready for POST; `more` replaces its keys."""
    text = json.loads((folder / "study.json").read_text())
    environment = dict(text.get("environment", {}), captured={"PATH": PATH})
    return dict(text, workdir=str(folder), environment=environment) | more
