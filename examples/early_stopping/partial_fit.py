"""scikit-learn, epoch by epoch: whatever has partial_fit can report and stop."""
import hpo
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split

p, epochs = hpo.params({"alpha": 1e-4, "eta0": 0.01}), hpo.last_step(20)
x, y = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x / 16, y, random_state=1)

model = SGDClassifier(alpha=p["alpha"], eta0=p["eta0"], learning_rate="constant",
                      random_state=hpo.trial())
for epoch in range(1, epochs + 1):
    model.partial_fit(x_train, y_train, classes=range(10))
    accuracy = model.score(x_test, y_test)
    if hpo.report(epoch, accuracy=accuracy):
        break
hpo.result(accuracy=accuracy)
