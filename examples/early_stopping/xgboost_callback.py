"""XGBoost: a callback reports each round, and ends the training when it is told to."""
import hpo
import numpy as np
import xgboost


class Report(xgboost.callback.TrainingCallback):
    def after_iteration(self, model, epoch, evals_log):
        return hpo.report(epoch + 1, rmse=evals_log["validation"]["rmse"][-1])  # True: stop


p, rounds = hpo.params({"eta": 0.3, "max_depth": 4}), hpo.last_step(20)
draw = np.random.default_rng(1)
x = draw.normal(size=(800, 6))
y = np.sin(x[:, 0]) + x[:, 1] * x[:, 2] + 0.1 * draw.normal(size=800)
parts = [xgboost.DMatrix(x[rows], y[rows]) for rows in (slice(600), slice(600, None))]

told = {}
xgboost.train({"eta": p["eta"], "max_depth": p["max_depth"], "nthread": 1}, parts[0], rounds,
              evals=[(parts[1], "validation")], evals_result=told, verbose_eval=False,
              callbacks=[Report()])
hpo.result(rmse=told["validation"]["rmse"][-1])
