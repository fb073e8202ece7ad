#!/usr/bin/env python3
"""Makes Tests/Reference/uncertainty.json: measures of uncertainty and calibration by NumPy, SciPy and scikit-learn.

    python3 Scripts/reference/make_uncertainty.py

Needs numpy, scipy and scikit-learn.
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, logsumexp, softmax
from scipy.stats import entropy, norm
from sklearn.metrics import log_loss, roc_auc_score

generator = np.random.default_rng(5)


def numbers(array):
    array = np.asarray(array, dtype=np.float64)
    return {"shape": list(array.shape), "values": [float(value) for value in array.ravel()]}


def classification():
    """Logits of 7 passes over 5 samples of 4 classes, and what they say together."""
    logits = 3 * generator.normal(size=(7, 5, 4))
    logits[:, 0, 1] = -np.inf  # a class that no pass holds possible
    p = softmax(logits, axis=-1)
    mean = p.mean(axis=0)
    total, expected = entropy(mean, axis=-1), entropy(p, axis=-1).mean(axis=0)
    return {
        "passes": numbers(logits.clip(min=-1e30)), "mean": numbers(mean), "variance": numbers(p.var(axis=0)),
        "standardError": numbers(p.std(axis=0, ddof=1) / np.sqrt(7)), "entropy": numbers(total),
        "expectedEntropy": numbers(expected), "mutualInformation": numbers(total - expected),
    }  # fmt: skip


def regression():
    """Outputs of 6 passes over 4 samples of 2 quantities."""
    values, targets, precision = generator.normal(size=(6, 4, 2)), generator.normal(size=(4, 2)), 2.5
    targets[3] = 60  # so far away that every density is 0 in Double, but not its logarithm
    densities = norm.logpdf(targets, values, 1 / np.sqrt(precision)).sum(axis=-1)
    return {
        "passes": numbers(values), "targets": numbers(targets), "precision": precision,
        "mean": numbers(values.mean(axis=0)), "variance": numbers(values.var(axis=0)),
        "standardError": numbers(values.std(axis=0, ddof=1) / np.sqrt(6)),
        "predictiveVariance": numbers(values.var(axis=0) + 1 / precision),
        "logLikelihood": numbers(logsumexp(densities, axis=0) - np.log(6)),
    }  # fmt: skip


def heteroscedastic():
    """The same where the passes say how much noise there is."""
    values, logs = generator.normal(size=(5, 3, 2)), generator.normal(size=(5, 3, 2))
    targets = generator.normal(size=(3, 2))
    deviation = np.exp(logs / 2)
    densities = norm.logpdf(targets, values, deviation)
    return {
        "passes": numbers(np.concatenate([values, logs], axis=-1)), "targets": numbers(targets),
        "mean": numbers(values.mean(axis=0)), "variance": numbers(values.var(axis=0)),
        "standardError": numbers(values.std(axis=0, ddof=1) / np.sqrt(5)),
        "noiseVariance": numbers(np.exp(logs).mean(axis=0)),
        "logLikelihood": numbers(logsumexp(densities.sum(axis=-1), axis=0) - np.log(5)),
        "loss": float(-densities[0].mean()),
    }  # fmt: skip


def calibration():
    """400 samples of 3 classes from a model that is too sure of itself."""
    truth = 2 * generator.normal(size=(400, 3))
    labels = np.array([generator.choice(3, p=row) for row in softmax(truth, axis=-1)])
    logits = 2.3 * truth + 0.3 * generator.normal(size=truth.shape)
    p = softmax(logits, axis=-1)
    confidence, correct = p.max(axis=-1), p.argmax(axis=-1) == labels
    bins = []
    for lower in np.arange(10) / 10:
        inside = (confidence > lower) & (confidence <= lower + 0.1)
        bins.append([int(inside.sum()), *(([float(confidence[inside].mean()), float(correct[inside].mean())])
                                          if inside.any() else [0, 0])])  # fmt: skip
    gaps = np.array([abs(accuracy - sure) for _, sure, accuracy in bins])
    shares = np.array([count for count, *_ in bins]) / len(labels)
    best = minimize_scalar(
        lambda beta: -log_softmax(logits * beta, axis=-1)[np.arange(400), labels].mean(), bounds=(0.01, 10),
        method="bounded", options={"xatol": 1e-12})  # fmt: skip
    uncertainty = np.round(entropy(p, axis=-1), 1)  # with ties
    wrong = (~correct).astype(float)
    return {
        "logits": numbers(logits), "probabilities": numbers(p), "labels": labels.tolist(), "bins": bins,
        "expectedCalibrationError": float((shares * gaps).sum()), "maximumCalibrationError": float(gaps.max()),
        "brier": float(((p - np.eye(3)[labels]) ** 2).sum(axis=-1).mean()),
        "negativeLogLikelihood": float(log_loss(labels, p)), "temperature": float(1 / best.x),
        "uncertainty": numbers(uncertainty), "losses": numbers(wrong),
        "areaUnderRiskCoverage": mean_risk(uncertainty, wrong),
        "areaUnderROC": float(roc_auc_score(wrong, uncertainty)),
    }  # fmt: skip


def mean_risk(uncertainty, losses):
    """The mean over many random orders of ties, of the mean of all risks."""
    # Within a tie the expected loss of each place is the mean of the tie.
    order = np.argsort(uncertainty, kind="stable")
    _, group = np.unique(uncertainty[order], return_inverse=True)
    means = np.bincount(group, losses[order]) / np.bincount(group)
    return float((np.cumsum(means[group]) / np.arange(1, len(losses) + 1)).mean())


def main():
    path = pathlib.Path(__file__).resolve().parents[2] / "Tests/Reference/uncertainty.json"
    document = {
        "made_by": "Scripts/reference/make_uncertainty.py", "numpy": np.__version__, "scipy": scipy.__version__,
        "sklearn": sklearn.__version__, "classification": classification(), "regression": regression(),
        "heteroscedastic": heteroscedastic(), "calibration": calibration(),
    }  # fmt: skip
    path.write_text(json.dumps(document) + "\n")


main()
