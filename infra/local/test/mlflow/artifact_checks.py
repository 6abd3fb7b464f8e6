"""Files of runs."""

import os

from checks import check, refusal


def _listed(client, run, path=None):
    return [(file.path, file.is_dir, file.file_size) for file in client.list_artifacts(run, path)]


@check("artifacts: log, list, download")
def files(world):
    client = world.client
    run = client.create_run(world.experiment("files")).info.run_id
    client.log_artifact(run, world.file("plain.txt", b"hello"))
    client.log_artifact(run, world.file("binary.bin", bytes(range(256)) * 1_000), "deep/er")
    world.file("folder/one.txt", b"1")
    world.file("folder/sub/two ü.txt", b"22")
    client.log_artifacts(run, os.path.join(world.folder, "folder"), "tree")
    client.log_text(run, "some text", "notes/text.txt")
    client.log_dict(run, {"a": [1, 2]}, "notes/dict.json")
    downloaded = client.download_artifacts(run, "deep/er/binary.bin", world.folder)
    whole = client.download_artifacts(run, "tree", world.folder)
    with open(downloaded, "rb") as one, open(os.path.join(whole, "sub", "two ü.txt"), "rb") as two:
        contents = [len(one.read()), two.read().decode()]
    return [_listed(client, run), _listed(client, run, "deep"), _listed(client, run, "tree"), contents]


@check("artifacts: the size of an empty file")
def empty(world):
    run = world.client.create_run(world.experiment("empty")).info.run_id
    world.client.log_artifact(run, world.file("empty.bin", b""))
    return _listed(world.client, run)


@check("artifacts: a file is replaced")
def replaced(world):
    mlflow, client = world.mlflow, world.client
    run = client.create_run(world.experiment("replaced")).info.run_id
    client.log_text(run, "first", "file.txt")
    client.log_text(run, "second", "file.txt")
    uri = client.get_run(run).info.artifact_uri
    return [mlflow.artifacts.load_text(f"{uri}/file.txt"), _listed(client, run)]


@check("artifacts: a file that is not there")
def absent(world):
    client = world.client
    run = client.create_run(world.experiment("absent")).info.run_id
    try:
        client.download_artifacts(run, "nothing/here.txt", world.folder)
    except Exception as error:
        return [type(error).__name__ in ("MlflowException", "HTTPError", "OSError"), _listed(client, run), _listed(client, run, "nothing")]
    return "downloaded"


@check("artifacts: the files of a deleted run")
def of_deleted(world):
    mlflow, client = world.mlflow, world.client
    run = client.create_run(world.experiment("deleted files")).info.run_id
    client.log_text(run, "kept", "folder/file.txt")
    client.delete_run(run)
    uri = client.get_run(run).info.artifact_uri
    return [mlflow.artifacts.load_text(f"{uri}/folder/file.txt"), _listed(client, run, "folder")]


@check("artifacts: paths that leave the run")
def outside(world):
    client = world.client
    run = client.create_run(world.experiment("outside")).info.run_id

    def is_refused(path):
        try:
            client.list_artifacts(run, path)
        except Exception as error:  # the client words the proxy's refusal by itself
            return "INVALID_PARAMETER_VALUE" in str(error) or getattr(error, "error_code", "") == "INVALID_PARAMETER_VALUE"
        return False

    return {path: is_refused(path) for path in ("../", "/etc", "%2e%2e%2f", "a/../../b")}


@check("artifacts: a table of rows")
def table(world):
    import pandas

    mlflow = world.mlflow
    mlflow.set_experiment("table")
    with mlflow.start_run() as run:
        mlflow.log_table(pandas.DataFrame({"q": ["a"], "n": [1]}), "table.json")
        mlflow.log_table({"q": ["b"], "n": [2]}, "table.json")
    frame = mlflow.load_table("table.json", run_ids=[run.info.run_id])
    return frame[["q", "n"]].values.tolist()


@check("artifacts: a large file, sent in parts where the server takes them")
def large(world):
    client = world.client
    os.environ["MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD"] = "true"
    os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = str(6 * 1024 * 1024)
    os.environ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"] = str(5 * 1024 * 1024)
    content = os.urandom(1 << 20) * 13
    run = client.create_run(world.experiment("large")).info.run_id
    client.log_artifact(run, world.file("large.bin", content))
    path = client.download_artifacts(run, "large.bin", world.folder)
    with open(path, "rb") as file:
        return [_listed(client, run), file.read() == content]


@check("artifacts: the artifacts command")
def command(world):
    import subprocess
    import sys

    client = world.client
    run = client.create_run(world.experiment("command")).info.run_id
    client.log_text(run, "by command", "a/b.txt")

    def mlflow(*words):
        done = subprocess.run([sys.executable, "-m", "mlflow", *words], capture_output=True, text=True, check=True)
        return done.stdout

    listed = mlflow("artifacts", "list", "--run-id", run, "--artifact-path", "a")
    mlflow("artifacts", "download", "--run-id", run, "--artifact-path", "a", "--dst-path", os.path.join(world.folder, "cli"))
    made = mlflow("experiments", "create", "--experiment-name", "by command")
    with open(os.path.join(world.folder, "cli", "a", "b.txt")) as file:
        return ["a/b.txt" in listed, file.read(), "Created experiment 'by command'" in made, run in mlflow("runs", "list", "--experiment-id", client.get_run(run).info.experiment_id)]
