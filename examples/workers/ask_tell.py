"""A loop of one's own that takes its trials from hpo: `python3 ask_tell.py STUDY`."""
import json
import subprocess
import sys


def hpo(*words):
    return subprocess.run(["hpo", *words], stdout=subprocess.PIPE, text=True)


def main(study):
    while True:
        asked = hpo("ask", study, "--wait", "10s", "--json")
        if asked.returncode == 75:  # none at present: others may fail, and come back
            continue
        if asked.returncode != 0:   # the study has no more
            return
        for trial in json.loads(asked.stdout)["trials"]:
            loss = (trial["params"]["x"] - 0.3) ** 2
            hpo("tell", "%s/%d" % (study, trial["trial"]), "--fence", str(trial["fence"]),
                "loss=%r" % loss)


if __name__ == "__main__":
    main(sys.argv[1])
