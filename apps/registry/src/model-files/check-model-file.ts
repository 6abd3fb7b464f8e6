import { checkInputs } from './check-inputs.js';
import { checkOperators } from './check-operators.js';
import { checkOutputs } from './check-outputs.js';
import { readOnnxHeader } from './read-onnx-header.js';
import { ProtobufError } from './read-protobuf.js';
import type { ServedSignature } from './served-signature.js';

/**
 * Finds everything that keeps an ONNX file from being served: operators that the runtime does not have, inputs and outputs that are not
 * those of the signature, tensors outside the file. Reads the file without running it: a hostile one meets no native code here. An empty
 * list means that it fits.
 */
export function checkModelFile(file: Uint8Array, signature: ServedSignature): readonly string[] {
  try {
    const header = readOnnxHeader(file);
    return [
      ...checkOperators(header),
      ...(header.hasExternalData ? ['it keeps tensors in other files; save it as one file'] : []),
      ...checkInputs(header, signature),
      ...checkOutputs(header, signature),
    ];
  } catch (error) {
    if (error instanceof ProtobufError) return [`it is not an ONNX file: ${error.message}`];
    throw error;
  }
}
