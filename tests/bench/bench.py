"""Measures the figures named on the command line, or all of them; see run.sh."""
import sys

import asks
import lifecycle
import live_jets
import pruning
import pulled
import reads
import regrets
import reports
import slurm_pace
import slurm_queue
import slurm_workers
import trials
import warm
import writes

FIGURES = {**writes.FIGURES, **trials.FIGURES, **reads.FIGURES, **lifecycle.FIGURES,
           **slurm_queue.FIGURES, **slurm_pace.FIGURES, **slurm_workers.FIGURES, **asks.FIGURES,
           **regrets.FIGURES, **warm.FIGURES, **pruning.FIGURES, **reports.FIGURES,
           **pulled.FIGURES, **live_jets.FIGURES}


def main(names):
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        sys.exit(f"unknown figure {', '.join(unknown)}; there are {', '.join(FIGURES)}")
    for name in names or FIGURES:
        FIGURES[name]()


main(sys.argv[1:])
