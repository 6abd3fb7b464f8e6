"""Logged models: models as runs logged them, before they have a name in the registry. MLflow 3 has them."""

from checks import check, refusal


def _shown(model):
    return {
        "name": model.name,
        "status": str(model.status),
        "type": model.model_type,
        "params": dict(model.params or {}),
        "tags": {key: value for key, value in (model.tags or {}).items() if not key.startswith("mlflow.")},
        "metrics": sorted((metric.key, metric.value) for metric in model.metrics or []),
        "id_form": len(model.model_id) == 34 and model.model_id.startswith("m-"),
        "location_ends": model.artifact_location.endswith(f"/models/{model.model_id}/artifacts"),
    }


@check("logged models: make, finalize, tag, read", since=3)
def make(world):
    client = world.client
    experiment = world.experiment("logged models")
    run = client.create_run(experiment).info.run_id
    model = client.create_logged_model(
        experiment_id=experiment, name="tree", source_run_id=run, tags={"a": "1"}, params={"depth": "3"}, model_type="agent"
    )
    seen = [_shown(model)]
    client.log_model_params(model.model_id, {"rate": "0.1"})
    client.set_logged_model_tags(model.model_id, {"b": "2"})
    client.delete_logged_model_tag(model.model_id, "a")
    client.log_metric(run, "auc", 0.8, model_id=model.model_id)
    seen.append(_shown(client.finalize_logged_model(model.model_id, "READY")))
    seen.append(_shown(client.get_logged_model(model.model_id)))
    seen.append(refusal(lambda: client.get_logged_model("m-" + "0" * 32)))
    client.delete_logged_model(model.model_id)
    seen.append(refusal(lambda: client.get_logged_model(model.model_id)))
    return seen


@check("logged models: search by parameter, metric and tag, ordered", since=3)
def search(world):
    client = world.client
    experiment = world.experiment("searched models")
    run = client.create_run(experiment).info.run_id
    for number in range(4):
        model = client.create_logged_model(
            experiment_id=experiment, name=f"model-{number}", source_run_id=run, params={"depth": str(number)}, tags={"odd": str(number % 2)}
        )
        client.log_metric(run, "auc", number / 10, model_id=model.model_id, step=number)

    def found(filter_string=None, order_by=None, **query):
        return [m.name for m in client.search_logged_models([experiment], filter_string, order_by=order_by, **query)]

    by_auc = [{"field_name": "metrics.auc", "ascending": False}]
    first = client.search_logged_models([experiment], order_by=by_auc, max_results=3)
    return {
        "metric": found("metrics.auc >= 0.2", by_auc),
        "param": found("params.depth = '1'"),
        "tag": found("tags.odd = '1'", by_auc),
        "name": found("name = 'model-2'"),
        "names": found("name IN ('model-1', 'model-3')", by_auc),
        "pages": [len(first), bool(first.token), [m.name for m in client.search_logged_models([experiment], order_by=by_auc, max_results=3, page_token=first.token)]],
    }


@check("logged models: a filter that makes no sense", since=3)
def nonsense(world):
    experiment = world.experiment("nonsense")
    return refusal(lambda: world.client.search_logged_models([experiment], "nonsense = 'a'"))


@check("logged models: what a run made and read", since=3)
def links(world):
    from mlflow.entities import LoggedModelInput, LoggedModelOutput

    client = world.client
    experiment = world.experiment("links of models")
    maker, reader = (client.create_run(experiment).info.run_id for _ in range(2))
    model = client.create_logged_model(experiment_id=experiment, name="linked", source_run_id=maker)
    client.log_outputs(maker, [LoggedModelOutput(model.model_id, 2)])
    client.log_inputs(reader, models=[LoggedModelInput(model.model_id)])
    made = client.get_run(maker).outputs.model_outputs
    read = client.get_run(reader).inputs.model_inputs
    return [[(one.step, one.model_id == model.model_id) for one in made], [one.model_id == model.model_id for one in read]]
