"""Runs exported files in Python's ONNX Runtime: takes the paths of a list of jobs and of the answers to write.

The forms of both are in ask-runtime.ts. Needs numpy and onnxruntime.
"""
import base64
import json
import sys

import numpy as np
import onnxruntime

jobs_path, answers_path = sys.argv[1:]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.log_severity_level = 3
answers = []
with open(jobs_path, encoding="utf-8") as file:
    jobs = json.load(file)
for job in jobs:
    feeds = {}
    if "features" in job:
        values = np.frombuffer(base64.b64decode(job["features"]["base64"]), dtype="<f4")
        feeds["features"] = values.reshape(job["features"]["shape"])
    if "texts" in job:
        feeds["texts"] = np.array(job["texts"]["values"], dtype=object).reshape(job["texts"]["shape"])
    if "query" in job:
        feeds["query"] = np.array(job["query"], dtype=object)
    session = onnxruntime.InferenceSession(job["file"], options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    outputs = session.run(names, feeds)
    answers.append({name: {"shape": list(found.shape), "values": found.ravel().tolist()} for name, found in zip(names, outputs)})
with open(answers_path, "w", encoding="utf-8") as file:
    json.dump({"version": onnxruntime.__version__, "answers": answers}, file)
