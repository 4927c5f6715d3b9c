"""Two ranks or more: rank 0 reports, and all hear of a stop at the same step. See also ../mpi."""
import hpo
import numpy as np
from mpi4py import MPI

world = MPI.COMM_WORLD
p, epochs = hpo.params({"rate": 0.1}), hpo.last_step(40)
draw = np.random.default_rng(world.rank)
x = draw.normal(size=(500, 8))
y = x @ np.arange(8.0) + draw.normal(size=500)

hpo.stop_at_report()  # on all ranks: SIGTERM, which may reach any of them, ends none at once
w = np.zeros(8)
for epoch in range(1, epochs + 1):
    error = x @ w - y
    sums = world.allreduce(np.r_[x.T @ error, error @ error]) / (500 * world.size)
    w, loss = w - p["rate"] * sums[:-1], sums[-1]
    if world.bcast(hpo.report(epoch, loss=loss) if world.rank == 0 else None):
        break
if world.rank == 0:
    hpo.result(loss=loss, ranks=world.size)
print(f"rank {world.rank} ended after epoch {epoch}")
