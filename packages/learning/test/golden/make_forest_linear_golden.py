"""Writes forest-linear.json: what scikit-learn learns from 240 rows with three classes, values and weights. Rerun with

    pip install scikit-learn==1.9.1 && python make_forest_linear_golden.py

Values are multiples of 1/4, so that both sides hold them exactly, and each column has fewer than 255 distinct values, so that both
sides cut at the same places.
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(20261122)
n = 240
x = np.round(rng.normal(size=(n, 5)) * [4, 8, 12, 2, 20] * 4) / 4
margins = np.stack([0.3 * x[:, 0], 0.15 * x[:, 1], 0.1 * x[:, 2] * (x[:, 3] > 0)], axis=1)
classes = np.argmax(margins + rng.gumbel(size=(n, 3)), axis=1)
binary = (classes == 1).astype(int)
value = np.round((3 * x[:, 0] - 0.2 * x[:, 1] * x[:, 3] + 500 + rng.normal(size=n) * 5) * 4) / 4
weights = rng.integers(0, 1024, size=n) / 256
weights[::9] = 0

one_tree = dict(n_estimators=1, bootstrap=False, max_features=None)
z = StandardScaler().fit_transform(x)
weighted = StandardScaler().fit(x, sample_weight=weights)
zw = weighted.transform(x)

exact = dict(tol=1e-12, max_iter=2000)
binary_weighted = LogisticRegression(C=0.7, solver="newton-cholesky", **exact).fit(zw, binary, sample_weight=weights)
balanced = LogisticRegression(C=0.7, solver="newton-cholesky", class_weight="balanced", **exact).fit(z, binary)
multinomial = LogisticRegression(C=0.5, solver="newton-cg", **exact).fit(z, classes)
ridge = Ridge(alpha=3.0, solver="cholesky").fit(z, value)
ridge_weighted = Ridge(alpha=3.0, solver="cholesky").fit(zw, value, sample_weight=weights)
plain = Ridge(alpha=0.0, solver="svd").fit(z, value)


def linear(model):
    return {"weights": np.atleast_2d(model.coef_).tolist(), "bias": np.atleast_1d(model.intercept_).tolist()}


def forest(model, y, sample_weight=None, limit="min_samples_leaf", start=4, **more):
    """One tree. Of cuts that gain the same, scikit-learn takes a random one: takes the least limit under which that does not show."""
    for value in range(start, 60):
        grown = [model(**one_tree, **{limit: value}, **more, random_state=s).fit(x, y, sample_weight=sample_weight) for s in range(25)]
        found = [(g.predict_proba(x) if hasattr(g, "predict_proba") else g.predict(x)) for g in grown]
        if all(np.allclose(f, found[0], atol=1e-9) for f in found):
            return {"hyperparameters": {limit: value, **more}, "answers": found[0].tolist()}
    raise ValueError("ties everywhere")


golden = {
    "made_with": {"scikit-learn": sklearn.__version__},
    "columns": x.T.tolist(),
    "binary": binary.tolist(),
    "classes": classes.tolist(),
    "value": value.tolist(),
    "weights": weights.tolist(),
    "forest": {
        "classes": forest(RandomForestClassifier, classes),
        "classes_balanced": forest(RandomForestClassifier, classes, start=12, class_weight="balanced"),
        "classes_weighted": forest(RandomForestClassifier, classes, weights),
        "binary_balanced": forest(RandomForestClassifier, binary, class_weight="balanced"),
        "value": forest(RandomForestRegressor, value),
        "value_weighted": forest(RandomForestRegressor, value, weights, limit="min_samples_split"),
    },
    "linear": {
        "binary_weighted": linear(binary_weighted),
        "binary_balanced": linear(balanced),
        "multinomial": linear(multinomial),
        "ridge": linear(ridge),
        "ridge_weighted": linear(ridge_weighted),
        "plain": linear(plain),
    },
}
pathlib.Path(__file__).with_name("forest-linear.json").write_text(json.dumps(golden) + "\n")
