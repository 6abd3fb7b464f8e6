"""scikit-learn, XGBoost and LightGBM as the other side of the benchmark, one thread.

    python reference.py

says its versions in one line of JSON; then, for each line on standard input (a request of requests.ts), one line with what it cost. The span
begins with the raw float32 matrix in memory and ends with the trained model, or the answers. A library is loaded when it is first asked for.
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
from importlib.metadata import version

import numpy as np

warnings.filterwarnings("ignore")
REGRESSION, MULTICLASS = "regression", "multiclass-classification"


class Table:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        header = json.loads((folder / "header.json").read_text())
        self.task, self.classes = header["task"], header["classes"]
        self.x = np.fromfile(folder / "rows.f32", dtype=np.float32).reshape(header["rows"], -1)
        self.y = np.fromfile(folder / "target.f64", dtype=np.float64)
        self.coded = [j for j, feature in enumerate(header["features"]) if feature["kind"] == "categorical"]
        self.folds = np.fromfile(folder / "folds.u8", dtype=np.uint8) if header["folds"] else None


class Encoder:
    """
    What linear models need, in numpy alone: mean 0 and deviation 1 for numbers, an indicator per category; the median and the most frequent
    category for gaps, as the kernel does it.
    """

    def __init__(self, x, coded):
        self.coded = coded
        self.plain = [j for j in range(x.shape[1]) if j not in coded]
        numbers = x[:, self.plain] if coded else x
        self.medians = np.nanmedian(numbers, axis=0) if np.isnan(numbers).any() else None
        numbers = self.fill(numbers)
        self.mean, self.deviation = numbers.mean(axis=0, dtype=np.float64), numbers.std(axis=0, dtype=np.float64)
        self.deviation[self.deviation == 0] = 1
        found = [np.unique(x[~np.isnan(x[:, j]), j], return_counts=True) for j in coded]
        self.categories = [(categories, categories[np.argmax(counts)]) for categories, counts in found]

    def fill(self, numbers):
        return numbers if self.medians is None else np.where(np.isnan(numbers), self.medians, numbers)

    def __call__(self, x):
        numbers = (self.fill(x[:, self.plain]) - self.mean) / self.deviation
        codes = [np.where(np.isnan(x[:, [j]]), usual, x[:, [j]]) for j, (_, usual) in zip(self.coded, self.categories)]
        indicators = [code == categories for code, (categories, _) in zip(codes, self.categories)]
        return np.hstack([numbers, *indicators])


class Encoded:
    def __init__(self, model, x, y, coded):
        if coded or np.isnan(x).any():
            self.encode = Encoder(x, coded)
        else:
            from sklearn.preprocessing import StandardScaler

            self.encode = StandardScaler().fit(x).transform
        self.model = model.fit(self.encode(x), y)

    def predict(self, x):
        return self.model.predict(self.encode(x))

    def predict_proba(self, x):
        return self.model.predict_proba(self.encode(x))


def logistic(task, x, y, coded, seed, C=1.0, max_iter=100):
    from sklearn.linear_model import LogisticRegression

    return Encoded(LogisticRegression(C=C, max_iter=max_iter), x, y, coded)


def ridge(task, x, y, coded, seed, alpha=1.0):
    from sklearn.linear_model import Ridge

    return Encoded(Ridge(alpha=alpha), x, y, coded)


def forest(task, x, y, coded, seed, **parameters):
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    kind = RandomForestRegressor if task == REGRESSION else RandomForestClassifier
    return kind(n_jobs=1, random_state=seed, **parameters).fit(x, y)


def extra_trees(task, x, y, coded, seed, **parameters):
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

    kind = ExtraTreesRegressor if task == REGRESSION else ExtraTreesClassifier
    return kind(n_jobs=1, random_state=seed, **parameters).fit(x, y)


def level_wise(task, x, y, coded, seed, **parameters):
    import xgboost

    if coded:  # its own treatment of categories, which takes codes
        kinds = ["c" if j in coded else "q" for j in range(x.shape[1])]
        parameters = {**parameters, "feature_types": kinds, "enable_categorical": True}
    kind = xgboost.XGBRegressor if task == REGRESSION else xgboost.XGBClassifier
    return kind(tree_method="hist", n_jobs=1, random_state=seed, **parameters).fit(x, y)


def leaf_wise(task, x, y, coded, seed, **parameters):
    import lightgbm

    kind = lightgbm.LGBMRegressor if task == REGRESSION else lightgbm.LGBMClassifier
    model = kind(n_jobs=1, random_state=seed, verbose=-1, **parameters)
    return model.fit(x, y, categorical_feature=coded or "auto")


class Isolation:
    def __init__(self, x, seed, parameters):
        from sklearn.ensemble import IsolationForest

        self.model = IsolationForest(n_jobs=1, random_state=seed, **parameters).fit(x)

    def predict(self, x):
        return -self.model.score_samples(x)


FAMILIES = {
    "logistic_regression": ("scikit-learn", logistic),
    "ridge_regression": ("scikit-learn", ridge),
    "random_forest": ("scikit-learn", forest),
    "extra_trees": ("scikit-learn", extra_trees),
    "isolation_forest": ("scikit-learn", lambda task, x, y, coded, seed, **parameters: Isolation(x, seed, parameters)),
    "gradient_boosting_level_wise": ("xgboost", level_wise),
    "gradient_boosting_leaf_wise": ("lightgbm", leaf_wise),
}


def ask(model, table, x):
    if table.task == REGRESSION or isinstance(model, Isolation):
        return model.predict(x)
    probabilities = model.predict_proba(x)
    return probabilities if table.task == MULTICLASS else probabilities[:, 1]


def measure(work):
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    answer = {
        "cpu_seconds": time.process_time() - cpu,
        "wall_seconds": time.perf_counter() - wall,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    return result, answer


def validate(fit, table):
    answers = None
    for fold in range(table.folds.max() + 1):
        held = table.folds == fold
        part = ask(fit(table.x[~held], table.y[~held]), table, table.x[held])
        if answers is None:
            answers = np.zeros((len(table.y), *part.shape[1:]))
        answers[held] = part
    return answers


def load(algorithm):
    """What a library's import costs is no part of a fit."""
    if algorithm.startswith("gradient"):
        __import__(FAMILIES[algorithm][0])
    else:
        import sklearn.ensemble, sklearn.linear_model, sklearn.preprocessing


def serve():
    tables = {}
    print(json.dumps({name: f"{library} {version(library)}" for name, (library, _) in FAMILIES.items()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        table = tables.setdefault(request["table"], None) or Table(request["table"])
        tables[request["table"]] = table
        learn = FAMILIES[request["algorithm"]][1]
        fit = lambda x, y: learn(table.task, x, y, table.coded, request["seed"], **request["parameters"])
        load(request["algorithm"])
        if request["do"] == "fit":
            _, answer = measure(lambda: fit(table.x, table.y))
        else:
            work = (lambda: validate(fit, table)) if request["do"] == "validate" else (lambda: ask(fit(table.x, table.y), table, table.x))
            answers, answer = measure(work)
            np.asarray(answers, dtype=np.float64).tofile(request["answers"])
        print(json.dumps(answer), flush=True)


serve()
