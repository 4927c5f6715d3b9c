"""A loop in numpy: reports each epoch, saves its weights, stops when told to, and goes on later."""
import time

import hpo
import numpy as np

p, epochs = hpo.params({"rate": 0.1}), hpo.last_step(40)
draw = np.random.default_rng(1)
x = draw.normal(size=(500, 8))
y = x @ np.arange(8.0) + draw.normal(size=500)

w, first = np.zeros(8), 1
if hpo.checkpoint_from():
    saved = np.load(hpo.checkpoint_from() + "/state.npz")
    w, first = saved["w"], int(saved["epoch"]) + 1

hpo.stop_at_report()  # SIGTERM waits for the next report: there is something to save
for epoch in range(first, epochs + 1):
    w = w - p["rate"] * x.T @ (x @ w - y) / len(y)
    loss = np.mean((x @ w - y) ** 2)
    time.sleep(0.01)  # epochs of your own take longer, and there is something to save
    should_stop = hpo.report(epoch, loss=loss)
    if should_stop or epoch % 10 == 0:
        with hpo.checkpoint() as folder:
            np.savez(folder + "/state.npz", w=w, epoch=epoch)
    if should_stop:
        break
hpo.result(loss=loss)
