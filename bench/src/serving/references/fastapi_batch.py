"""What a careful team writes by hand: FastAPI, orjson, requests in flight run together. `python fastapi_batch.py FILE PORT`."""
import asyncio
import sys

import numpy as np
import onnxruntime as ort
import orjson
import uvicorn
from fastapi import FastAPI, Request, Response

options = ort.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
options.log_severity_level = 3
session = ort.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
app = FastAPI()
waiting = []
scheduled = False
ROWS_MAX = 64


def flush():
    global scheduled, waiting
    scheduled = False
    batch, waiting = waiting[:ROWS_MAX], waiting[ROWS_MAX:]
    if waiting:
        schedule()
    label, probability = session.run(["label", "probability"], {"features": np.concatenate([rows for rows, _ in batch])})
    row = 0
    for rows, future in batch:
        future.set_result((label[row : row + len(rows)], probability[row : row + len(rows)]))
        row += len(rows)


def schedule():
    global scheduled
    if not scheduled:
        scheduled = True
        asyncio.get_running_loop().call_soon(flush)


@app.post("/v2/models/bench/infer")
async def infer(request: Request):
    asked = orjson.loads(await request.body())
    tensor = asked["inputs"][0]
    future = asyncio.get_running_loop().create_future()
    waiting.append((np.asarray(tensor["data"], dtype=np.float32).reshape(tensor["shape"]), future))
    schedule()
    label, probability = await future
    said = {
        "model_name": "bench",
        "model_version": "1",
        "id": asked.get("id"),
        "outputs": [
            {"name": "label", "datatype": "INT64", "shape": list(label.shape), "data": label.tolist()},
            {"name": "probability", "datatype": "FP32", "shape": list(probability.shape), "data": probability.tolist()},
        ],
    }
    return Response(orjson.dumps(said), media_type="application/json")


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False, loop="uvloop", http="httptools")
