"""The `shap` package's TreeExplainer, one thread: the reference of compare-explanations.ts.

    python reference.py train FOLDER

trains 100 trees on 100 000 synthetic rows of 50 features, level by level (xgboost, depth 6) and leaf by leaf (lightgbm, 31 leaves), and leaves
in FOLDER `rows.f32` (10 000 rows, column by column) and the trees of each ensemble.

    python reference.py explain FOLDER

says its version in one line of JSON; then, for each line on standard input (`level-wise` or `leaf-wise`), explains the rows once more, leaves
the contributions in FOLDER and says `{cpu_seconds, peak_mib}`.

shap hands ensembles of XGBoost and LightGBM back to those libraries, whose own TreeSHAP is slower than its C extension; the trees are given
to it as arrays, so that the extension does the work.
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import json
import pathlib
import resource
import sys
import time
import warnings

import numpy as np
import shap

warnings.filterwarnings("ignore")
TRAIN_ROWS, ROWS, FEATURES = 100_000, 10_000, 50
ENSEMBLES = ("level-wise", "leaf-wise")
ARRAYS = ("children_left", "children_right", "children_default", "features", "thresholds", "node_sample_weight", "values")


def train(folder):
    import lightgbm
    import xgboost

    rng = np.random.default_rng(20261121)
    x = rng.normal(size=(TRAIN_ROWS, FEATURES)).astype(np.float32)
    margin = x[:, 0] + x[:, 1] * x[:, 2] + np.sin(3 * x[:, 3]) + 0.5 * x[:, 4:14].sum(axis=1)
    y = (rng.random(TRAIN_ROWS) < 1 / (1 + np.exp(-margin))).astype(int)
    np.ascontiguousarray(x[:ROWS].T).tofile(folder / "rows.f32")
    level = xgboost.XGBClassifier(n_estimators=100, max_depth=6, learning_rate=0.3, tree_method="hist", n_jobs=1)
    leaf = lightgbm.LGBMClassifier(n_estimators=100, num_leaves=31, n_jobs=1, verbose=-1)
    for name, ensemble in zip(ENSEMBLES, (level, leaf)):
        read = shap.TreeExplainer(ensemble.fit(x, y)).model
        trees = [{key: np.ravel(getattr(tree, key)).tolist() for key in ARRAYS} for tree in read.trees]
        (folder / f"{name}.json").write_text(json.dumps({"base": float(np.ravel(read.base_offset)[0]), "trees": trees}))


def read_explainer(path):
    found = json.loads(path.read_text())
    trees = [{key: np.array(tree[key]) for key in ARRAYS} | {"values": np.array(tree["values"])[:, None]} for tree in found["trees"]]
    return shap.TreeExplainer({
        "trees": trees, "base_offset": found["base"], "internal_dtype": np.float64, "input_dtype": np.float64,
        "tree_output": "raw_value", "objective": "binary_crossentropy"})


def explain(folder):
    rows = np.fromfile(folder / "rows.f32", dtype=np.float32).reshape(FEATURES, ROWS).T.astype(np.float64)
    explainers = {name: read_explainer(folder / f"{name}.json") for name in ENSEMBLES}
    print(json.dumps({"shap": shap.__version__}), flush=True)
    for line in sys.stdin:
        name = line.strip()
        began = time.process_time()
        contributions = explainers[name].shap_values(rows, check_additivity=False)
        spent = time.process_time() - began
        np.asarray(contributions, dtype=np.float64).tofile(folder / f"{name}.f64")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"cpu_seconds": spent, "peak_mib": peak}), flush=True)


{"train": train, "explain": explain}[sys.argv[1]](pathlib.Path(sys.argv[2]))
