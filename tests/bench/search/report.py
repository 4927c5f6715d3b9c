"""The comparison as Markdown: ours to each peer, wins and losses, latency, group by group."""
import statistics

import problems
import scores

CHANCE, AUTO = "optuna:random", "hpo:auto"
PARTS = {"reported problems": lambda name: not problems.is_tuning(name),
         "problems for tuning": problems.is_tuning}


def text(lines, checkpoints, peers):
    """`lines`: method -> the lines of its studies, all with the same budget and in flight; ours
    among them are compared with each of `peers`."""
    lines = {method: each for method, each in lines.items() if each}
    ours = [method for method in lines if method.startswith("hpo:")]
    parts = [latency_table(lines)]
    for title, belongs in PARTS.items():
        sides = {method: [line for line in lines[method] if belongs(line["problem"])]
                 for method in lines}
        if any(sides.values()):
            parts += [f"## {title}", regret_table(sides, checkpoints),
                      strategy_table(sides, checkpoints)]
            parts += [comparison(sides, mine, peer, checkpoints)
                      for mine in ours for peer in peers if peer in lines and peer != mine]
    return "\n\n".join(part for part in parts if part)


def side_at(lines, trials):
    side = {}
    for line in lines:
        side.setdefault(line["problem"], {})[line["seed"]] = \
            scores.regret_at(line["curve"], trials)
    return side


def table(head, rows):
    rule = ["---"] * len(head)
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, rule, *rows])


def number(value):
    return f"{value:.3g}"


def latency_table(lines):
    """CPU time, not waiting; of each study its percentile, and of those the median."""
    rows = [[method, len(each), number(statistics.median(line["p50_ms"] for line in each)),
             number(statistics.median(line["p99_ms"] for line in each))]
            for method, each in lines.items()]
    return table(["method", "studies", "CPU ms a suggestion, p50", "p99"], rows)


def regret_table(sides, checkpoints):
    rows = []
    for method, lines in sides.items():
        at = [side_at(lines, n) for n in checkpoints]
        rows.append([method, len(at[0]), _seeds(at[0])] + [number(scores.mean(
            scores.floored(side[name].values()) for name in side)) if side else "–" for side in at])
    return table(["method", "problems", "seeds"] + [f"mean regret @{n}" for n in checkpoints], rows)


def _seeds(side):
    """Of each problem: one number, or the fewest and the most."""
    counts = {len(each) for each in side.values()}
    return "–".join(map(str, sorted({min(counts), max(counts)}))) if counts else "0"


def strategy_table(sides, checkpoints):
    """Ours beside each other, group by group, on what all of them have: the best one in bold, and
    `auto` to the best of the others."""
    ours = {method: sides[method] for method in sides if method.startswith("hpo:")
            and sides[method]}
    if len(ours) < 2:
        return ""
    head = ["geometric mean of regret", "problems", *ours]
    rows = [row for group in _groups(ours) for n in checkpoints
            if (row := _strategies_row(group, n, _shared(ours, group, n)))]
    return table(head + [f"{AUTO} to the best"] * (AUTO in ours), rows) if rows else ""


def _groups(lines):
    return sorted({problems.group_of(line["problem"]) for each in lines.values() for line in each})


def _shared(lines, group, trials):
    """method -> the side of what all methods have of a group."""
    sides = [side_at([line for line in each if problems.group_of(line["problem"]) == group], trials)
             for each in lines.values()]
    return dict(zip(lines, scores.shared(*sides)))


def _strategies_row(group, trials, sides):
    levels = {method: scores.level(side) for method, side in sides.items() if side}
    if not levels:
        return None
    best = min((method for method in levels if method != AUTO), key=levels.get)
    cells = [f"**{number(level)}**" if method == best else number(level)
             for method, level in levels.items()]
    auto = [_ratio(sides[AUTO], sides[best])] if AUTO in sides else []
    return [f"{group} @{trials}", len(sides[best]), *cells, *auto]


def comparison(sides, mine, peer, checkpoints):
    """Rows of one pair: the problems that tell something, each group of them, and the rest."""
    rows = []
    for n in checkpoints:
        ours, theirs, bound = pair(sides, mine, peer, n)
        telling = [name for name in ours if name not in bound]
        groups = sorted({problems.group_of(name) for name in telling})
        rows.append(_row(f"@{n}", ours, theirs, telling))
        rows += [_row(f"@{n} {group}", ours, theirs, [name for name in telling
                                                      if problems.group_of(name) == group])
                 for group in groups if len(groups) > 1]
        rows.append(_row(f"@{n} noise-bound", ours, theirs, sorted(bound)))
    head = [f"{mine} to {peer}", "problems", "studies", "ratio [90 %]", "wins–losses"]
    rows = [row for row in rows if row]
    return table(head, rows) if rows else ""


def pair(sides, mine, peer, trials):
    """Both sides with what both have, and the noise-bound problems; none without random's."""
    ours, theirs = side_at(sides[mine], trials), side_at(sides[peer], trials)
    if peer == CHANCE or not sides.get(CHANCE):
        return *scores.shared(ours, theirs), set()
    ours, theirs, chance = scores.shared(ours, theirs, side_at(sides[CHANCE], trials))
    return ours, theirs, scores.noise_bound(theirs, chance)


def _row(title, ours, peer, names):
    if not names:
        return None
    ours, peer = ({name: side[name] for name in names} for side in (ours, peer))
    wins, losses = scores.wins_and_losses(ours, peer)
    return [title, len(names), sum(map(len, ours.values())), _ratio(ours, peer),
            f"{wins}–{losses}"]


def _ratio(ours, peer):
    low, high = scores.interval(ours, peer)
    return f"{scores.ratio(ours, peer):.2f} [{low:.2f}, {high:.2f}]"
