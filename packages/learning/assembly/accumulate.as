/**
 * Histograms of a node. A slot is two float64: the sum of gradients and the sum of hessians of the rows with one code.
 *
 * Codes lie in groups of four, two or one columns, row by row within a group, so that one memory access brings the codes of all columns
 * of a group. Gradients and hessians are float32 pairs in the order of `rows`. They lie on one power-of-two grid on which float64
 * adds without rounding: sums do not depend on the order of rows, and parent - child equals the sibling to the last bit.
 */

/** log2 of the bytes of a slot. */
const SLOT = 4;

@inline
function bump(slots: usize, code: usize, pair: v128): void {
  const at = slots + (code << SLOT);
  v128.store(at, f64x2.add(v128.load(at), pair));
}

@inline
function loadPair(pairs: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(pairs));
}

/** Adds `count` rows to four columns. `rows` = 0: rows 0, 1, 2... */
export function accumulate4(
  codes: usize,
  rows: usize,
  pairs: usize,
  count: u32,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
): void {
  const end = pairs + ((<usize>count) << 3);
  if (rows === 0) {
    for (; pairs < end; pairs += 8, codes += 4) {
      const pair = loadPair(pairs);
      const codeA = <usize>load<u8>(codes);
      const codeB = <usize>load<u8>(codes, 1);
      const codeC = <usize>load<u8>(codes, 2);
      const codeD = <usize>load<u8>(codes, 3);
      bump(a, codeA, pair);
      bump(b, codeB, pair);
      bump(c, codeC, pair);
      bump(d, codeD, pair);
    }
    return;
  }
  for (; pairs < end; pairs += 8, rows += 4) {
    const pair = loadPair(pairs);
    const at = codes + ((<usize>load<u32>(rows)) << 2);
    const codeA = <usize>load<u8>(at);
    const codeB = <usize>load<u8>(at, 1);
    const codeC = <usize>load<u8>(at, 2);
    const codeD = <usize>load<u8>(at, 3);
    bump(a, codeA, pair);
    bump(b, codeB, pair);
    bump(c, codeC, pair);
    bump(d, codeD, pair);
  }
}

/** The same for two columns. */
export function accumulate2(codes: usize, rows: usize, pairs: usize, count: u32, a: usize, b: usize): void {
  const end = pairs + ((<usize>count) << 3);
  if (rows === 0) {
    for (; pairs < end; pairs += 8, codes += 2) {
      const pair = loadPair(pairs);
      const codeA = <usize>load<u8>(codes);
      const codeB = <usize>load<u8>(codes, 1);
      bump(a, codeA, pair);
      bump(b, codeB, pair);
    }
    return;
  }
  for (; pairs < end; pairs += 8, rows += 4) {
    const pair = loadPair(pairs);
    const at = codes + ((<usize>load<u32>(rows)) << 1);
    const codeA = <usize>load<u8>(at);
    const codeB = <usize>load<u8>(at, 1);
    bump(a, codeA, pair);
    bump(b, codeB, pair);
  }
}

/** The same for one column out of a group of 2^`shift` columns. */
export function accumulate1(codes: usize, shift: usize, rows: usize, pairs: usize, count: u32, a: usize): void {
  const end = pairs + ((<usize>count) << 3);
  if (rows === 0) {
    for (let row: usize = 0; pairs < end; pairs += 8, row++) {
      bump(a, <usize>load<u8>(codes + (row << shift)), loadPair(pairs));
    }
    return;
  }
  for (; pairs < end; pairs += 8, rows += 4) {
    bump(a, <usize>load<u8>(codes + ((<usize>load<u32>(rows)) << shift)), loadPair(pairs));
  }
}

/** Counts the rows with each code of one column: u32 per slot, not cleared first. */
export function countCodes(codes: usize, shift: usize, rows: usize, count: u32, counts: usize): void {
  for (const end = rows + ((<usize>count) << 2); rows < end; rows += 4) {
    const at = counts + ((<usize>load<u8>(codes + ((<usize>load<u32>(rows)) << shift))) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

/** target = a - b, over `bytes` (a multiple of 16). */
export function subtract(target: usize, a: usize, b: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(target + at, f64x2.sub(v128.load(a + at), v128.load(b + at)));
  }
}
