"""Runs: parameters, metrics, tags, inputs and their search."""

import time

from checks import check, refusal

def _tags(run):
    """But for what the client says of the machine it runs on."""
    return {key: value for key, value in run.data.tags.items() if not key.startswith(("mlflow.user", "mlflow.source."))}


def _shown(run):
    return {
        "name": run.info.run_name,
        "status": run.info.status,
        "lifecycle": run.info.lifecycle_stage,
        "ended": run.info.end_time is not None,
        "params": dict(run.data.params),
        "metrics": dict(run.data.metrics),
        "tags": _tags(run),
        "artifact_uri_ends": run.info.artifact_uri.endswith(f"/{run.info.run_id}/artifacts"),
        "id_length": len(run.info.run_id),
    }


@check("runs: the fluent interface, with a nested run")
def fluent(world):
    mlflow = world.mlflow
    mlflow.set_experiment("fluent")
    with mlflow.start_run(run_name="parent", tags={"a": "1"}, description="what it is") as parent:
        mlflow.log_param("depth", 3)
        mlflow.log_params({"rate": 0.1, "kind": "boost"})
        mlflow.log_metric("auc", 0.5, step=0)
        mlflow.log_metric("auc", 0.7, step=1)
        mlflow.log_metrics({"f1": 0.4, "loss": 1.5}, step=3)
        mlflow.set_tags({"b": "2"})
        with mlflow.start_run(nested=True, run_name="child") as child:
            mlflow.log_metric("auc", 0.9)
        uri = mlflow.get_artifact_uri()
    client = world.client
    child_tags = client.get_run(child.info.run_id).data.tags
    return [
        _shown(client.get_run(parent.info.run_id)),
        child_tags["mlflow.parentRunId"] == parent.info.run_id,
        uri == parent.info.artifact_uri,
    ]


@check("runs: a run that raises is FAILED, one can be killed and set running again")
def states(world):
    mlflow, client = world.mlflow, world.client
    mlflow.set_experiment("states")
    try:
        with mlflow.start_run() as failed:
            raise ValueError("as planned")
    except ValueError:
        pass
    run = client.create_run(client.get_experiment_by_name("states").experiment_id)
    states_seen = [client.get_run(failed.info.run_id).info.status, run.info.status]
    client.set_terminated(run.info.run_id, "KILLED")
    states_seen.append(_shown(client.get_run(run.info.run_id))["status"])
    client.update_run(run.info.run_id, status="RUNNING", name="again")
    states_seen.append([client.get_run(run.info.run_id).info.status, client.get_run(run.info.run_id).info.run_name])
    client.update_run(run.info.run_id, status="SCHEDULED")
    states_seen.append(client.get_run(run.info.run_id).info.status)
    return states_seen


@check("runs: a name of one's own, and one that the server gives")
def names(world):
    client = world.client
    experiment = world.experiment("names")
    named = client.create_run(experiment, run_name="mine")
    unnamed = client.create_run(experiment)
    tagged = client.create_run(experiment, tags={"mlflow.runName": "by tag"})
    client.set_tag(named.info.run_id, "mlflow.runName", "renamed")
    return [
        _shown(named),
        bool(unnamed.info.run_name),
        tagged.info.run_name,
        client.get_run(named.info.run_id).info.run_name,
    ]


@check("runs: parameters are written once")
def parameters(world):
    client = world.client
    run = client.create_run(world.experiment("parameters")).info.run_id
    client.log_param(run, "p", 1)
    client.log_param(run, "p", 1)
    return {
        "another value": refusal(lambda: client.log_param(run, "p", 2)),
        "empty": refusal(lambda: client.log_param(run, "empty", "")),
        "long": refusal(lambda: client.log_param(run, "long", "x" * 6_000)),
        "too long": refusal(lambda: client.log_param(run, "longer", "x" * 6_001)),
        "bad key": refusal(lambda: client.log_param(run, "a//b", 1)),
        "outside": refusal(lambda: client.log_param(run, "../p", 1)),
        "kept": sorted(client.get_run(run).data.params),
    }


@check("runs: metric history, steps, NaN and infinities")
def history(world):
    client = world.client
    run = client.create_run(world.experiment("history")).info.run_id
    for step, value in [(0, 1.0), (2, 3.0), (1, 2.0), (-1, 9.0)]:
        client.log_metric(run, "m", value, timestamp=1_700_000_000_000 + step, step=step)
    client.log_metric(run, "m", 3.0, timestamp=1_700_000_000_002, step=2)  # a repeat of a point
    for value in (float("nan"), float("inf"), float("-inf")):
        client.log_metric(run, f"odd {value}".replace(" ", "_"), value, timestamp=1_700_000_000_000)
    points = [(p.value, p.timestamp, p.step) for p in client.get_metric_history(run, "m")]
    return {
        "points": sorted(points, key=lambda point: point[2]),
        "latest": client.get_run(run).data.metrics["m"],
        "nan": client.get_run(run).data.metrics["odd_nan"],
        "infinite": client.get_run(run).data.metrics["odd_inf"] > 1e300,
        "unknown": len(client.get_metric_history(run, "never logged")),
        "bad key": refusal(lambda: client.log_metric(run, "a\x01b", 1.0)),
    }


@check("runs: log_batch and its limits")
def batch(world):
    from mlflow.entities import Metric, Param, RunTag

    client = world.client
    run = client.create_run(world.experiment("batch")).info.run_id
    at = int(time.time() * 1000)
    client.log_batch(
        run,
        metrics=[Metric(f"m{n % 7}", float(n), at, n) for n in range(900)],
        params=[Param(f"p{n}", str(n)) for n in range(50)],
        tags=[RunTag(f"t{n}", str(n)) for n in range(50)],
    )
    shown = client.get_run(run).data
    return {
        "metrics": dict(shown.metrics),
        "params": len(shown.params),
        "tags": len([key for key in shown.tags if key.startswith("t")]),
        "same key twice": refusal(lambda: client.log_batch(run, params=[Param("a", "1"), Param("a", "2")])),
        "another value": refusal(lambda: client.log_batch(run, params=[Param("p1", "other")])),
        "nothing": refusal(lambda: client.log_batch(run)),
    }


@check("runs: more metrics than one request takes are sent in several")
def many(world):
    client = world.client
    world.mlflow.set_experiment("many")
    with world.mlflow.start_run() as started:
        run = started.info.run_id
        world.mlflow.log_metrics({f"m{n}": n for n in range(1_500)})
        world.mlflow.log_params({f"p{n}": n for n in range(250)})
    shown = client.get_run(run).data
    return [len(shown.metrics), len(shown.params)]


@check("runs: tags are set, replaced and deleted")
def tags(world):
    client = world.client
    run = client.create_run(world.experiment("tags")).info.run_id
    client.set_tag(run, "a", "1")
    client.set_tag(run, "a", "2")
    client.set_tag(run, "b", "x" * 5_000)
    client.delete_tag(run, "b")
    return [_tags(client.get_run(run)).get("a"), refusal(lambda: client.delete_tag(run, "b")), refusal(lambda: client.set_tag("0" * 32, "a", "1"))]


@check("runs: delete and restore")
def deleted(world):
    client = world.client
    experiment = world.experiment("deleted runs")
    run = client.create_run(experiment).info.run_id
    client.delete_run(run)
    seen = [client.get_run(run).info.lifecycle_stage, len(client.search_runs([experiment]))]
    seen.append(len(client.search_runs([experiment], run_view_type=2)))
    seen.append(refusal(lambda: client.log_metric(run, "m", 1)))
    seen.append(refusal(lambda: client.log_param(run, "p", 1)))
    seen.append(refusal(lambda: client.set_tag(run, "t", "1")))
    client.restore_run(run)
    seen.append(client.get_run(run).info.lifecycle_stage)
    seen.append(refusal(lambda: client.get_run("f" * 32)))
    return seen


@check("runs: search by metric, parameter, tag, attribute and dataset")
def search(world):
    client, mlflow = world.client, world.mlflow
    experiment = world.experiment("searched")
    for number in range(6):
        run = client.create_run(experiment, run_name=f"run-{number}", start_time=1_700_000_000_000 + number)
        client.log_metric(run.info.run_id, "auc", number / 10)
        if number % 2:
            client.log_metric(run.info.run_id, "odd", number)
        client.log_param(run.info.run_id, "kind", "Tree" if number < 3 else "linear")
        client.set_tag(run.info.run_id, "who", f"person {number % 3}")
        if number < 4:
            client.set_terminated(run.info.run_id, "FINISHED", end_time=1_700_000_001_000)

    def found(filter_string="", **query):
        runs = client.search_runs([experiment], filter_string, **query)
        return [run.info.run_name for run in runs]

    return {
        "all": found(),
        "metric": found("metrics.auc >= 0.3"),
        "two": found("metrics.auc >= 0.1 AND params.kind = 'Tree'"),
        "like": found("params.kind LIKE 'Tr%'"),
        "case": [found("params.kind LIKE 'tr%'"), found("params.kind ILIKE 'tr%'")],
        "tag": found("tags.who = 'person 1'"),
        "unequal": found("tags.who != 'person 1'"),
        "status": found("attributes.status = 'RUNNING'"),
        "name": found("run_name = 'run-2'"),
        "time": found("attributes.start_time > 1700000000003"),
        "missing metric": found("metrics.odd < 100"),
        "by metric": found(order_by=["metrics.auc DESC"]),
        "absent last": found(order_by=["metrics.odd DESC"]),
        "by param": found(order_by=["params.kind ASC", "metrics.auc ASC"]),
        "by start": found(order_by=["attributes.start_time ASC"]),
        "most": found(max_results=2),
        "quoted": found('metrics."auc" > 0.4'),
        "or": refusal(lambda: found("metrics.auc > 0.4 OR metrics.auc < 0.1")),
        "sql": refusal(lambda: found("metrics.auc > 0; DROP TABLE runs")),
        "text for number": refusal(lambda: found("metrics.auc > 'a'")),
        "number for text": refusal(lambda: found("params.kind = 3")),
        "unknown attribute": refusal(lambda: found("attributes.nonsense = 'a'")),
        "too many": refusal(lambda: found(max_results=50_001)),
        "frame": list(
            mlflow.search_runs([experiment], "metrics.auc > 0.35", order_by=["metrics.auc"])["metrics.auc"]
        ),
    }


@check("runs: search page by page")
def pages(world):
    client = world.client
    experiment = world.experiment("paged")
    for number in range(7):
        run = client.create_run(experiment, run_name=f"r{number}", start_time=1_700_000_000_000)
        client.log_metric(run.info.run_id, "m", number // 2)

    def walk(**query):
        names, token = [], None
        while True:
            page = client.search_runs([experiment], max_results=3, page_token=token, **query)
            names.append(len(page))
            token = page.token
            walk.seen.extend(run.info.run_name for run in page)
            if not token:
                return names

    walk.seen = []
    sizes = [walk(order_by=["metrics.m DESC"]), walk(filter_string="metrics.m >= 1")]
    return [sizes, len(walk.seen), sorted(set(walk.seen)), refusal(lambda: client.search_runs([experiment], page_token="no token"))]


@check("runs: several experiments are searched at once")
def several(world):
    client = world.client
    one, two = world.experiment("one of two"), world.experiment("two of two")
    client.create_run(one, run_name="a", start_time=1)
    client.create_run(two, run_name="b", start_time=2)
    return [[run.info.run_name for run in client.search_runs([one, two])], len(client.search_runs(["987654321"]))]


@check("runs: the tables that a run read")
def inputs(world):
    import pandas

    mlflow = world.mlflow
    mlflow.set_experiment("inputs")
    frame = pandas.DataFrame({"age": [1.0, 2.0, 3.0], "sick": [0, 1, 0]})
    dataset = mlflow.data.from_pandas(frame, source="https://example.org/patients.csv", name="patients", targets="sick")
    with mlflow.start_run(run_name="reads") as run:
        mlflow.log_input(dataset, context="training", tags={"site": "north"})
        mlflow.log_input(dataset, context="training", tags={"site": "north"})  # a repeat
    read = world.client.get_run(run.info.run_id).inputs.dataset_inputs
    experiment = run.info.experiment_id
    found = world.client.search_runs([experiment], "dataset.name = 'patients'")
    context = world.client.search_runs([experiment], "dataset.context = 'training'")
    none = world.client.search_runs([experiment], "dataset.name = 'other'")
    return [
        [(d.dataset.name, d.dataset.digest, d.dataset.source_type, {t.key: t.value for t in d.tags}) for d in read],
        bool(read[0].dataset.schema) and bool(read[0].dataset.profile),
        [len(found), len(context), len(none)],
    ]


@check("runs: autologging of scikit-learn")
def autolog(world):
    import numpy
    from sklearn.linear_model import LogisticRegression

    mlflow = world.mlflow
    mlflow.set_experiment("autologged")
    mlflow.sklearn.autolog(log_models=False, log_datasets=False)
    try:
        rng = numpy.random.default_rng(7)
        features = rng.normal(size=(120, 4))
        LogisticRegression(C=0.5).fit(features, (features[:, 0] > 0).astype(int))
    finally:
        mlflow.sklearn.autolog(disable=True)
    [run] = world.client.search_runs([world.client.get_experiment_by_name("autologged").experiment_id])
    files = sorted(file.path for file in world.client.list_artifacts(run.info.run_id))
    return [dict(run.data.params), dict(run.data.metrics), files, run.data.tags["estimator_name"]]
