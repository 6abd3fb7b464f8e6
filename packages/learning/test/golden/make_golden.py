"""Writes golden.json: what the Python libraries learn from 240 rows. Rerun with

    pip install scikit-learn==1.9.0 xgboost==3.2.0 lightgbm==4.7.0 && python make_golden.py

Values are multiples of 1/4 or NaN, so that every library and float32 hold them exactly, and each column has fewer than 255
distinct values, so that every library cuts at the same places.
"""
import json
import pathlib

import lightgbm
import numpy as np
import sklearn
import xgboost
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, f1_score, log_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(20261121)
n = 240
x = np.round(rng.normal(size=(n, 5)) * [4, 8, 12, 2, 20] * 4) / 4
margin = 0.25 * x[:, 0] - 0.1 * x[:, 1] + 0.02 * x[:, 2] * (x[:, 3] > 0)
y = (rng.random(n) < 1 / (1 + np.exp(-margin))).astype(int)
x_missing = x.copy()
x_missing[rng.random((n, 5)) < 0.1] = np.nan

imputed = SimpleImputer(strategy="median").fit_transform(x_missing)
scaler = StandardScaler().fit(imputed)
linear = LogisticRegression(C=0.5, solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(scaler.transform(imputed), y)
p_linear = linear.predict_proba(scaler.transform(imputed))[:, 1]

forest = RandomForestClassifier(n_estimators=1, bootstrap=False, max_features=None, min_samples_leaf=7, random_state=0).fit(x, y)

level = xgboost.XGBClassifier(
    n_estimators=20, max_depth=4, learning_rate=0.3, reg_lambda=1.5, gamma=0.2, min_child_weight=2,
    tree_method="hist", max_bin=256, base_score=float(y.mean()), n_jobs=1)

# LightGBM estimates the rows of a child from its hessian, the kernel counts them: the golden model limits the hessian instead.
leaf = lightgbm.LGBMClassifier(
    n_estimators=20, num_leaves=12, learning_rate=0.15, min_child_samples=1, min_child_weight=2, reg_lambda=0.5, max_bin=255, min_data_in_bin=1,
    deterministic=True, force_col_wise=True, n_jobs=1, verbose=-1)

numbers = lambda a: [None if np.isnan(v) else float(v) for v in a]
golden = {
    "made_with": {"scikit-learn": sklearn.__version__, "xgboost": xgboost.__version__, "lightgbm": lightgbm.__version__},
    "columns": [numbers(c) for c in x.T],
    "columns_missing": [numbers(c) for c in x_missing.T],
    "target": y.tolist(),
    "logistic_regression": {
        "mean": scaler.mean_.tolist(), "deviation": scaler.scale_.tolist(),
        "weights": linear.coef_[0].tolist(), "bias": float(linear.intercept_[0]), "probabilities": p_linear.tolist()},
    "random_forest": {"probabilities": forest.predict_proba(x)[:, 1].tolist()},
    "level_wise": {
        "dense": level.fit(x, y).predict_proba(x)[:, 1].tolist(),
        "missing": level.fit(x_missing, y).predict_proba(x_missing)[:, 1].tolist()},
    "leaf_wise": {
        "dense": leaf.fit(x, y).predict_proba(x)[:, 1].tolist(),
        "missing": leaf.fit(x_missing, y).predict_proba(x_missing)[:, 1].tolist()},
    "metrics": {
        "roc_auc": roc_auc_score(y, np.round(p_linear, 1)), "log_loss": log_loss(y, np.round(p_linear, 1)),
        "brier": brier_score_loss(y, np.round(p_linear, 1)), "f1": f1_score(y, p_linear >= 0.45)},
}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden) + "\n")
