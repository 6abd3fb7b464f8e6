import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { TallyHistogram } from './tally-histogram.js';

const about = { name: 'sureness', help: 'How sure.' };
const buckets = [0.1, 0.5, 0.9, 1];

it("says of the same values what prom-client's histogram says", async () => {
  const value = fc.oneof(fc.constantFrom(...buckets), fc.double({ min: -1, max: 2, noNaN: true }));
  const observations = fc.array(fc.record({ model: fc.constantFrom('heart', 'churn', 'odd "\\\n name'), value }));
  await fc.assert(
    fc.asyncProperty(observations, async (observed) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const tally = new TallyHistogram({ ...about, label: 'model', buckets }).registerTo(ours);
      const histogram = new Histogram({ ...about, labelNames: ['model'], buckets, registers: [theirs] });
      for (const { model, value } of observed) {
        tally.of(model).observe(value);
        histogram.observe({ model }, value);
      }
      expect(await ours.metrics()).toBe(await theirs.metrics());
    }),
  );
});
