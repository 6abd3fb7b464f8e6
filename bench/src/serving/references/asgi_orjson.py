"""The floor of Python: a bare ASGI application, orjson, one run a request. `python asgi_orjson.py FILE PORT`."""
import sys

import numpy as np
import onnxruntime as ort
import orjson
import uvicorn

options = ort.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
options.log_severity_level = 3
session = ort.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    chunks = []
    while True:
        message = await receive()
        chunks.append(message["body"])
        if not message.get("more_body"):
            break
    asked = orjson.loads(b"".join(chunks))
    tensor = asked["inputs"][0]
    features = np.asarray(tensor["data"], dtype=np.float32).reshape(tensor["shape"])
    label, probability = session.run(["label", "probability"], {"features": features})
    body = orjson.dumps(
        {
            "model_name": "bench",
            "model_version": "1",
            "id": asked.get("id"),
            "outputs": [
                {"name": "label", "datatype": "INT64", "shape": list(label.shape), "data": label},
                {"name": "probability", "datatype": "FP32", "shape": list(probability.shape), "data": probability},
            ],
        },
        option=orjson.OPT_SERIALIZE_NUMPY,
    )
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False, loop="uvloop", http="httptools")
