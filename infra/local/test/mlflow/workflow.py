"""What data scientists do with MLflow, done with the unmodified client against the server of MLFLOW_TRACKING_URI.

    python workflow.py list        the features, as JSON
    python workflow.py run         the result of each, as JSON: equal servers give equal results
"""

import json
import logging
import os
import sys
import tempfile
import warnings

import artifact_checks  # noqa: F401 (declares)
import experiment_checks  # noqa: F401
import genai_checks  # noqa: F401
import logged_model_checks  # noqa: F401
import model_checks  # noqa: F401
import registry_checks  # noqa: F401
import run_checks  # noqa: F401
from checks import CHECKS, print_results, run_all


class World:
    """What the checks share: the client, a folder to work in, and experiments of their own."""

    def __init__(self):
        import mlflow

        self.mlflow = mlflow
        self.client = mlflow.MlflowClient()
        self.folder = tempfile.mkdtemp(prefix="mlflow-workflow-")
        self.major = int(mlflow.__version__.split(".")[0])

    def experiment(self, name):
        """Makes an experiment for one check and answers its id."""
        return self.client.create_experiment(name)

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return path


def main():
    if sys.argv[1] == "list":
        print(json.dumps([{"feature": feature, "since": since} for feature, since, _ in CHECKS]))
        return
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    world = World()
    answers, sys.stdout = sys.stdout, sys.stderr  # the client prints to stdout, too
    results = run_all(world.major, world)
    sys.stdout = answers
    print_results(results)


if __name__ == "__main__":
    main()
