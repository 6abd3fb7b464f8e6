"""Asks a served model with the client of MLflow's scoring server, as it comes from PyPI.

Usage: mlflow_client.py HOST:PORT KEY MODEL ROW   (ROW: the values of one row by column as JSON, null = missing)
Prints one JSON object of what the client understood.
"""

import json
import sys

import pandas
from mlflow.pyfunc.scoring_server.client import ScoringServerClient

address, key, model, row = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
host, port = address.split(":")
frame = pandas.DataFrame([row, row])  # a missing value becomes NaN, and is sent as such


def server(path="", secret=key):
    """The client knows no keys: the address holds it, as the password of Basic."""
    return ScoringServerClient(f"any:{secret}@{host}", f"{port}{path}")


def values(client, data, **more):
    return client.invoke(data, **more).get_predictions(predictions_format="ndarray").tolist()


def refusal(client, data):
    try:
        client.invoke(data)
    except Exception as error:  # the client raises no narrower one
        return str(error)
    return None


default, named = server(), server(f"/api/v1/models/{model}")
default.wait_server_ready()
named.ping()
print(
    json.dumps(
        {
            "version": default.get_version(),
            "frame": values(default, frame),
            "array": values(named, frame.to_numpy()),
            "shares": values(named, frame, params={"predict_method": "predict_proba"}),
            "misspelt": refusal(named, frame.rename(columns={"age": "years"})),
            "stranger": refusal(server(secret="none"), frame),
        }
    )
)
