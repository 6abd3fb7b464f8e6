/** A smooth function of a vector: returns its value and writes its gradient. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** When to stop, and who watches. */
export interface MinimiseOptions {
  /** Stop when no component of the gradient is larger in magnitude. */
  readonly gradientTolerance: number;
  readonly iterationsMax: number;
  /** Called before each iteration. */
  readonly onIteration: (iteration: number) => void;
  /** Multiplies a vector by what is known of the inverse Hessian, in place; without it, that is a multiple of the identity. */
  readonly applyInverse?: ((vector: Float64Array) => void) | undefined;
}

/** Where the search ended. `converged` is false when it ran out of iterations. */
export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly converged: boolean;
}

const MEMORY = 10;
const ARMIJO = 1e-4;
const CURVATURE = 0.9;
const LINE_STEPS_MAX = 40;
/** Relative decrease below which nothing more can be won in float64 (scipy's default `ftol` = 64 * epsilon). */
const DECREASE_MIN = 64 * Number.EPSILON;

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly inverseProduct: number;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * source[i]!;
}

function largestMagnitude(vector: Float64Array): number {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  return largest;
}

function scaleDirection(direction: Float64Array, gradient: Float64Array, last: Pair | undefined): void {
  const scale = last
    ? 1 / (last.inverseProduct * dot(last.change, last.change))
    : 1 / Math.sqrt(dot(gradient, gradient));
  for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
}

/** Two-loop recursion (Nocedal and Wright, Numerical Optimization, algorithm 7.4): minus the inverse Hessian times the gradient. */
function findDirection(
  gradient: Float64Array,
  memory: readonly Pair[],
  applyInverse: MinimiseOptions['applyInverse'],
): Float64Array {
  const direction = Float64Array.from(gradient);
  const weights: number[] = [];
  for (let i = memory.length - 1; i >= 0; i--) {
    const pair = memory[i]!;
    weights[i] = pair.inverseProduct * dot(pair.step, direction);
    addScaled(direction, pair.change, -weights[i]!);
  }
  if (applyInverse === undefined) scaleDirection(direction, gradient, memory.at(-1));
  else applyInverse(direction);
  memory.forEach((pair, i) => {
    addScaled(direction, pair.step, weights[i]! - pair.inverseProduct * dot(pair.change, direction));
  });
  for (let i = 0; i < direction.length; i++) direction[i] = -direction[i]!;
  return direction;
}

interface State {
  readonly point: Float64Array;
  readonly gradient: Float64Array;
  readonly value: number;
}

/** Bisection until sufficient decrease and curvature hold (weak Wolfe conditions; Lewis and Overton, 2013, algorithm 2.6). */
function searchLine(objective: Objective, from: State, direction: Float64Array): State {
  const slope = dot(from.gradient, direction);
  let step = 1;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let reached = from;
  for (let k = 0; k < LINE_STEPS_MAX; k++) {
    const point = Float64Array.from(from.point);
    addScaled(point, direction, step);
    const gradient = new Float64Array(point.length);
    const value = objective(point, gradient);
    if (!(value <= from.value + ARMIJO * step * slope)) {
      high = step;
      step = (low + high) / 2;
      continue;
    }
    reached = { point, gradient, value };
    if (dot(gradient, direction) >= CURVATURE * slope) return reached;
    low = step;
    step = high === Number.POSITIVE_INFINITY ? 2 * step : (low + high) / 2;
  }
  return reached; // the last point with sufficient decrease, or the start when float64 has no better one
}

/** Minimises a convex function with L-BFGS (Liu and Nocedal, 1989), remembering 10 steps. */
export function minimiseLbfgs(objective: Objective, start: Float64Array, options: MinimiseOptions): Minimum {
  const firstGradient = new Float64Array(start.length);
  let state: State = { point: start, gradient: firstGradient, value: objective(start, firstGradient) };
  const memory: Pair[] = [];
  const finish = (iterations: number, converged: boolean): Minimum => {
    return { point: state.point, value: state.value, iterations, converged };
  };
  for (let iteration = 0; iteration < options.iterationsMax; iteration++) {
    options.onIteration(iteration);
    if (largestMagnitude(state.gradient) <= options.gradientTolerance) return finish(iteration, true);
    const next = searchLine(objective, state, findDirection(state.gradient, memory, options.applyInverse));
    const step = next.point.map((value, i) => value - state.point[i]!);
    const change = next.gradient.map((value, i) => value - state.gradient[i]!);
    const product = dot(step, change);
    if (product > Number.EPSILON * dot(change, change)) {
      memory.push({ step, change, inverseProduct: 1 / product });
      if (memory.length > MEMORY) memory.shift();
    }
    const decrease = state.value - next.value;
    state = next;
    if (decrease <= DECREASE_MIN * Math.max(1, Math.abs(state.value))) return finish(iteration + 1, true);
  }
  return finish(options.iterationsMax, largestMagnitude(state.gradient) <= options.gradientTolerance);
}
