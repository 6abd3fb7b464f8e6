"""Asks a served model with KServe's own clients for Python, as they come from PyPI, over HTTP and gRPC.

Usage: kserve_client.py URL HOST:PORT KEY MODEL ROW   (HOST:PORT of gRPC; ROW: the values of one row as JSON, null = missing)
Prints one JSON object of what the clients understood.
"""

import asyncio
import json
import sys

import grpc
import numpy
from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest, RESTConfig

url, target, key, model, row = *sys.argv[1:5], json.loads(sys.argv[5])
headers = {"x-api-key": key}
metadata = list(headers.items())
values = numpy.array([[numpy.nan if value is None else value for value in row]] * 2, dtype=numpy.float32)


def request(binary):
    tensor = InferInput("features", list(values.shape), "FP32")
    tensor.set_data_from_numpy(values, binary_data=binary)
    return InferRequest(model_name=model, infer_inputs=[tensor], request_id="mine")


def shown(answer):
    return {"id": answer.id} | {output.name: output.as_numpy().tolist() for output in answer.outputs}


async def over_http():
    client = InferenceRESTClient(RESTConfig(protocol="v2"))
    said = {
        "live": await client.is_server_live(url, headers=headers),
        "ready": await client.is_server_ready(url, headers=headers),
        "model_ready": await client.is_model_ready(url, model, headers=headers),
        "answers": [shown(await client.infer(url, request(raw), headers=headers, model_name=model)) for raw in (False, True)],
    }
    await client.close()
    return said


async def over_grpc():
    client = InferenceGRPCClient(target, timeout=30)
    said = {
        "live": await client.is_server_live(headers=metadata),
        "ready": await client.is_server_ready(headers=metadata),
        "model_ready": await client.is_model_ready(model, headers=metadata),
        "answers": [shown(await client.infer(request(raw), headers=metadata)) for raw in (False, True)],
    }
    try:
        await client.infer(request(False))
    except grpc.aio.AioRpcError as error:
        said["stranger"] = error.code().name
    await client.close()
    return said


async def main():
    print(json.dumps({"http": await over_http(), "grpc": await over_grpc()}))


asyncio.run(main())
