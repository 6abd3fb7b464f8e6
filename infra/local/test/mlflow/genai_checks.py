"""What MLflow keeps for applications of language models."""

from checks import check, refusal


@check("language models: prompts", since=3)
def prompts(world):
    mlflow = world.mlflow
    made = mlflow.genai.register_prompt("greeting", "Hello {{name}}", commit_message="first")
    mlflow.genai.register_prompt("greeting", "Good day {{name}}")
    mlflow.genai.set_prompt_alias("greeting", alias="production", version=2)
    loaded = mlflow.genai.load_prompt("prompts:/greeting@production")
    found = [prompt.name for prompt in mlflow.genai.search_prompts("name = 'greeting'")]
    models = world.client.search_registered_models(filter_string="name = 'greeting'")
    return [made.version, loaded.template, found, len(models)]


@check("language models: traces", since=3)
def traces(world):
    experiment = world.experiment("traces")
    return refusal(lambda: world.client.search_traces(locations=[experiment]))


@check("language models: evaluation datasets", since=3)
def datasets(world):
    from mlflow.genai.datasets import create_dataset

    experiment = world.experiment("evaluation datasets")
    return refusal(lambda: create_dataset(name="questions", experiment_id=[experiment]))
