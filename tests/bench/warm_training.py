"""A small fit of scikit-learn: the training of the figure `warm`. HELPERS says where hpo.py is."""
import os
import sys

from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, os.environ["HELPERS"])
import hpo

X, Y = make_classification(600, 8, random_state=1)


def train(p):
    model = LogisticRegression(C=p["c"]).fit(X[::2], Y[::2])
    hpo.result(score=model.score(X[1::2], Y[1::2]))


hpo.serve(train, {"c": 1.0})
