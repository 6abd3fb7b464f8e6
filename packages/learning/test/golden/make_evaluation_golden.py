"""Writes evaluation.json: what scikit-learn measures and calibrates on 160 rows. Rerun with

    pip install scikit-learn==1.9.1 scipy==1.17.1 && python make_evaluation_golden.py

Scores are multiples of 1/64 and weights of 1/4, so that float32 holds them exactly and ties occur.
"""
import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import (
    accuracy_score, average_precision_score, brier_score_loss, confusion_matrix, f1_score, log_loss, mean_absolute_error,
    mean_absolute_percentage_error, mean_squared_error, median_absolute_error, precision_recall_fscore_support, precision_score, r2_score,
    recall_score, roc_auc_score)

rng = np.random.default_rng(4)
n = 160
weights = rng.integers(0, 9, n) / 4

# Two classes: margins that are too steep, so that calibration has something to mend.
y = (rng.random(n) < 0.4).astype(int)
margin = np.round((rng.normal(size=n) * 1.5 + 2.2 * (y - 0.5)) * 2 * 16) / 16
p = np.clip(np.round(64 / (1 + np.exp(-margin))) / 64, 1 / 64, 63 / 64)


def binary(w):
    return {
        "accuracy": accuracy_score(y, p >= 0.5, sample_weight=w), "precision": precision_score(y, p >= 0.5, sample_weight=w),
        "recall": recall_score(y, p >= 0.5, sample_weight=w), "f1": f1_score(y, p >= 0.5, sample_weight=w),
        "rocAuc": roc_auc_score(y, p, sample_weight=w), "averagePrecision": average_precision_score(y, p, sample_weight=w),
        "logLoss": log_loss(y, p, sample_weight=w), "brier": brier_score_loss(y, p, sample_weight=w)}


# Three classes, rows of multiples of 1/64 that sum to 1.
k = rng.choice(3, n, p=[0.6, 0.3, 0.1])
logits = np.round((rng.normal(size=(n, 3)) + 1.2 * np.eye(3)[k]) * 2 * 16) / 16
share = np.exp(log_softmax(logits, axis=1))
q = np.maximum(1, np.round(share * 60))
q[:, 0] += 64 - q.sum(axis=1)
assert (q > 0).all()
q /= 64
called = q.argmax(axis=1)


def multiclass(w):
    one_hot = np.eye(3)[k]
    precision, recall, f1, support = precision_recall_fscore_support(k, called, sample_weight=w, zero_division=0)
    return {
        "metrics": {
            "accuracy": accuracy_score(k, called, sample_weight=w), "macroPrecision": precision.mean(), "macroRecall": recall.mean(),
            "macroF1": f1_score(k, called, average="macro", sample_weight=w),
            "weightedF1": f1_score(k, called, average="weighted", sample_weight=w),
            "rocAuc": np.mean([roc_auc_score(k == c, q[:, c], sample_weight=w) for c in range(3)]) if w is not None
            else roc_auc_score(k, q, multi_class="ovr"),
            "logLoss": log_loss(k, q, sample_weight=w),
            "brier": brier_score_loss(k, q, sample_weight=w, scale_by_half=False)},
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist() if w is None
        else [float(w[k == c].sum()) for c in range(3)],
        "confusion": confusion_matrix(k, called, sample_weight=w).tolist()}


value = np.round(rng.gamma(2, 20, n) * 4) / 4 + 0.25
guess = np.round((0.8 * value + rng.normal(size=n) * 8) * 4) / 4


def regression(w):
    return {
        "rmse": np.sqrt(mean_squared_error(value, guess, sample_weight=w)), "mae": mean_absolute_error(value, guess, sample_weight=w),
        "r2": r2_score(value, guess, sample_weight=w), "mape": mean_absolute_percentage_error(value, guess, sample_weight=w),
        "meanError": float(np.average(guess - value, weights=w)),
        **({"medianAbsoluteError": median_absolute_error(value, guess)} if w is None else {})}


def platt(w):
    a, b = _sigmoid_calibration(margin, y, sample_weight=w)
    return {"slope": -float(a), "intercept": -float(b)}


def isotonic(w):
    # No bounds: the ends that the kernel smooths are left as they are.
    return IsotonicRegression(out_of_bounds="clip").fit(margin, y, sample_weight=w).predict(margin).tolist()


def temperature(w):
    loss = lambda t: log_loss(k, np.exp(log_softmax(logits / t, axis=1)), sample_weight=w)
    return minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-10}).x


kept = weights > 0  # scikit-learn keeps rows of weight 0 as knots of an isotonic regression
both = lambda f: {"plain": f(None), "weighted": f(weights)}
golden = {
    "made_with": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
    "weights": weights.tolist(),
    "binary": {"target": y.tolist(), "margins": margin.tolist(), "probabilities": p.tolist(), "metrics": both(binary)},
    "multiclass": {"target": k.tolist(), "margins": logits.ravel().tolist(), "probabilities": q.ravel().tolist(), **both(multiclass)},
    "regression": {"target": value.tolist(), "predictions": guess.tolist(),
                   "residual_quantiles": np.quantile(value - guess, [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]).tolist(), **both(regression)},
    "platt": both(platt),
    "isotonic": {"plain": isotonic(None),
                 "weighted": IsotonicRegression(out_of_bounds="clip").fit(margin[kept], y[kept], sample_weight=weights[kept]).predict(margin[kept]).tolist()},
    "temperature": both(temperature),
}
pathlib.Path(__file__).with_name("evaluation.json").write_text(json.dumps(golden) + "\n")
