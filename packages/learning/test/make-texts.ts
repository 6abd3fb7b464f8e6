import { createRandom } from '../src/random/random.js';

/** Words of made-up intents: each class has some of its own, all share the rest. */
const OWN = [
  ['card', 'delivery', 'arrive', 'post', 'tracking'],
  ['rate', 'exchange', 'euros', 'pounds', 'currency'],
  ['phone', 'number', 'stolen', 'app', 'device'],
  ['refund', 'purchase', 'return', 'merchant', 'cancel'],
] as const;
const COMMON = ['my', 'the', 'is', 'please', 'how', 'what', 'when', 'I', 'a', 'still', 'help', 'with', 'not', 'why'];

/** Texts with known classes, some of them ambiguous: labelled synthetic, for tests only. */
export function makeTexts({ rows, seed, classCount = 4 }: { rows: number; seed: number; classCount?: number }) {
  const random = createRandom(seed);
  const pick = (words: readonly string[]): string => words[random.nextInteger(words.length)]!;
  const target: number[] = [];
  const texts = Array.from({ length: rows }, (_, row) => {
    const label = row % classCount;
    target.push(label);
    const words = Array.from({ length: 3 + random.nextInteger(6) }, () => {
      const draw = random.nextFloat();
      if (draw < 0.35) return pick(OWN[label]!);
      return draw < 0.45 ? pick(OWN[random.nextInteger(classCount)]!) : pick(COMMON);
    });
    return `${words.join(' ')}${pick(['', '?', '!', '...'])}`;
  });
  return { texts, target, classes: ['card', 'rate', 'phone', 'refund'].slice(0, classCount) };
}
