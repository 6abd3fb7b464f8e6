"""Asks a served model over gRPC with Triton's own client, as it comes from PyPI, and compares its messages with those of the server.

Usage: triton_grpc_client.py HOST:PORT KEY MODEL ROW   (ROW: the values of one row as JSON, null = missing)
Prints one JSON object of what the client understood.
"""

import json
import queue
import sys

import grpc
import numpy
import tritonclient.grpc as triton
from google.protobuf import descriptor_pb2
from tritonclient.grpc import model_config_pb2, service_pb2
from tritonclient.utils import InferenceServerException

url, key, model, row = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
headers = {"x-api-key": key}
values = numpy.array([[numpy.nan if value is None else value for value in row]] * 2, dtype=numpy.float32)


def tensors():
    tensor = triton.InferInput("features", list(values.shape), "FP32")
    tensor.set_data_from_numpy(values)
    return [tensor]


def infer(client, **more):
    return client.infer(model, tensors(), headers=headers, **more)


def listed(answer, name):
    return answer.as_numpy(name).tolist()


def refusal(act):
    try:
        act()
    except InferenceServerException as error:
        return {"status": error.status(), "message": error.message()}
    return None


def stream(client):
    """Three inferences on one stream; the second names a model that there is not."""
    answers = queue.Queue()
    client.start_stream(lambda result, error: answers.put((result, error)), headers=headers)
    for name in (model, "other", model):
        client.async_stream_infer(name, tensors())
    said = [answers.get(timeout=30) for _ in range(3)]
    client.stop_stream()
    return [error.message() if error else listed(result, "probability") for result, error in said]


def described():
    """What the server says of its own messages, by reflection (grpc/reflection/v1alpha/reflection.proto, by hand)."""
    symbol = b"inference.GRPCInferenceService"
    with grpc.insecure_channel(url) as channel:
        ask = channel.stream_stream("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
        answer = next(ask(iter([bytes([0x22, len(symbol)]) + symbol])))
    at = answer.index(b"\x0a", answer.index(b"\x22", len(symbol) + 2))  # file_descriptor_response, its first file
    length, shift = 0, 0
    while True:
        at += 1
        length |= (answer[at] & 0x7F) << shift
        shift += 7
        if answer[at] < 0x80:
            break
    return descriptor_pb2.FileDescriptorProto.FromString(answer[at + 1 : at + 1 + length])


def fields(message, prefix=""):
    name = f"{prefix}{message.name}"
    found = {name: {(field.name, field.number, field.type, field.label == 3) for field in message.field}}
    for nested in message.nested_type:
        found |= fields(nested, f"{name}.")
    return found


def differences():
    """Fields of the server's messages that are not the client's."""
    own, theirs = {}, {}
    for message in described().message_type:
        own |= fields(message)
    for module in (service_pb2, model_config_pb2):
        file = descriptor_pb2.FileDescriptorProto()
        module.DESCRIPTOR.CopyToProto(file)
        for message in file.message_type:
            theirs |= fields(message)
    return {"messages": len(own), "differing": sorted(name for name in own if not own[name] <= theirs.get(name, set()))}


with triton.InferenceServerClient(url) as client:
    said = {
        "live": client.is_server_live(headers=headers),
        "ready": client.is_server_ready(headers=headers),
        "model_ready": client.is_model_ready(model, headers=headers),
        "server": client.get_server_metadata(headers=headers, as_json=True),
        "metadata": client.get_model_metadata(model, headers=headers, as_json=True),
        "config": client.get_model_config(model, headers=headers, as_json=True)["config"],
    }
    plain = infer(client, request_id="mine")
    timed = infer(client, model_version="1", priority=1, timeout=5_000_000, client_timeout=30)
    classes = infer(client, outputs=[triton.InferRequestedOutput("probability", class_count=2)])
    said["plain"] = {"id": plain.get_response().id, "probability": listed(plain, "probability"), "label": listed(plain, "label")}
    said["timed"] = listed(timed, "probability")
    said["compressed"] = listed(infer(client, compression_algorithm="gzip"), "probability")
    said["classes"] = [text.decode() for text in classes.as_numpy("probability").flatten()]
    said["stream"] = stream(client)
    said["statistics"] = client.get_inference_statistics(model, headers=headers, as_json=True)
    said["index"] = client.get_model_repository_index(headers=headers, as_json=True)
    said["log"] = client.get_log_settings(headers=headers, as_json=True)["settings"]
    client.load_model(model, headers=headers)
    said["unknown_model"] = refusal(lambda: client.get_model_metadata("other", headers=headers))
    said["trace"] = refusal(lambda: client.get_trace_settings(headers=headers))
    said["stranger"] = refusal(lambda: client.get_model_metadata(model))
    said["schema"] = differences()

print(json.dumps(said))
