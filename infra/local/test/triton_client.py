"""Asks a served model over HTTP with Triton's own client, as it comes from PyPI.

Usage: triton_client.py HOST:PORT KEY MODEL ROW   (ROW: the values of one row as JSON, null = missing)
Prints one JSON object of what the client understood.
"""

import json
import sys

import numpy
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

url, key, model, row = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
headers = {"Authorization": f"Bearer {key}"}
values = numpy.array([[numpy.nan if value is None else value for value in row]] * 2, dtype=numpy.float32)


def infer(client, binary_in, outputs, **more):
    tensor = triton.InferInput("features", list(values.shape), "FP32")
    tensor.set_data_from_numpy(values, binary_data=binary_in)
    return client.infer(model, [tensor], outputs=outputs, headers=dict(headers), **more)  # the client adds to what it is given


def listed(answer, name):
    return answer.as_numpy(name).tolist()


def refusal(act):
    try:
        act()
    except InferenceServerException as error:
        return {"status": error.status(), "message": error.message()}
    return None


with triton.InferenceServerClient(url) as client:
    said = {
        "live": client.is_server_live(headers=headers),
        "ready": client.is_server_ready(headers=headers),
        "model_ready": client.is_model_ready(model, headers=headers),
        "server": client.get_server_metadata(headers=headers),
        "metadata": client.get_model_metadata(model, headers=headers),
        "config": client.get_model_config(model, headers=headers),
    }
    in_json = infer(client, False, [triton.InferRequestedOutput("probability", binary_data=False)], request_id="mine")
    in_binary = infer(client, True, None)
    by_version = infer(client, True, None, model_version=said["metadata"]["versions"][0], priority=1, timeout=5_000_000)
    compressed = infer(client, True, None, request_compression_algorithm="gzip")
    classes = infer(client, True, [triton.InferRequestedOutput("probability", class_count=2)])
    said["json"] = {"id": in_json.get_response()["id"], "probability": listed(in_json, "probability")}
    said["binary"] = {"probability": listed(in_binary, "probability"), "label": listed(in_binary, "label")}
    said["by_version"] = listed(by_version, "probability")
    said["compressed"] = listed(compressed, "probability")
    said["classes"] = [text.decode() for text in classes.as_numpy("probability").flatten()]
    said["statistics"] = client.get_inference_statistics(model, headers=headers)
    said["index"] = client.get_model_repository_index(headers=headers)
    said["log"] = client.get_log_settings(headers=headers)
    client.load_model(model, headers=headers)
    said["unknown_model"] = refusal(lambda: client.get_model_metadata("other", headers=headers))
    client.unload_model(model, headers=headers)
    said["unloaded"] = client.get_model_repository_index(headers=headers)
    said["reloaded"] = listed(infer(client, True, None), "probability")
    said["stranger"] = refusal(lambda: client.get_model_metadata(model))

print(json.dumps(said))
