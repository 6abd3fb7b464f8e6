/** The rows of a tree and what is kept per row. Every list of pairs and of rows has room for 16 bytes more than it uses. */

/** Copies the gradient pairs of some rows into their order and notes the least and greatest hessian (f64 each) at `range`. */
export function gatherPairs(rows: usize, count: u32, pairs: usize, target: usize, range: usize): void {
  let least = f32x4.splat(f32.MAX_VALUE);
  let greatest = f32x4.splat(0);
  for (const end = rows + ((<usize>count) << 2); rows < end; rows += 4, target += 8) {
    const pair = v128.load64_zero(pairs + ((<usize>load<u32>(rows)) << 3));
    v128.store64_lane(target, pair, 0);
    least = f32x4.pmin(least, pair);
    greatest = f32x4.pmax(greatest, pair);
  }
  store<f64>(range, <f64>f32x4.extract_lane(least, 1));
  store<f64>(range, <f64>f32x4.extract_lane(greatest, 1), 8);
}

/** Sums pairs (f64x2) to `sums`, least and greatest hessian (f64 each) to `sums` + 16. */
export function sumPairs(pairs: usize, count: u32, sums: usize): void {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let least = f32x4.splat(f32.MAX_VALUE);
  let greatest = f32x4.splat(0);
  const end = pairs + ((<usize>count) << 3);
  for (const last = end - 8; pairs < last; pairs += 16) {
    const two = v128.load(pairs);
    even = f64x2.add(even, f64x2.promote_low_f32x4(two));
    odd = f64x2.add(odd, f64x2.promote_low_f32x4(v128.shuffle<f64>(two, two, 1, 0)));
    least = f32x4.pmin(least, two);
    greatest = f32x4.pmax(greatest, two);
  }
  if (pairs < end) {
    const last = v128.load64_splat(pairs);
    even = f64x2.add(even, f64x2.promote_low_f32x4(last));
    least = f32x4.pmin(least, last);
    greatest = f32x4.pmax(greatest, last);
  }
  v128.store(sums, f64x2.add(even, odd));
  store<f64>(sums, <f64>min(f32x4.extract_lane(least, 1), f32x4.extract_lane(least, 3)), 16);
  store<f64>(sums, <f64>max(f32x4.extract_lane(greatest, 1), f32x4.extract_lane(greatest, 3)), 24);
}

/**
 * Lists the rows whose code has a 1 in `goesLeft` (256 bytes) at `left`, which may be `rows`, and the others at `right`, each in the order
 * they had. No branch depends on data.
 *
 * @returns rows on the left
 */
export function splitRows(
  rows: usize,
  count: u32,
  codes: usize,
  shift: usize,
  goesLeft: usize,
  left: usize,
  right: usize,
): u32 {
  const first = left;
  for (const end = rows + ((<usize>count) << 2); rows < end; rows += 4) {
    const row = load<u32>(rows);
    const code = <usize>load<u8>(codes + ((<usize>row) << shift));
    const isLeft = (<usize>load<u8>(goesLeft + code)) << 2;
    store<u32>(left, row);
    store<u32>(right, row);
    left += isLeft;
    right += 4 - isLeft;
  }
  return <u32>((left - first) >> 2);
}

/**
 * Reorders rows: those that go left first, see `splitRows`.
 *
 * @param held room for `count` rows
 * @returns rows on the left
 */
export function partition(rows: usize, count: u32, codes: usize, shift: usize, goesLeft: usize, held: usize): u32 {
  const left = splitRows(rows, count, codes, shift, goesLeft, rows, held);
  memory.copy(rows + ((<usize>left) << 2), held, (<usize>(count - left)) << 2);
  return left;
}

/** rows[i] = i */
export function fillRows(rows: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(rows + ((<usize>i) << 2), i);
}

/** Adds a leaf's value to the margins of its rows. */
export function addToMargins(rows: usize, count: u32, margins: usize, value: f32): void {
  for (const end = rows + ((<usize>count) << 2); rows < end; rows += 4) {
    const at = margins + ((<usize>load<u32>(rows)) << 2);
    store<f32>(at, load<f32>(at) + value);
  }
}
