"""The comparison as Markdown: ours to each peer, wins and losses, latency, group by group."""
import statistics

import problems
import scores

CHANCE = "optuna:random"
PARTS = {"reported problems": lambda name: not problems.is_tuning(name),
         "problems for tuning": problems.is_tuning}


def text(lines, checkpoints):
    """`lines`: method -> the lines of its studies, all with the same budget and in flight."""
    ours = [method for method in lines if method.startswith("hpo:") and lines[method]]
    peers = [method for method in lines if method not in ours and lines[method]]
    parts = [latency_table(lines)]
    for title, belongs in PARTS.items():
        sides = {method: [line for line in lines[method] if belongs(line["problem"])]
                 for method in ours + peers}
        if any(sides.values()):
            parts += [f"## {title}", regret_table(sides, checkpoints)]
            parts += [comparison(sides, mine, peer, checkpoints)
                      for mine in ours for peer in peers]
    return "\n\n".join(part for part in parts if part)


def side_at(lines, trials):
    side = {}
    for line in lines:
        side.setdefault(line["problem"], {})[line["seed"]] = \
            scores.regret_at(line["curve"], trials)
    return side


def table(head, rows):
    widths = ["---"] * len(head)
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, widths, *rows])


def number(value):
    return f"{value:.3g}"


def latency_table(lines):
    """CPU time, not waiting; of each study its percentile, and of those the median."""
    rows = [[method, len(each), number(statistics.median(line["p50_ms"] for line in each)),
             number(statistics.median(line["p99_ms"] for line in each))]
            for method, each in lines.items() if each]
    return table(["method", "studies", "CPU ms a suggestion, p50", "p99"], rows)


def regret_table(sides, checkpoints):
    rows = []
    for method, lines in sides.items():
        at = [side_at(lines, n) for n in checkpoints]
        rows.append([method, len(at[0])] + [number(scores.mean(
            scores.floored(side[name].values()) for name in side)) if side else "–" for side in at])
    return table(["method", "problems"] + [f"mean regret @{n}" for n in checkpoints], rows)


def comparison(sides, mine, peer, checkpoints):
    """Rows of one pair: all problems that tell something, each group of them, and the rest."""
    rows = []
    for n in checkpoints:
        chance = side_at(sides[CHANCE if sides.get(CHANCE) else peer], n)
        ours, theirs, chance = scores.shared(side_at(sides[mine], n), side_at(sides[peer], n),
                                             chance)
        bound = scores.noise_bound(theirs, chance) if peer != CHANCE and sides.get(CHANCE) \
            else set()
        telling = [name for name in ours if name not in bound]
        groups = sorted({problems.group_of(name) for name in telling})
        rows += [_row(f"@{n}", ours, theirs, telling)]
        rows += [_row(f"@{n} {group}", ours, theirs, [name for name in telling
                                                      if problems.group_of(name) == group])
                 for group in groups if len(groups) > 1]
        rows += [_row(f"@{n} noise-bound", ours, theirs, sorted(bound))]
    rows = [row for row in rows if row]
    head = [f"{mine} to {peer}", "problems", "studies", "ratio [90 %]", "wins–losses"]
    return table(head, rows) if rows else ""


def _row(title, ours, peer, names):
    if not names:
        return None
    ours, peer = ({name: side[name] for name in names} for side in (ours, peer))
    low, high = scores.interval(ours, peer)
    wins, losses = scores.wins_and_losses(ours, peer)
    return [title, len(names), sum(map(len, ours.values())),
            f"{scores.ratio(ours, peer):.2f} [{low:.2f}, {high:.2f}]", f"{wins}–{losses}"]
