/** A pivot below this share of its diagonal entry is rounding: the columns before determine this one. */
const PIVOT_SHARE_MIN = 1e-12;
/** First addition to the diagonal when the matrix is not positive definite, as a share of its mean entry; grows tenfold per attempt. */
const JITTER_SHARE = 1e-11;
const ATTEMPTS_MAX = 12;

/** The lower triangle L of L L^T = matrix + jitter on the diagonal, row-major; null when it is not safely positive definite. */
function tryFactor(matrix: Float64Array, size: number, jitter: number): Float64Array | null {
  const factor = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = matrix[i * size + j]! + (i === j ? jitter : 0);
      for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
      if (i > j) factor[i * size + j] = sum / factor[j * size + j]!;
      else if (sum > PIVOT_SHARE_MIN * (matrix[j * size + j]! + jitter)) factor[j * size + j] = Math.sqrt(sum);
      else return null;
    }
  }
  return factor;
}

/**
 * Factors a symmetric positive semidefinite matrix (Cholesky). When columns determine each other, the least addition to the diagonal that
 * helps is made: solutions are then those of an infinitesimal ridge, the ones of least norm.
 *
 * @param matrix row-major, `size` x `size`, finite
 * @returns a function that solves matrix * x = b in place
 */
export function factorCholesky(matrix: Float64Array, size: number): (b: Float64Array) => void {
  let trace = 0;
  for (let j = 0; j < size; j++) trace += matrix[j * size + j]!;
  const unit = (trace / Math.max(1, size)) * JITTER_SHARE || 1;
  let factor = tryFactor(matrix, size, 0);
  for (let attempt = 0; factor === null && attempt < ATTEMPTS_MAX; attempt++) {
    factor = tryFactor(matrix, size, unit * 10 ** attempt);
  }
  if (factor === null) throw new RangeError('The matrix is not positive semidefinite.');
  const lower = factor;
  return (b) => {
    for (let i = 0; i < size; i++) {
      let sum = b[i]!;
      for (let k = 0; k < i; k++) sum -= lower[i * size + k]! * b[k]!;
      b[i] = sum / lower[i * size + i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = b[i]!;
      for (let k = i + 1; k < size; k++) sum -= lower[k * size + i]! * b[k]!;
      b[i] = sum / lower[i * size + i]!;
    }
  };
}
