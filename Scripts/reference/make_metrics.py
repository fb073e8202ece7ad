#!/usr/bin/env python3
"""Makes Tests/Reference/metrics.json: metrics of classification and regression by scikit-learn.

    python3 Scripts/reference/make_metrics.py

Needs numpy, scipy and scikit-learn.
"""

import json
import pathlib
import warnings

import numpy as np
import scipy
import sklearn
from scipy.special import softmax
from sklearn.metrics import (
    accuracy_score, average_precision_score, f1_score, mean_absolute_error, precision_score, r2_score, recall_score,
    roc_auc_score, root_mean_squared_error, top_k_accuracy_score,
)  # fmt: skip
from sklearn.preprocessing import label_binarize

generator = np.random.default_rng(11)
# Classes without samples or predictions are cases of their own here.
warnings.simplefilter("ignore")


def numbers(array):
    array = np.asarray(array, dtype=np.float64)
    return {"shape": list(array.shape), "values": [float(value) for value in array.ravel()]}


def case(name, outputs, labels, weights, metrics):
    values = {key: None if np.isnan(value) else float(value) for key, value in metrics.items()}
    return {
        "name": name, "outputs": numbers(outputs), "labels": numbers(labels),
        "weights": None if weights is None else numbers(weights), "values": values,
    }  # fmt: skip


def averages(labels, predictions, weights, binary):
    result = {}
    for name, score in [("precision", precision_score), ("recall", recall_score), ("f1", f1_score)]:
        for average in ["macro", "micro", "weighted"] + (["binary"] if binary else []):
            result[f"{name}_{average}"] = score(
                labels, predictions, average=average, sample_weight=weights, zero_division=0)
        result[name] = result[f"{name}_binary" if binary else f"{name}_macro"]
    return result


def binary(name, logits, labels, weights=None):
    """One logit for class 1 each."""
    return case(name, logits, labels, weights, {
        "accuracy": accuracy_score(labels, logits > 0, sample_weight=weights),
        **averages(labels, (logits > 0).astype(int), weights, True),
        "auroc": roc_auc_score(labels, logits, sample_weight=weights),
        "average_precision": average_precision_score(labels, logits, sample_weight=weights),
    })  # fmt: skip


def classes(name, logits, labels, weights=None):
    """A logit for each of three or more classes."""
    count = logits.shape[1]
    everyone, probabilities, predictions = range(count), softmax(logits, axis=1), logits.argmax(axis=1)
    onehot = label_binarize(labels, classes=everyone)
    return case(name, logits, labels, weights, {
        "accuracy": accuracy_score(labels, predictions, sample_weight=weights),
        **averages(labels, predictions, weights, False),
        # Of equal scores scikit-learn takes the last class for the largest, Moult the first: the classes in reverse.
        **{f"top_{k}_accuracy": top_k_accuracy_score(count - 1 - labels, logits[:, ::-1], k=k, labels=everyone,
            sample_weight=weights) for k in (1, 2, count - 1)},
        "auroc": roc_auc_score(onehot, probabilities, average="macro", sample_weight=weights),
        "average_precision": average_precision_score(onehot, probabilities, average="macro", sample_weight=weights),
    })  # fmt: skip


def regression(name, outputs, labels, weights=None):
    return case(name, outputs, labels, weights, {
        "mean_absolute_error": mean_absolute_error(labels, outputs, sample_weight=weights),
        "root_mean_squared_error": root_mean_squared_error(labels, outputs, sample_weight=weights),
        "r2": r2_score(labels, outputs, sample_weight=weights),
    })  # fmt: skip


def cases():
    def weights(count):
        return np.where(generator.random(count) < 0.2, 0, generator.exponential(size=count))

    labels = generator.integers(0, 2, 40)
    logits = generator.normal(size=40) + labels
    tied = np.round(logits)
    yield binary("binary", logits, labels)
    yield binary("binary, ties", tied, labels)
    yield binary("binary, ties and weights", tied, labels, weights(40))
    yield binary("binary, no positive prediction", -np.abs(logits), labels)
    yield binary("binary, class 0 alone", logits[:7], np.zeros(7, int))
    yield binary("binary, class 1 alone", logits[:7], np.ones(7, int))
    yield binary("binary, positives without weight", tied, labels, np.where(labels == 1, 0.0, 1.5))

    labels = generator.integers(0, 4, 50)
    logits = 2 * np.eye(4)[labels] + 1.5 * generator.normal(size=(50, 4))
    # Equal rows and equal logits within rows: probabilities of a few values, each of many samples.
    tied = np.round(logits / 3)
    yield classes("classes", logits, labels)
    yield classes("classes, ties", tied, labels)
    yield classes("classes, ties and weights", tied, labels, weights(50))
    yield classes("classes, one absent", logits, np.where(labels == 3, 1, labels))
    yield classes("classes, one neither true nor predicted", logits - [0, 0, 0, 99], np.where(labels == 3, 1, labels))
    yield classes("classes, one alone", logits[:6], np.full(6, 2))

    targets = 1000 + generator.normal(size=(30, 3)) * [1, 10, 100]
    outputs = targets + generator.normal(size=(30, 3))
    constant = np.stack([np.full(30, 4.0), np.full(30, -1.0), targets[:, 2]], axis=1)
    yield regression("regression", outputs, targets)
    yield regression("regression, weights", outputs, targets, weights(30))
    yield regression("regression, one column", outputs[:, :1], targets[:, :1])
    yield regression("regression, constant targets", np.stack([constant[:, 0], *outputs.T[1:]], axis=1), constant)
    yield regression("regression, one sample", outputs[:1], targets[:1])


if __name__ == "__main__":
    path = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference/metrics.json"
    path.write_text(json.dumps({
        "made_by": "Scripts/reference/make_metrics.py", "numpy": np.__version__, "scipy": scipy.__version__,
        "sklearn": sklearn.__version__, "cases": list(cases()),
    }, separators=(",", ":")) + "\n")  # fmt: skip
    print(path)
