import {
  ATTRIBUTE,
  fieldsOf,
  GRAPH,
  graphOf,
  MODEL_GRAPH,
  NODE,
  type Rewritten,
  rewrite,
  TENSOR_NAME,
  textOf,
  VALUE_NAME,
} from './onnx-fields.js';

/** New names of tensors by their old ones. */
type Renaming = ReadonlyMap<string, string>;

function renamed(name: Uint8Array, names: Renaming): Rewritten {
  const next = names.get(textOf(name));
  return next === undefined ? undefined : Buffer.from(next);
}

const renameField = (message: Uint8Array, number: number, names: Renaming): Uint8Array =>
  rewrite(message, (field) => (field.number === number ? renamed(field.value, names) : undefined));

/** Graphs inside of nodes (If, Loop, Scan) see the names around them. */
function renameNode(node: Uint8Array, names: Renaming): Uint8Array {
  return rewrite(node, ({ number, value }) => {
    if (number === NODE.input || number === NODE.output) return renamed(value, names);
    if (number !== NODE.attribute) return undefined;
    return rewrite(value, (part) =>
      part.number === ATTRIBUTE.graph || part.number === ATTRIBUTE.graphs ? renameGraph(part.value, names) : undefined,
    );
  });
}

function renameGraph(graph: Uint8Array, names: Renaming): Uint8Array {
  return rewrite(graph, ({ number, value }) => {
    if (number === GRAPH.node) return renameNode(value, names);
    if (number === GRAPH.initializer) return renameField(value, TENSOR_NAME, names);
    if (number === GRAPH.input || number === GRAPH.output || number === GRAPH.valueInfo)
      return renameField(value, VALUE_NAME, names);
    return undefined;
  });
}

/**
 * Other names for the tensors of a model, everywhere in its graph. A tensor that has one of the new names already makes way.
 * @throws ProtobufError when it is not an ONNX file
 */
export function renameTensors(file: Uint8Array, wanted: Renaming): Uint8Array {
  const names = new Map([...wanted].filter(([from, to]) => from !== to));
  if (names.size === 0) return file;
  const taken = readTensorNames(file);
  for (const name of [...names.values()]) {
    if (!taken.has(name) || names.has(name)) continue;
    let free = `${name}_inside`;
    while (taken.has(free)) free += '_';
    names.set(name, free);
  }
  return rewrite(file, ({ number, value }) => (number === MODEL_GRAPH ? renameGraph(value, names) : undefined));
}

/** Everything in a graph that a node or a constant gave a name. @throws ProtobufError when it is not an ONNX file */
export function readTensorNames(file: Uint8Array): ReadonlySet<string> {
  const graph = graphOf(file);
  const outputs = fieldsOf(graph, GRAPH.node).flatMap(({ value }) => fieldsOf(value, NODE.output));
  const constants = fieldsOf(graph, GRAPH.initializer).flatMap(({ value }) => fieldsOf(value, TENSOR_NAME));
  return new Set([...outputs, ...constants].map(({ value }) => textOf(value)));
}
