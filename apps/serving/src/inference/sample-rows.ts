/** Rows that a graph is tried with before it takes traffic: the same for the same graph, each time. */
import type { Rows } from './run-rows.js';
import type { GraphShape, InputSample } from './session-host.js';

/** Numbers in [0, 1). */
export type Random = () => number;

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pick = <T>(from: readonly T[], random: Random): T | undefined => from[Math.floor(random() * from.length)];

/** Free text that a text classifier is tried with: of several lengths, one of them empty. */
const SAMPLE_TEXTS = ['', 'hello', 'Where is my card? I ordered it two weeks ago.', 'a '.repeat(200)];
const WORDS = ['card', 'Where', 'is', '42', 'naïve', 'order', '!', 'two', 'account', 'é', 'lost', 'x'];
const TEXT_WORDS_MAX = 40;

const randomText = (random: Random): string =>
  Array.from({ length: Math.floor(random() * TEXT_WORDS_MAX) }, () => pick(WORDS, random)).join(' ');

/** A value of a column as training saw it. */
function likelyValue({ values, categories, low, high }: InputSample, random: Random): number {
  if (categories) return Math.floor(random() * categories.length);
  return values ? (pick(values, random) ?? 0) : low + random() * (high - low);
}

/** A value that the column may have: also far outside of what training saw, at its ends, and zero. */
function possibleValue(sample: InputSample, random: Random): number {
  const { values, categories, low, high } = sample;
  if (values || categories) return likelyValue(sample, random);
  const kind = random();
  if (kind < 0.1) return 0;
  if (kind < 0.2) return kind < 0.15 ? low : high;
  const span = Math.max(high - low, 1);
  return low - span + random() * 3 * span;
}

function drawRows(
  { task, samples }: GraphShape,
  count: number,
  draw: (sample: InputSample) => number,
  textOf: (row: number) => string,
): Rows {
  const features = new Float32Array(count * samples.length);
  for (let row = 0; row < count; row++)
    for (const [column, sample] of samples.entries()) features[row * samples.length + column] = draw(sample);
  const texts = Array.from({ length: count }, (_, row) => textOf(row));
  return { count, features, texts: task === 'text-classification' ? texts : null };
}

const MISSING_SHARE = 0.1;

/** Rows as training saw them, by what the signature says of each input. */
export function sampleRows(shape: GraphShape, count: number): Rows {
  const random = createRandom(20_260_301);
  const draw = (sample: InputSample): number =>
    sample.mayMiss && random() < MISSING_SHARE ? Number.NaN : likelyValue(sample, random);
  return drawRows(shape, count, draw, (row) => SAMPLE_TEXTS[row % SAMPLE_TEXTS.length] ?? '');
}

/** Rows of which nothing is said but what the signature allows. */
export function randomRows(shape: GraphShape, count: number): Rows {
  const random = createRandom(19_700_101);
  const draw = (sample: InputSample): number =>
    sample.mayMiss && random() < 3 * MISSING_SHARE ? Number.NaN : possibleValue(sample, random);
  return drawRows(shape, count, draw, () => randomText(random));
}

/** The rows at some positions, in that order. */
export function pickRows({ features, texts, count }: Rows, positions: readonly number[]): Rows {
  const width = features.length / count;
  const picked = new Float32Array(positions.length * width);
  for (const [row, from] of positions.entries())
    picked.set(features.subarray(from * width, (from + 1) * width), row * width);
  return {
    count: positions.length,
    features: picked,
    texts: texts && positions.map((from) => texts[from] ?? ''),
  };
}

export const joinRows = (one: Rows, other: Rows): Rows => ({
  count: one.count + other.count,
  features: Float32Array.of(...one.features, ...other.features),
  texts: one.texts && other.texts && [...one.texts, ...other.texts],
});
