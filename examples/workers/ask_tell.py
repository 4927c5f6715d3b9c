"""A loop of one's own that takes its trials from hpo: `python3 ask_tell.py STUDY`."""
import json
import subprocess
import sys
import time


def hpo(*words):
    while True:
        done = subprocess.run(["hpo", *words], stdout=subprocess.PIPE, text=True)
        if done.returncode not in (6, 75):  # no daemon; none at present: others may come back
            return done
        time.sleep(1)  # saying the same again is safe, and what was trained is not lost


def main(study):
    while True:
        asked = hpo("ask", study, "--wait", "10s", "--json")
        if asked.returncode != 0:  # 5: the study has no more
            return 0 if asked.returncode == 5 else asked.returncode
        for trial in json.loads(asked.stdout)["trials"]:
            loss = (trial["params"]["x"] - 0.3) ** 2
            hpo("tell", "%s/%d" % (study, trial["trial"]), "--fence", str(trial["fence"]),
                "loss=%r" % loss)  # 5: another end was first, and this one does not count


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
