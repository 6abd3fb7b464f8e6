"""Models that a data scientist logs with MLflow's client, for Gimbal to serve: what each of them answers here is what Gimbal must answer."""

import json
import sys

import mlflow
import numpy
import pandas
from mlflow.models import infer_signature
from skl2onnx import to_onnx
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import f1_score, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

ROWS = 5


def log(name, frame, target, model, metric, sample_type=numpy.float32, **options):
    """Logs and registers a model as ONNX with its figure on rows that it has not seen. Returns rows and what the model says of them."""
    train, test, known, wanted = train_test_split(frame, target, random_state=0)
    model.fit(train.values, known)
    graph = to_onnx(model, train.values[:1].astype(sample_type), **options)
    where = {"artifact_path" if mlflow.__version__.startswith("2.") else "name": "model"}
    with mlflow.start_run():
        mlflow.log_metric("test_" + metric.__name__, metric(wanted, model.predict(test.values), **({"average": "macro"} if metric is f1_score else {})))
        signature = infer_signature(train, model.predict(train.values))
        mlflow.onnx.log_model(graph, **where, signature=signature, registered_model_name=name, pip_requirements=[])
    asked = test.iloc[:ROWS]
    answers = model.predict_proba(asked.values) if hasattr(model, "predict_proba") else model.predict(asked.values)
    return {"rows": json.loads(asked.to_json(orient="records")), "answers": answers.tolist(), "labels": model.predict(asked.values).tolist()}


def log_all():
    mlflow.set_experiment("served models")
    scaled = lambda model: make_pipeline(StandardScaler(), model)
    cancer, diabetes = load_breast_cancer(as_frame=True), load_diabetes(as_frame=True)
    iris = load_iris(as_frame=True)
    said = {
        "breast_cancer": log("breast_cancer", cancer.data, cancer.target, scaled(LogisticRegression()), f1_score),
        "Iris.v1": log("Iris.v1", iris.data, iris.target_names[iris.target], scaled(LogisticRegression()), f1_score, options={"zipmap": False}),
        "diabetes": log("diabetes", diabetes.data, diabetes.target, LinearRegression(), r2_score),
        "network": log("network", cancer.data, cancer.target, scaled(MLPClassifier((64,), max_iter=300, random_state=0)), f1_score, numpy.float64),
    }
    with mlflow.start_run():
        where = {"artifact_path" if mlflow.__version__.startswith("2.") else "name": "model"}
        model = LogisticRegression(max_iter=500).fit(iris.data.values, iris.target)
        mlflow.sklearn.log_model(model, **where, registered_model_name="not_onnx", pip_requirements=[])
    return said


def put_live(name):
    """As MLflow's users put a version live."""
    mlflow.MlflowClient().transition_model_version_stage(name, "1", "Production")
    return mlflow.MlflowClient().get_latest_versions(name, ["Production"])[0].version


def load(name, columns, rows):
    """What a model that Gimbal trained answers when MLflow's client loads it: by its number, its stage and its alias."""
    features = pandas.DataFrame(rows)[columns].astype(float)
    said = [mlflow.pyfunc.load_model(f"models:/{name}{by}").predict(features) for by in ("/1", "/Production", "@live")]
    return [numpy.ravel(numpy.asarray(one["probability"])).tolist() for one in said]


COMMANDS = {"log": log_all, "put-live": put_live, "load": load}
print("result " + json.dumps(COMMANDS[sys.argv[1]](*[json.loads(argument) for argument in sys.argv[2:]])))
