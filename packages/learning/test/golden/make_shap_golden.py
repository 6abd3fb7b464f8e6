"""Writes shap.json: trees that the Python libraries grew, and what the `shap` package says about some rows. Rerun with

    pip install shap==0.51.0 scikit-learn==1.9.0 xgboost==3.2.0 lightgbm==4.7.0 && python make_shap_golden.py

Trees are written in the form of src/trees/tree.ts. The libraries' thresholds are float64 (XGBoost: `x < t`); values are float32, so
the largest float32 that goes left says the same.
"""
import json
import pathlib

import lightgbm
import numpy as np
import shap
import sklearn
import xgboost
from sklearn.ensemble import IsolationForest, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from shap.explainers._tree import TreeEnsemble

rng = np.random.default_rng(20261121)
n = 400
x = rng.normal(size=(n, 6)).astype(np.float32)
x[:, 4] = rng.integers(0, 7, size=n)
margin = x[:, 0] - x[:, 1] * x[:, 2] + np.isin(x[:, 4], [1, 4, 6]) * 1.5 - 0.5
y = (rng.random(n) < 1 / (1 + np.exp(-margin))).astype(int)
y3 = np.digitize(margin + rng.normal(size=n) * 0.3, [-0.7, 0.7])
value = margin * 3 + rng.normal(size=n)
x_missing = x.copy()
x_missing[rng.random(x.shape) < 0.15] = np.nan
ROWS = 16


def largest_float32(threshold):
    near = np.float32(threshold)
    return float(near if near <= threshold else np.nextafter(near, np.float32(-np.inf)))


def from_arrays(tree, output=0, values=None):
    """A tree as shap reads it from a library: parallel arrays, -1 for no child."""
    leaf = tree.children_left < 0
    values = tree.values if values is None else values
    width = values.shape[1]
    return {
        "feature": [-1 if leaf[i] else int(f) for i, f in enumerate(tree.features)],
        "threshold": [0 if leaf[i] else largest_float32(t) for i, t in enumerate(tree.thresholds)],
        "categories": [None] * len(leaf),
        "left": [max(0, int(c)) for c in tree.children_left],
        "right": [max(0, int(c)) for c in tree.children_right],
        "missingLeft": [int(not leaf[i] and d == tree.children_left[i]) for i, d in enumerate(tree.children_default)],
        "output": output,
        "width": width,
        "value": [float(v) if leaf[i] else 0 for i in range(len(leaf)) for v in values[i]],
        "gain": [0] * len(leaf),
        "cover": [float(c) for c in tree.node_sample_weight],
    }


def from_lightgbm(structure, output=0):
    """A tree of LightGBM's dump; its categorical cuts send the named codes left, missing ones right."""
    tree = {k: [] for k in ("feature", "threshold", "categories", "left", "right", "missingLeft", "value", "gain", "cover")}

    def visit(node):
        at = len(tree["feature"])
        is_leaf = "leaf_value" in node
        is_category = node.get("decision_type") == "=="
        tree["feature"].append(-1 if is_leaf else node["split_feature"])
        tree["threshold"].append(0 if is_leaf or is_category else largest_float32(node["threshold"]))
        tree["categories"].append(sorted(int(c) for c in node["threshold"].split("||")) if is_category else None)
        tree["missingLeft"].append(int(not is_leaf and not is_category and node["default_left"]))
        tree["value"].append(node["leaf_value"] if is_leaf else 0)
        tree["gain"].append(0)
        tree["cover"].append(node.get("leaf_count", node.get("internal_count")))
        tree["left"].append(0)
        tree["right"].append(0)
        if not is_leaf:
            tree["left"][at] = visit(node["left_child"])
            tree["right"][at] = visit(node["right_child"])
        return at

    visit(structure)
    return {**tree, "output": output, "width": 1}


def numbers(rows):
    return [[None if np.isnan(v) else float(v) for v in row] for row in rows]


def case(name, link, trees, explainer, rows, base=(0.0,), scale=1.0, categorical=()):
    """Contributions by row, output and feature."""
    found = np.asarray(explainer.shap_values(rows))
    outputs = len(base)
    if outputs == 1:
        found = found.reshape(len(rows), -1)[:, None, :]
    else:
        found = np.moveaxis(found, 2, 1)
    return {
        "name": name, "link": link, "base": list(map(float, base)), "scale": scale, "trees": trees, "categorical": list(categorical),
        "rows": numbers(rows), "expected": np.ravel(explainer.expected_value)[-outputs:].astype(float).tolist(),
        "contributions": found.astype(float).tolist()}


cases = []
level = xgboost.XGBClassifier(n_estimators=6, max_depth=4, learning_rate=0.3, tree_method="hist", n_jobs=1).fit(x_missing, y)
explainer = shap.TreeExplainer(level)
cases.append(case("xgboost, level by level, missing values", "sigmoid", [from_arrays(t) for t in explainer.model.trees], explainer,
                  x_missing[:ROWS], base=[float(np.ravel(explainer.model.base_offset)[0])]))

leaf = lightgbm.LGBMClassifier(n_estimators=6, num_leaves=14, min_child_samples=5, min_data_per_group=5, cat_smooth=1, max_cat_to_onehot=1, n_jobs=1,
                               deterministic=True, force_col_wise=True, verbose=-1)
leaf.fit(x_missing, y, categorical_feature=[4])
cases.append(case("lightgbm, leaf by leaf, categories and missing values", "sigmoid",
                  [from_lightgbm(t["tree_structure"]) for t in leaf.booster_.dump_model()["tree_info"]],
                  shap.TreeExplainer(leaf), x_missing[:ROWS], categorical=[4]))

classes = lightgbm.LGBMClassifier(n_estimators=3, num_leaves=8, n_jobs=1, deterministic=True, force_col_wise=True, verbose=-1).fit(x, y3)
cases.append(case("lightgbm, three classes", "softmax",
                  [from_lightgbm(t["tree_structure"], i % 3) for i, t in enumerate(classes.booster_.dump_model()["tree_info"])],
                  shap.TreeExplainer(classes), x[:ROWS], base=[0.0, 0.0, 0.0]))


def forest_values(model, tree):
    shares = tree.tree_.value[:, 0, :]
    return shares / shares.sum(axis=1, keepdims=True)


forest = RandomForestClassifier(n_estimators=4, min_samples_leaf=4, random_state=1).fit(x, y)
explainer = shap.TreeExplainer(forest)
both = case("scikit-learn, random forest of full depth", "mean",
            [from_arrays(t, values=forest_values(forest, e)[:, 1:]) for t, e in zip(explainer.model.trees, forest.estimators_)],
            explainer, x[:ROWS], base=[0.0, 0.0], scale=1 / 4)
both["base"], both["contributions"] = [0.0], [row[1:] for row in both["contributions"]]
both["expected"] = both["expected"][1:]
cases.append(both)

forest3 = RandomForestClassifier(n_estimators=3, max_depth=6, random_state=2).fit(x, y3)
explainer = shap.TreeExplainer(forest3)
cases.append(case("scikit-learn, random forest of three classes", "mean",
                  [from_arrays(t, values=forest_values(forest3, e)) for t, e in zip(explainer.model.trees, forest3.estimators_)],
                  explainer, x[:ROWS], base=[0.0, 0.0, 0.0], scale=1 / 3))

regression = RandomForestRegressor(n_estimators=3, max_depth=5, random_state=3).fit(x, value)
explainer = shap.TreeExplainer(regression)
cases.append(case("scikit-learn, regression forest", "identity",
                  [from_arrays(t, values=e.tree_.value[:, 0, :]) for t, e in zip(explainer.model.trees, regression.estimators_)],
                  explainer, x[:ROWS], scale=1 / 3))

isolation = IsolationForest(n_estimators=5, max_samples=64, random_state=4).fit(x)
explainer = shap.TreeExplainer(isolation)
trees = [from_arrays(t) for t in explainer.model.trees]
for tree in trees:
    tree["value"] = [v * 5 for v in tree["value"]]
cases.append(case("scikit-learn, isolation forest", "isolation", trees, explainer, x[:ROWS], scale=1 / 5))

standardised = (x - x.mean(axis=0)) / x.std(axis=0)
linear = LogisticRegression().fit(standardised, y)
explainer = shap.LinearExplainer(linear, np.zeros((1, 6)))
linear_case = {
    "mean": x.mean(axis=0).astype(float).tolist(), "deviation": x.std(axis=0).astype(float).tolist(), "weights": linear.coef_[0].tolist(),
    "bias": float(linear.intercept_[0]), "rows": numbers(x[:ROWS]), "expected": float(np.ravel(explainer.expected_value)[0]),
    "contributions": explainer.shap_values(standardised[:ROWS]).astype(float).tolist()}

golden = {
    "made_with": {"shap": shap.__version__, "scikit-learn": sklearn.__version__, "xgboost": xgboost.__version__, "lightgbm": lightgbm.__version__},
    "trees": cases, "linear": linear_case}


def short(found):
    """Nine digits say every float32; the sums that are compared are of values below ten."""
    if isinstance(found, float):
        return float(f"{found:.9g}")
    if isinstance(found, list):
        return [short(one) for one in found]
    return {key: short(one) for key, one in found.items()} if isinstance(found, dict) else found


pathlib.Path(__file__).with_name("shap.json").write_text(json.dumps(short(golden), separators=(",", ":")) + "\n")
