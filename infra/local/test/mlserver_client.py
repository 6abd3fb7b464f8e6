"""Asks a served model with MLServer's own codecs, types and gRPC stubs, as they come from PyPI.

The types are generated from the OpenAPI file of the protocol and the stubs from its .proto: what they read has the agreed form.
Usage: mlserver_client.py URL HOST:PORT KEY MODEL ROW   (HOST:PORT of gRPC; ROW: the values of one row as JSON, null = missing)
Prints one JSON object of what was understood.
"""

import asyncio
import json
import sys

import aiohttp
import grpc
import numpy
from mlserver.codecs import NumpyCodec
from mlserver.grpc import dataplane_pb2, dataplane_pb2_grpc
from mlserver.grpc.converters import ModelInferRequestConverter, ModelInferResponseConverter
from mlserver.types import InferenceErrorResponse, InferenceRequest, InferenceResponse
from mlserver.types import MetadataModelResponse, MetadataServerResponse

url, target, key, model, row = *sys.argv[1:5], json.loads(sys.argv[5])
headers = {"x-api-key": key}
values = numpy.array([[numpy.nan if value is None else value for value in row]] * 2, dtype=numpy.float32)
request = InferenceRequest(id="mine", inputs=[NumpyCodec.encode_input("features", values)])


def shown(response):
    return {output.name: NumpyCodec.decode_output(output).flatten().tolist() for output in response.outputs}


async def over_http():
    async with aiohttp.ClientSession(url, headers=headers) as session:

        async def get(path, form):
            async with session.get(path) as answer:
                return form.model_validate_json(await answer.text()).model_dump(exclude_none=True)

        async def post(path, form):
            async with session.post(path, json=request.model_dump(exclude_none=True)) as answer:
                return answer.status, form.model_validate_json(await answer.text())

        said = {}
        for path in ("health/live", "health/ready", f"models/{model}/ready", f"models/{model}/versions/1/ready"):
            async with session.get(f"/v2/{path}") as answer:
                said[path.replace(model, "m")] = answer.status
        said["server"] = await get("/v2/", MetadataServerResponse)
        said["model"] = await get(f"/v2/models/{model}", MetadataModelResponse)
        said["version"] = await get(f"/v2/models/{model}/versions/1", MetadataModelResponse)
        said["answers"] = [
            shown((await post(f"/v2/models/{path}/infer", InferenceResponse))[1]) for path in (model, f"{model}/versions/1")
        ]
        status, error = await post("/v2/models/other/infer", InferenceErrorResponse)
        return said | {"unknown_model": [status, error.error]}


async def over_grpc():
    metadata = list(headers.items())
    async with grpc.aio.insecure_channel(target) as channel:
        stub = dataplane_pb2_grpc.GRPCInferenceServiceStub(channel)

        async def infer(raw):
            asked = ModelInferRequestConverter.from_types(request, model_name=model, use_raw=raw)
            answer = await stub.ModelInfer(asked, metadata=metadata)
            return len(answer.raw_output_contents), shown(ModelInferResponseConverter.to_types(answer))

        named = dataplane_pb2.ModelMetadataRequest(name=model)
        return {
            "live": (await stub.ServerLive(dataplane_pb2.ServerLiveRequest())).live,
            "ready": (await stub.ServerReady(dataplane_pb2.ServerReadyRequest())).ready,
            "model_ready": (await stub.ModelReady(dataplane_pb2.ModelReadyRequest(name=model), metadata=metadata)).ready,
            "server": (await stub.ServerMetadata(dataplane_pb2.ServerMetadataRequest(), metadata=metadata)).name,
            "inputs": [tensor.name for tensor in (await stub.ModelMetadata(named, metadata=metadata)).inputs],
            "answers": [await infer(False), await infer(True)],
        }


async def main():
    print(json.dumps({"http": await over_http(), "grpc": await over_grpc()}))


asyncio.run(main())
