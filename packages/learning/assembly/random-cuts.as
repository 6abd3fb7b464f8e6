/** Cuts at random thresholds. A list of `count` entries is read and written in steps of four: it has room for up to three more. */

/**
 * Copies the cells of some rows to `values`, followed by three NaN; their least and greatest (f32 each) go to `range`, which is Infinity and
 * -Infinity when all are NaN.
 *
 * @param rows where each row begins, in bytes (u32)
 * @returns whether one is NaN
 */
export function gatherCells(column: usize, rows: usize, count: u32, values: usize, range: usize): bool {
  let least = f32x4.splat(f32.POSITIVE_INFINITY);
  let greatest = f32x4.splat(f32.NEGATIVE_INFINITY);
  let gaps = i32x4.splat(0);
  for (const last = rows + ((<usize>count & ~3) << 2); rows < last; rows += 16, values += 16) {
    let four = v128.load32_zero(column + <usize>load<u32>(rows));
    four = v128.load32_lane(column + <usize>load<u32>(rows, 4), four, 1);
    four = v128.load32_lane(column + <usize>load<u32>(rows, 8), four, 2);
    four = v128.load32_lane(column + <usize>load<u32>(rows, 12), four, 3);
    v128.store(values, four);
    // NaN is neither less nor greater, and the one number that differs from itself.
    least = f32x4.pmin(least, four);
    greatest = f32x4.pmax(greatest, four);
    gaps = v128.or(gaps, f32x4.ne(four, four));
  }
  for (const last = rows + ((<usize>count & 3) << 2); rows < last; rows += 4, values += 4) {
    const one = v128.load32_splat(column + <usize>load<u32>(rows));
    v128.store32_lane(values, one, 0);
    least = f32x4.pmin(least, one);
    greatest = f32x4.pmax(greatest, one);
    gaps = v128.or(gaps, f32x4.ne(one, one));
  }
  v128.store(values, f32x4.splat(f32.NaN));
  least = f32x4.pmin(least, v128.shuffle<f32>(least, least, 2, 3, 0, 1));
  greatest = f32x4.pmax(greatest, v128.shuffle<f32>(greatest, greatest, 2, 3, 0, 1));
  least = f32x4.pmin(least, v128.shuffle<f32>(least, least, 1, 0, 3, 2));
  greatest = f32x4.pmax(greatest, v128.shuffle<f32>(greatest, greatest, 1, 0, 3, 2));
  v128.store32_lane(range, least, 0);
  v128.store32_lane(range + 4, greatest, 0);
  return v128.any_true(gaps);
}

/**
 * Sums weights and weighted numbers (f64) of the rows whose value is not above a threshold, to `sums` one after the other.
 *
 * @returns how many rows these are
 */
export function sumUpTo(
  values: usize,
  threshold: f32,
  count: u32,
  weights: usize,
  weighted: usize,
  sums: usize,
): u32 {
  const limit = f32x4.splat(threshold);
  let rows = i32x4.splat(0);
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  for (const last = values + (<usize>count << 2); values < last; values += 16, weights += 32, weighted += 32) {
    const isLeft = f32x4.le(v128.load(values), limit);
    const low = i64x2.extend_low_i32x4_s(isLeft);
    const high = i64x2.extend_high_i32x4_s(isLeft);
    rows = i32x4.sub(rows, isLeft);
    a = f64x2.add(a, v128.and(low, v128.load(weights)));
    b = f64x2.add(b, v128.and(high, v128.load(weights, 16)));
    c = f64x2.add(c, v128.and(low, v128.load(weighted)));
    d = f64x2.add(d, v128.and(high, v128.load(weighted, 16)));
  }
  a = f64x2.add(a, b);
  c = f64x2.add(c, d);
  store<f64>(sums, f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1));
  store<f64>(sums, f64x2.extract_lane(c, 0) + f64x2.extract_lane(c, 1), 8);
  return i32x4.extract_lane(rows, 0) + i32x4.extract_lane(rows, 1) + (i32x4.extract_lane(rows, 2) + i32x4.extract_lane(rows, 3));
}

/**
 * Sums weights (f64) by class: two sums of each class at `sums`, that of the rows above a threshold or without a value and that of the others.
 *
 * @param classes 16 times the class of each row (u32)
 * @returns how many rows are not above
 */
export function sumClassesUpTo(
  values: usize,
  threshold: f32,
  count: u32,
  weights: usize,
  classes: usize,
  sums: usize,
  classCount: u32,
): u32 {
  memory.fill(sums, 0, <usize>classCount << 4);
  let rows: u32 = 0;
  for (const last = values + (<usize>count << 2); values < last; values += 4, weights += 8, classes += 4) {
    const isLeft = <u32>(load<f32>(values) <= threshold);
    // No branch: which way a row goes can't be foretold.
    const at = sums + <usize>(load<u32>(classes) + (isLeft << 3));
    store<f64>(at, load<f64>(at) + load<f64>(weights));
    rows += isLeft;
  }
  return rows;
}
