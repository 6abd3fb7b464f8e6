import type { Constant, Node } from './write-onnx.js';

/** Part of a graph. */
export interface GraphPart {
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
}

/** The parts as one, in their order. */
export function joinParts(...parts: readonly GraphPart[]): GraphPart {
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    constants: parts.flatMap(({ constants }) => constants),
  };
}

/** A float32 constant of one value. */
export function scalar(name: string, value: number): Constant {
  return { name, element: 'float', shape: [], values: [value] };
}
