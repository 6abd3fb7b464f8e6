"""Writes boosting.json: what XGBoost and LightGBM learn from 400 rows under each setting that the kernel has. Rerun with

    pip install xgboost==3.2.0 lightgbm==4.7.0 numpy && python make_boosting_golden.py

Values are multiples of 1/4 or NaN and each column has fewer than 255 distinct values, so that every library cuts at the same places.
LightGBM estimates the rows of a child from its hessian, the kernel counts them: the golden models limit the hessian instead.
"""
import json
import pathlib

import lightgbm
import numpy as np
import xgboost

rng = np.random.default_rng(20261122)
n = 400
x = np.round(rng.normal(size=(n, 4)) * [4, 8, 12, 2] * 4) / 4
x[rng.random((n, 4)) < 0.05] = np.nan
many = rng.choice(14, size=n, p=np.linspace(2, 0.2, 14) / np.linspace(2, 0.2, 14).sum()).astype(float)
few = rng.choice(3, size=n, p=[0.6, 0.3, 0.1]).astype(float)
many[rng.random(n) < 0.06] = np.nan
effect = rng.normal(size=14)
signal = np.nan_to_num(0.25 * x[:, 0] - 0.1 * x[:, 1] + 0.02 * x[:, 2] * (x[:, 3] > 0))
signal += np.where(np.isnan(many), 0, effect[np.nan_to_num(many).astype(int)]) + 0.7 * (few == 2)
binary = (rng.random(n) < 1 / (1 + np.exp(-signal))).astype(int)
classes = np.digitize(signal + rng.normal(size=n), [-1, 0.8])
value = np.round((signal * 3 + rng.normal(size=n) + 20) * 8) / 8
weights = rng.integers(1, 9, size=n) / 4

# XGBoost keeps the trees' base where it is told; the kernel starts from the prior of the rows, by their weights.
level = dict(n_estimators=12, max_depth=4, learning_rate=0.3, reg_lambda=1.5, tree_method="hist", max_bin=256, n_jobs=1)
leaf = dict(
    n_estimators=12, num_leaves=10, learning_rate=0.15, min_child_samples=1, min_child_weight=1e-3, reg_lambda=0.5, max_bin=255,
    min_data_in_bin=1, deterministic=True, force_col_wise=True, n_jobs=1, verbose=-1)

coded = np.column_stack([many, few, x[:, 0], x[:, 1]])
kinds = dict(feature_types=["c", "c", "q", "q"], enable_categorical=True)
weighted_share = float((binary * weights).sum() / weights.sum())


def xgb(y, base, model=xgboost.XGBClassifier, data=x, sample_weight=None, **more):
    fitted = model(**level, base_score=base, **more).fit(data, y, sample_weight=sample_weight)
    return fitted.predict_proba(data) if model is xgboost.XGBClassifier else fitted.predict(data)


def lgb(y, model=lightgbm.LGBMClassifier, data=x, sample_weight=None, fit={}, **more):
    fitted = model(**{**leaf, **more}).fit(data, y, sample_weight=sample_weight, **fit)
    return fitted.predict_proba(data) if model is lightgbm.LGBMClassifier else fitted.predict(data)


prior = [float(np.log((classes == k).mean())) for k in range(3)]


def xgb_classes():
    # The multiclass base of XGBoost is one number for all classes: the prior is given as margins per row instead.
    margin = np.tile(prior, (n, 1)).astype(np.float32)
    data = xgboost.DMatrix(x, label=classes, base_margin=margin)
    parameters = {"objective": "multi:softprob", "num_class": 3, "max_depth": 4, "eta": 0.3, "lambda": 1.5, "max_bin": 256, "nthread": 1}
    return xgboost.train(parameters, data, num_boost_round=12).predict(data)


share = float(binary.mean())
cat = dict(cat_smooth=2, cat_l2=3, min_data_per_group=10, max_cat_threshold=5)
numbers = lambda a: [None if np.isnan(v) else float(v) for v in a]
flat = lambda a: [round(float(v), 8) for v in (a[:, 1] if a.ndim == 2 and a.shape[1] == 2 else a.ravel())]
golden = {
    "made_with": {"xgboost": xgboost.__version__, "lightgbm": lightgbm.__version__},
    "columns": [numbers(c) for c in x.T], "many": numbers(many), "few": numbers(few),
    "binary": binary.tolist(), "classes": classes.tolist(), "value": value.tolist(), "weights": weights.tolist(),
    "level_wise": {
        "l1": flat(xgb(binary, share, reg_alpha=0.8)),
        "weights": flat(xgb(binary, weighted_share, sample_weight=weights)),
        "scale_pos_weight": flat(xgb(binary, share, scale_pos_weight=2.5)),
        "monotone": flat(xgb(binary, share, monotone_constraints=(1, -1, 0, 1))),
        "value": flat(xgb(value, float(value.mean()), model=xgboost.XGBRegressor, reg_alpha=0.5, gamma=2.0)),
        "classes": flat(xgb_classes()),
        "categories": flat(xgb(binary, share, data=coded, **kinds, max_cat_to_onehot=4)),
        "categories_value": flat(xgb(value, float(value.mean()), model=xgboost.XGBRegressor, data=coded, **kinds, max_cat_threshold=6)),
    },
    "leaf_wise": {
        "l1": flat(lgb(binary, reg_alpha=0.8)),
        "weights": flat(lgb(binary, sample_weight=weights)),
        "scale_pos_weight": flat(lgb(binary, scale_pos_weight=2.5)),
        "monotone": flat(lgb(binary, monotone_constraints=[1, -1, 0, 1], monotone_constraints_method="basic")),
        "value": flat(lgb(value, model=lightgbm.LGBMRegressor, reg_alpha=0.5, min_split_gain=2.0)),
        "classes": flat(lgb(classes, min_child_weight=1)),
        "categories": flat(lgb(binary, data=coded, fit=dict(categorical_feature=[0, 1]), **cat)),
        "categories_value": flat(lgb(value, model=lightgbm.LGBMRegressor, data=coded, fit=dict(categorical_feature=[0, 1]), **cat)),
    },
}
pathlib.Path(__file__).with_name("boosting.json").write_text(json.dumps(golden) + "\n")
