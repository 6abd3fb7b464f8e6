/** Edges as a tree: 85 nodes of three and +Infinity, 16 bytes each, the children of node n being 4n + 1 to 4n + 4; then come the codes. */
const INNER_NODES: u32 = 85;

/** Lays out 255 ascending edges as a tree; returns the first edge behind the node's own part. */
function plant(edges: usize, node: u32, tree: usize): usize {
  if (node >= INNER_NODES) return edges;
  const place = tree + ((<usize>node) << 4);
  for (let child: u32 = 0; child < 3; child++) {
    edges = plant(edges, 4 * node + 1 + child, tree);
    store<f32>(place + ((<usize>child) << 2), load<f32>(edges));
    edges += 4;
  }
  store<f32>(place, Infinity, 12);
  return plant(edges, 4 * node + 4, tree);
}

/** The child of a node where a value belongs: as many of the node's edges are below it. */
@inline
function descend(tree: usize, node: u32, value: v128): u32 {
  const isBelow = f32x4.lt(v128.load(tree + ((<usize>node) << 4)), value);
  return 4 * node + 1 + <u32>popcnt<i32>(i32x4.bitmask(isBelow));
}

/**
 * Codes of values: the index of the first edge >= value, `missing` for NaN.
 *
 * @param edges 255 float32, ascending, filled up with +Infinity
 * @param tree room for 1360 bytes
 * @param target first code; the next is 2^`shift` bytes further
 */
export function encodeValues(
  values: usize,
  count: u32,
  edges: usize,
  tree: usize,
  missing: u32,
  target: usize,
  shift: usize,
): void {
  plant(edges, 0, tree);
  for (let i: usize = 0, end: usize = <usize>count; i < end; i++) {
    const one = load<f32>(values + (i << 2));
    const value = f32x4.splat(one);
    const leaf = descend(tree, descend(tree, descend(tree, descend(tree, 0, value), value), value), value);
    store<u8>(target + (i << shift), one == one ? leaf - INNER_NODES : missing);
  }
}

/** target += codes * factor, where several features of few bins share a column. */
export function addCodes(codes: usize, count: u32, factor: u32, target: usize, shift: usize): void {
  for (let i: usize = 0, end: usize = <usize>count; i < end; i++) {
    const at = target + (i << shift);
    store<u8>(at, <u32>load<u8>(at) + <u32>load<u8>(codes + i) * factor);
  }
}
