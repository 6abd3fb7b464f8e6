"""The frame of the workflow: named checks, and how their results are made comparable between servers."""

import json
import math
import re
import traceback

CHECKS = []
_ID = re.compile(r"m-[0-9a-f]{32}|[0-9a-f]{32}|(?<=mlflow-artifacts:/)[0-9]+")


def check(feature, since=2):
    """Declares a check of a feature; `since` is the first major version of the client that has it."""

    def declare(function):
        CHECKS.append((feature, since, function))
        return function

    return declare


def comparable(value):
    """JSON that two servers can both give: floats rounded, NaN as text, ids that a server chooses left out."""
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return repr(value) if math.isnan(value) or math.isinf(value) else round(value, 9)
    if isinstance(value, str):
        return _ID.sub("<id>", value)
    if isinstance(value, dict):
        return {str(key): comparable(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (list, tuple)):
        return [comparable(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return [comparable(item) for item in sorted(value)]
    return comparable(value.item()) if hasattr(value, "item") else comparable(str(value))


def refusal(call):
    """The error code that a call ends with; a call that succeeds is a result too."""
    from mlflow.exceptions import MlflowException

    try:
        call()
    except MlflowException as error:
        return error.error_code
    return "accepted"


def run_all(major, world):
    """Each check by itself: one that breaks off tells its error and the others go on."""
    results = []
    for feature, since, function in CHECKS:
        if since > major:
            continue
        try:
            results.append({"feature": feature, "value": comparable(function(world))})
        except Exception as error:  # a check that fails is a result, too
            code = getattr(error, "error_code", type(error).__name__)
            where = traceback.extract_tb(error.__traceback__)
            line = next((f.lineno for f in reversed(where) if f.filename.endswith("_checks.py")), 0)
            results.append({"feature": feature, "error": f"{code}: {str(error)[:400]} (line {line})"})
    return results


def print_results(results):
    print(json.dumps(results))
