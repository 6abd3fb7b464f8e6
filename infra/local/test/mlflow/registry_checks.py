"""The model registry: names, versions, stages, aliases, tags."""

from checks import check, refusal


def _model(model):
    return {
        "name": model.name,
        "description": model.description or "",
        "tags": dict(model.tags),
        "aliases": dict(model.aliases),
        "latest": sorted((v.version, v.current_stage) for v in model.latest_versions or []),
    }


def _version(version):
    return {
        "name": version.name,
        "version": str(version.version),
        "stage": version.current_stage,
        "status": version.status,
        "description": version.description or "",
        "source": version.source,
        "run": bool(version.run_id),
        "link": version.run_link or "",
        "tags": dict(version.tags),
        "aliases": list(version.aliases),
    }


def _source(world, name):
    """A run with a file, as the source of versions."""
    run = world.client.create_run(world.experiment(f"source of {name}"))
    world.client.log_text(run.info.run_id, "a model", "model/weights.txt")
    return run.info.run_id, f"{run.info.artifact_uri}/model"


@check("registry: registered models: create, read, describe, tag, rename, delete")
def models(world):
    client = world.client
    seen = [_model(client.create_registered_model("first", tags={"a": "1"}, description="the first"))]
    seen.append(refusal(lambda: client.create_registered_model("first")))
    client.update_registered_model("first", description="still the first")
    client.set_registered_model_tag("first", "b", "2")
    client.delete_registered_model_tag("first", "a")
    client.rename_registered_model("first", "renamed")
    seen.append(_model(client.get_registered_model("renamed")))
    seen.append(refusal(lambda: client.get_registered_model("first")))
    client.delete_registered_model("renamed")
    seen.append(refusal(lambda: client.get_registered_model("renamed")))
    seen.append(refusal(lambda: client.delete_registered_model("renamed")))
    seen.append(refusal(lambda: client.create_registered_model("")))
    return seen


@check("registry: names that no URI could hold", since=3)
def bad_names(world):
    return [refusal(lambda: world.client.create_registered_model(name)) for name in ("a/b", "a:b")]


@check("registry: versions count from 1 without gaps, with run, tags and description")
def versions(world):
    client = world.client
    run, source = _source(world, "versions")
    client.create_registered_model("counted")
    one = client.create_model_version("counted", source, run, tags={"k": "v"}, description="one", run_link="https://example.org/run")
    two = client.create_model_version("counted", source, run)
    client.update_model_version("counted", two.version, "two")
    client.set_model_version_tag("counted", "2", "k", "w")
    client.delete_model_version_tag("counted", "1", "k")
    seen = [_version(client.get_model_version("counted", version)) for version in ("1", "2")]
    seen.append([one.version, two.version, client.get_model_version_download_uri("counted", "1") == source])
    client.delete_model_version("counted", "2")
    three = client.create_model_version("counted", source, run)
    seen.append([three.version, _model(client.get_registered_model("counted"))])
    seen.append(refusal(lambda: client.get_model_version("counted", "2")))
    seen.append(refusal(lambda: client.get_model_version("counted", "nonsense")))
    seen.append(refusal(lambda: client.create_model_version("never made", source, run)))
    return seen


@check("registry: aliases")
def aliases(world):
    client = world.client
    run, source = _source(world, "aliases")
    client.create_registered_model("aliased")
    for _ in range(2):
        client.create_model_version("aliased", source, run)
    client.set_registered_model_alias("aliased", "champion", "1")
    client.set_registered_model_alias("aliased", "champion", "2")
    client.set_registered_model_alias("aliased", "candidate", "2")
    seen = [_version(client.get_model_version_by_alias("aliased", "champion"))["version"], _model(client.get_registered_model("aliased"))]
    seen.append(sorted(client.get_model_version("aliased", "2").aliases))
    client.delete_registered_model_alias("aliased", "candidate")
    seen.append(refusal(lambda: client.get_model_version_by_alias("aliased", "candidate")))
    seen.append(refusal(lambda: client.set_registered_model_alias("aliased", "v1", "1")))
    seen.append(refusal(lambda: client.set_registered_model_alias("aliased", "latest", "1")))
    seen.append(refusal(lambda: client.set_registered_model_alias("aliased", "champion", "9")))
    client.delete_registered_model_alias("aliased", "never-set")
    return seen


@check("registry: stages of versions that are files of any framework")
def stages(world):
    client = world.client
    run, source = _source(world, "stages")
    client.create_registered_model("staged")
    for _ in range(3):
        client.create_model_version("staged", source, run)
    seen = [client.get_model_version("staged", "1").current_stage]
    client.transition_model_version_stage("staged", "1", "Staging")
    client.transition_model_version_stage("staged", "2", "staging", archive_existing_versions=True)
    seen.append([client.get_model_version("staged", str(v)).current_stage for v in (1, 2, 3)])
    seen.append(sorted((v.version, v.current_stage) for v in client.get_latest_versions("staged")))
    seen.append([v.version for v in client.get_latest_versions("staged", ["Staging"])])
    seen.append(refusal(lambda: client.transition_model_version_stage("staged", "1", "Nonsense")))
    seen.append(refusal(lambda: client.get_latest_versions("staged", ["Nonsense"])))
    client.transition_model_version_stage("staged", "2", "None")
    seen.append(client.get_model_version("staged", "2").current_stage)
    return seen


@check("registry: search of models and versions, page by page")
def search(world):
    client = world.client
    run, source = _source(world, "search")
    for number in range(4):
        client.create_registered_model(f"wanted-{number}", tags={"team": "icu" if number % 2 else "er"})
        client.create_model_version(f"wanted-{number}", source, run, tags={"nr": str(number)})

    def names(filter_string=None, **query):
        return [model.name for model in client.search_registered_models(filter_string=filter_string, **query)]

    def found(filter_string=None, **query):
        return [(v.name, str(v.version)) for v in client.search_model_versions(filter_string=filter_string, **query)]

    first = client.search_registered_models(filter_string="name LIKE 'wanted-%'", max_results=3)
    return {
        "like": names("name LIKE 'wanted-%'"),
        "ilike": names("name ILIKE 'WANTED-%'", order_by=["name DESC"]),
        "tag": names("tags.team = 'icu' AND name LIKE 'wanted-%'"),
        "exact": names("name = 'wanted-2'"),
        "none": names("name = 'nobody'"),
        "pages": [len(first), bool(first.token), [m.name for m in client.search_registered_models(filter_string="name LIKE 'wanted-%'", max_results=3, page_token=first.token)]],
        "versions": found("name = 'wanted-1'"),
        "by run": sorted(found(f"run_id = '{run}'")),
        "by source": len(found(f"source_path = '{source}'")),
        "by tag": found("tags.nr = '3' AND name = 'wanted-3'"),
        "number": found("name = 'wanted-1' AND version_number = 1"),
        "wrong": refusal(lambda: names("nonsense = 'a'")),
        "sql": refusal(lambda: names("name = 'a'; DROP TABLE models")),
        "order": refusal(lambda: names(order_by=["nonsense"])),
        "too many": refusal(lambda: names(max_results=100_000)),
    }


@check("registry: a version is copied to another name")
def copied(world):
    client = world.client
    run, source = _source(world, "copied")
    client.create_registered_model("origin")
    client.create_model_version("origin", source, run)
    copy = client.copy_model_version("models:/origin/1", "copy")
    return [copy.name, copy.version, copy.source, bool(client.get_model_version_download_uri("copy", "1"))]


@check("registry: webhooks", since=3)
def webhooks(world):
    from mlflow.entities.webhook import WebhookEvent, WebhookStatus

    client = world.client
    made_event, named_event = (WebhookEvent.from_str(f"{kind}.created") for kind in ("model_version", "registered_model"))

    def shown(hook):
        return [hook.name, hook.url, sorted(str(e) for e in hook.events), hook.description, str(hook.status), hook.secret]

    # A public address: names cannot be resolved everywhere, and nothing is sent.
    made = client.create_webhook("deployments", "https://93.184.216.34/in", [made_event], description="d", secret="s3cret")
    seen = [shown(made), shown(client.get_webhook(made.webhook_id)), len(client.list_webhooks())]
    seen.append(shown(client.update_webhook(made.webhook_id, name="other", status=WebhookStatus.DISABLED, events=[named_event])))
    refused = ("ftp://example.org", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "https://2130706433/", "not a url")
    seen.append({url: refusal(lambda: client.create_webhook("bad", url, [made_event])) for url in refused})
    seen.append(refusal(lambda: client.create_webhook("none", "https://93.184.216.34/in", [])))
    client.delete_webhook(made.webhook_id)
    seen.append(refusal(lambda: client.get_webhook(made.webhook_id)))
    return seen
