"""Writes the table of figures.jsonl into README.md, between its two marks, and prints it."""
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
README = HERE.parent.parent / "README.md"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"


def _number(value):
    if isinstance(value, int) or value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _row(line):
    beside = (f"peer {_number(line['peer'])}" if "peer" in line
              else f"limit {_number(line['limit'])}")
    met = "yes" if line["met"] else "**no**"
    return (f"| {line['figure']} | {_number(line['ours'])} {line['unit']} | {beside} | "
            f"{line['target']} | {met} | {line['load']:.1f} | {line['commit']} |")


# The README has room for the hard case of each kind; these are in figures.jsonl alone.
ELSEWHERE = ("16 clients", "128 clients", "ready, ", "fdatasync slowed by", "history of 100,000",
             ", 100,000 trials in the database", "resident memory", "hpo --version",
             "page of 100 trials", "in its slot, p50", "pretended Slurm", "to its result told",
             "queries per interval", "commands of Slurm", "regret after", "simulated time")


def table(lines):
    lines = [line for line in lines if not any(word in line["figure"] for word in ELSEWHERE)]
    head = ["| What | hpo | Beside it | Target | Met | Load | Commit |",
            "|---|---|---|---|---|---|---|"]
    cores = ", ".join(sorted({str(line["cores"]) for line in lines}))
    note = (f"Measured on {cores} cores by `tests/bench/run.sh`; peers run in turn with hpo. Load "
            "is the machine's, other programs included. All details: "
            "[figures.jsonl](tests/bench/figures.jsonl).")
    remarks = [f"{line['figure']}: {line['remark']}" for line in lines if "remark" in line]
    return "\n".join(head + [_row(line) for line in lines] + [""] + remarks + [note])


def main():
    lines = [json.loads(text) for text in (HERE / "figures.jsonl").read_text().splitlines()]
    text = table(lines)
    print(text)
    if not README.exists() or BEGIN not in README.read_text():
        return print(f"README.md has no {BEGIN}; nothing written")
    old = README.read_text()
    before, rest = old.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    README.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


main()
