"""Writes src/model-files/runtime-operators.ts: every operator that ONNX Runtime's CPU provider can run. Rerun with

    pip install onnxruntime==1.30.0 onnx==1.23.2 && python list_runtime_operators.py

An operator can be run when the provider has a kernel for it, or when its definition is a function of such operators, which the runtime
unfolds. The limits of versions are found by loading a model of one node.
"""
import pathlib
from collections import defaultdict

import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnxruntime.capi._pybind_state import get_all_operator_schema, get_all_opkernel_def

onnxruntime.set_default_logger_severity(4)


def loads(ir_version, **versions):
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N"])
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "graph", [value("x")], [value("y")])
    sets = [helper.make_opsetid(domain.replace("_", "."), version) for domain, version in versions.items()]
    model = helper.make_model(graph, opset_imports=sets)
    model.ir_version = ir_version
    try:
        onnxruntime.InferenceSession(model.SerializeToString())
    except Exception:  # every refusal counts
        return False
    return True


def newest(first, check):
    return next(version for version in range(first, 1000) if not check(version + 1))


def lines(names, width=116):
    found = [""]
    for name in names:
        if len(found[-1]) + len(name) > width:
            found.append("")
        found[-1] += f"{name} "
    return found


operators = defaultdict(set)
for kernel in get_all_opkernel_def():
    if kernel.provider == "CPUExecutionProvider":
        operators[kernel.domain].add(kernel.op_name)
functions = {(s.domain, s.name) for s in onnx.defs.get_all_schemas_with_history() if s.has_function or s.has_context_dependent_function}
for schema in get_all_operator_schema():
    if (schema.domain, schema.name) in functions:
        operators[schema.domain].add(schema.name)
operators[""].add("Constant")  # becomes a constant of the graph

ir_version = newest(8, lambda version: loads(version, **{"": 17}))
limits = {
    "": newest(17, lambda version: loads(ir_version, **{"": version})),
    "ai.onnx.ml": newest(3, lambda version: loads(ir_version, **{"": 17, "ai_onnx_ml": version})),
}

text = f"""// Made by scripts/list_runtime_operators.py from onnxruntime {onnxruntime.__version__}; not to be changed by hand.

/** The runtime of serving. */
export const RUNTIME = 'ONNX Runtime {onnxruntime.__version__}';

/** Newest form of the file that it reads. */
export const IR_VERSION_MAX = {ir_version};

/** Newest operator set of each domain that it has; '' is ONNX's own. */
export const OPERATOR_SET_MAX: ReadonlyMap<string, number> = new Map([
{"".join(f"  ['{domain}', {limit}],{chr(10)}" for domain, limit in limits.items())}]);

const listed = (names: string): ReadonlySet<string> => new Set(names.trim().split(/\\s+/));

/** Every operator that its CPU provider can run, by domain; '' is ONNX's own. */
export const RUNTIME_OPERATORS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
"""
for domain in sorted(operators):
    body = "\n      ".join(line.strip() for line in lines(sorted(operators[domain])))
    text += f"  [\n    '{domain}',\n    listed(`\n      {body}\n    `),\n  ],\n"
text += "]);\n"
target = pathlib.Path(__file__).parents[1] / "src/model-files/runtime-operators.ts"
target.write_text(text, encoding="utf-8")
