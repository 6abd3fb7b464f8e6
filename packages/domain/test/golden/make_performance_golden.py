"""Writes performance.json: metrics of labelled answers by scikit-learn, and DeLong's standard error of a ROC-AUC by its definition.

Run: python make_performance_golden.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics as m

rng = np.random.default_rng(20)


def classes(rows, names):
    truth = rng.integers(0, len(names) - 1, rows)  # the last class is never true
    logits = rng.normal(size=(rows, len(names)))
    logits[np.arange(rows), truth] += 1.5
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    called = probabilities.argmax(axis=1)
    threshold = 0.55
    answered = np.where(probabilities.max(axis=1) >= threshold, called, -1)
    onehot = np.eye(len(names))[truth]
    labels = list(range(len(names)))
    said = answered >= 0
    return {
        "classes": names,
        "probabilities": probabilities.ravel().tolist(),
        "labels": truth.tolist(),
        "answered": answered.tolist(),
        "expected": {
            "accuracy": m.accuracy_score(truth, called),
            "macro_f1": m.f1_score(truth, called, average="macro"),
            "balanced_accuracy": m.balanced_accuracy_score(truth, called),
            "answered_accuracy": m.accuracy_score(truth[said], called[said]),
            "log_loss": m.log_loss(truth, probabilities, labels=labels),
            "brier": float(((probabilities - onehot) ** 2).sum(axis=1).mean()),
            "recall": m.recall_score(truth, called, average=None, labels=labels, zero_division=np.nan).tolist()[:-1],
            "confusion": m.confusion_matrix(truth, called, labels=labels).tolist(),
        },
    }


def regression(rows):
    truth = 100 + 15 * rng.normal(size=rows)
    values = truth + 2 + 5 * rng.standard_t(4, size=rows)
    return {
        "values": values.tolist(),
        "labels": truth.tolist(),
        "expected": {
            "mae": m.mean_absolute_error(truth, values),
            "rmse": m.root_mean_squared_error(truth, values),
            "r2": m.r2_score(truth, values),
            "bias": float((values - truth).mean()),
        },
    }


def anomalies(rows):
    labels = (rng.random(rows) < 0.2).astype(int)
    scores = np.round(1 / (1 + np.exp(-(rng.normal(size=rows) + 1.5 * labels - 1))), 2)  # rounded: with ties
    threshold = 0.5
    called = (scores >= threshold).astype(int)
    wins = (scores[labels == 1][:, None] > scores[labels == 0]) + 0.5 * (scores[labels == 1][:, None] == scores[labels == 0])
    by_anomaly, by_ordinary = wins.mean(axis=1), wins.mean(axis=0)
    variance = by_anomaly.var(ddof=1) / len(by_anomaly) + by_ordinary.var(ddof=1) / len(by_ordinary)
    return {
        "scores": scores.tolist(),
        "labels": labels.tolist(),
        "threshold": threshold,
        "expected": {
            "roc_auc": m.roc_auc_score(labels, scores),
            "precision": m.precision_score(labels, called),
            "recall": m.recall_score(labels, called),
            "f1": m.f1_score(labels, called),
            "roc_auc_standard_error": float(np.sqrt(variance)),
        },
    }


golden = {
    "by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    "classes": classes(60, ["apple", "lemon", "pear", "quince"]),
    "regression": regression(50),
    "anomalies": anomalies(80),
}
Path(__file__).with_name("performance.json").write_text(json.dumps(golden, indent=1) + "\n")
