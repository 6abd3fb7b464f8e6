"""Models of a framework: logged, registered, loaded again."""

from checks import check


def _data():
    import numpy

    rng = numpy.random.default_rng(11)
    features = rng.normal(size=(200, 4)).astype(numpy.float32)
    return features, (features[:, 0] + 0.3 * features[:, 1] > 0).astype(int)


def _classifier():
    from sklearn.linear_model import LogisticRegression

    features, labels = _data()
    return LogisticRegression().fit(features, labels), features


def _log(module, world, model, name, **options):
    """Clients of version 2 call the folder `artifact_path`, later ones the model `name`."""
    key = "artifact_path" if world.major == 2 else "name"
    return module.log_model(model, **{key: name}, **options)


@check("models: scikit-learn: log, register, load by run, version, stage and alias")
def sklearn(world):
    mlflow, client = world.mlflow, world.client
    mlflow.set_experiment("sklearn models")
    model, features = _classifier()
    with mlflow.start_run() as run:
        info = _log(mlflow.sklearn, world, model, "model", input_example=features[:2], registered_model_name="sk", pip_requirements=[])
    client.set_registered_model_alias("sk", "champion", "1")
    client.transition_model_version_stage("sk", "1", "Staging")
    uris = [info.model_uri, f"runs:/{run.info.run_id}/model", "models:/sk/1", "models:/sk/Staging", "models:/sk@champion", "models:/sk/latest"]
    expected = model.predict(features).tolist()
    return [mlflow.sklearn.load_model(uri).predict(features).tolist() == expected for uri in uris] + [
        mlflow.pyfunc.load_model("models:/sk/1").predict(features).tolist() == expected,
        client.get_model_version("sk", "1").status,
    ]


@check("models: ONNX: log, register, load")
def onnx(world):
    from skl2onnx import to_onnx

    mlflow, client = world.mlflow, world.client
    mlflow.set_experiment("onnx models")
    model, features = _classifier()
    graph = to_onnx(model, features[:1], options={"zipmap": False})
    with mlflow.start_run():
        info = _log(mlflow.onnx, world, graph, "model", input_example=features[:2], registered_model_name="ox", pip_requirements=[])
    loaded = mlflow.onnx.load_model("models:/ox/1")
    answer = mlflow.pyfunc.load_model(info.model_uri).predict(features[:5])
    return [loaded.graph.input[0].name, sorted(answer.keys()), answer["label"].tolist() == model.predict(features[:5]).tolist(), client.get_model_version("ox", "1").version]


@check("models: register_model of a logged one, and the command line")
def register(world):
    import subprocess
    import sys

    mlflow = world.mlflow
    mlflow.set_experiment("registered afterwards")
    model, _ = _classifier()
    with mlflow.start_run() as run:
        info = _log(mlflow.sklearn, world, model, "model", pip_requirements=[])
    version = mlflow.register_model(info.model_uri, "afterwards", tags={"by": "register_model"})
    again = mlflow.register_model(f"runs:/{run.info.run_id}/model", "afterwards")
    listed = subprocess.run([sys.executable, "-m", "mlflow", "experiments", "search"], capture_output=True, text=True, check=True).stdout
    return [version.version, again.version, version.run_id == run.info.run_id, dict(version.tags), "registered afterwards" in listed]


@check("models: autologging logs and registers a model")
def autolog(world):
    from sklearn.tree import DecisionTreeClassifier

    mlflow, client = world.mlflow, world.client
    mlflow.set_experiment("autologged models")
    mlflow.sklearn.autolog(registered_model_name="auto", log_datasets=False)
    try:
        features, labels = _data()
        DecisionTreeClassifier(max_depth=2, random_state=0).fit(features, labels)
    finally:
        mlflow.sklearn.autolog(disable=True)
    loaded = mlflow.sklearn.load_model("models:/auto/1")
    return [loaded.get_depth(), client.get_model_version("auto", "1").status]
