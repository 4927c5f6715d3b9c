"""The decoder and the JSON Schema agree: what the schema refuses, the decoder refuses; what the
decoder accepts, the schema accepts; what lies between carries a semantic code (E02 or E03).

Documents are generated from fixed seeds; at least 30 % each are good, refused by the schema, and
refused by the decoder alone. HPO_TEST_LONG=1 makes many more. Needs python3-jsonschema.
"""
import json
import os
import pathlib
import random
import subprocess
import sys

import jsonschema

from study_generator import bad_meaning, bad_structure, good
from study_limits import limits

SOURCE = pathlib.Path(os.environ["HPO_SOURCE"])
DECODE_MAIN = pathlib.Path(os.environ["HPO_BIN"]).parent / "tests" / "decode_main"
COUNT = 30000 if os.environ.get("HPO_TEST_LONG") else 900
SHARE_MIN = 0.3


def decoder_answers(documents):
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    done = subprocess.run([DECODE_MAIN], input=lines, capture_output=True, text=True, check=True)
    answers = [line.split() for line in done.stdout.splitlines()]
    assert len(answers) == len(documents), "one answer a line"
    return answers


def is_semantic(code):
    return code.startswith(("HPO-E02", "HPO-E03"))


def compare(documents, schema):
    validator = jsonschema.Draft202012Validator(schema)
    shares = {"good": 0, "schema": 0, "meaning": 0}
    disagreements = []
    for document, codes in zip(documents, decoder_answers(documents)):
        accepted = "ok" in codes
        valid = validator.is_valid(document)
        errors = [code for code in codes if code.startswith("HPO-E")]
        shares["good" if accepted else "meaning" if valid else "schema"] += 1
        if accepted and not valid:
            disagreements.append(("the schema alone refuses", document, codes))
        elif valid and not accepted and not all(is_semantic(code) for code in errors):
            disagreements.append(("the decoder alone refuses", document, codes))
        elif not accepted and not errors:
            disagreements.append(("neither study nor error", document, codes))
    return shares, disagreements


def main():
    schema = json.loads((SOURCE / "schema/json/study.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    documents = [make(random.Random(seed)) for seed in range(COUNT // 3)
                 for make in (good, bad_structure, bad_meaning)]
    # Some of these a schema can see too, so there are more of them.
    documents += [bad_meaning(random.Random(COUNT + seed)) for seed in range(COUNT // 10)]
    documents += [{}, [], 7, "text", None, True]
    shares, disagreements = compare(documents, schema)
    disagreements += compare(limits(), schema)[1]
    print(f"{len(documents)} studies: {shares}; {len(limits())} at limits")
    for what, document, codes in disagreements[:10]:
        print(what, json.dumps(document), codes, file=sys.stderr)
    assert not disagreements, f"{len(disagreements)} disagreements"
    assert len(documents) >= 200
    for kind, count in shares.items():
        assert count >= SHARE_MIN * len(documents), f"too few studies of kind {kind}"


if __name__ == "__main__":
    main()
