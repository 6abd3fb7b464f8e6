const KIBIBYTE = 1_024;
/** A session, its kernels, its shared rows. */
const GRAPH_BYTES = 256 * KIBIBYTE;
const TREES = Buffer.from('TreeEnsemble');
/** A node of a tree is a few packed numbers in the file, and an object of the runtime in memory. */
const BYTES_PER_TREE_BYTE = 8;
/** Weights lie in memory once as they are and, of small ones, once as the runtime packs them. */
const BYTES_PER_WEIGHT_BYTE = 2;

/**
 * Bytes of memory that ONNX Runtime takes for a file. Measured with 1.30 as the growth of the process over twenty sessions of one file:
 * 7.0 to 8.5 times the file for tree ensembles of 80 kB to 2.3 MB, 1.0 to 2.0 times for networks of 1 to 50 MB. Measuring each graph while
 * it is loaded would say less: memory that other graphs left is taken first, and then nothing grows.
 */
export function estimateMemory(file: Uint8Array): number {
  const isTrees = Buffer.from(file.buffer, file.byteOffset, file.byteLength).includes(TREES);
  return GRAPH_BYTES + file.byteLength * (isTrees ? BYTES_PER_TREE_BYTE : BYTES_PER_WEIGHT_BYTE);
}
