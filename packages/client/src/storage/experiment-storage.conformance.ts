import { describe, expect, it } from '@jest/globals';
import type { ExperimentFilters, ExperimentRecord, ExperimentStorage } from './experiment-storage.js';

/** What every backend of {@link ExperimentStorage} promises. @param open another one on the same data */
export function describeExperimentStorage(backend: string, open: () => Promise<ExperimentStorage>): void {
  const record = (changes: Partial<ExperimentRecord> = {}): ExperimentRecord => ({
    experimentName: 'churn',
    name: 'forest',
    params: { trees: '100' },
    metrics: { auc: 0.9 },
    tags: { team: 'blue' },
    ...changes,
  });

  describe(`experiments kept by ${backend}`, () => {
    it('are given back as they were stored, also by another process', async () => {
      const id = crypto.randomUUID();
      const storage = await open();
      await storage.storeExperiment(id, record({ state: 'finished' }));
      await storage.close();
      const stored = await (await open()).getExperiment(id);
      expect(stored).toEqual({
        ...record({ state: 'finished' }),
        id,
        startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        endedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      });
      expect(await storage.getExperiment(crypto.randomUUID())).toBeNull();
    });

    it('take more under the same id, and nothing that contradicts', async () => {
      const id = crypto.randomUUID();
      const storage = await open();
      await storage.storeExperiment(id, record());
      await storage.storeExperiment(id, record());
      await storage.storeExperiment(
        id,
        record({ params: { depth: '3' }, metrics: { auc: 0.95 }, tags: { team: 'red' } }),
      );
      await storage.storeExperiment(id, record({ state: 'failed' }));
      expect(await storage.getExperiment(id)).toMatchObject({
        state: 'failed',
        params: { trees: '100', depth: '3' },
        metrics: { auc: 0.9 },
        tags: { team: 'blue' },
      });
      for (const other of [{ params: { trees: '7' } }, { name: 'other' }, { state: 'finished' as const }])
        await expect(storage.storeExperiment(id, record(other))).rejects.toMatchObject({ code: 'conflict' });
    });

    it('are found by experiment, state and a part of the name', async () => {
      const storage = await open();
      const experimentName = `found ${crypto.randomUUID()}`;
      for (const [name, state] of [
        ['Needle', 'finished'],
        ['hay', 'finished'],
        ['hay stack', 'running'],
      ] as const)
        await storage.storeExperiment(crypto.randomUUID(), record({ experimentName, name, state }));
      const names = async (filters: ExperimentFilters) =>
        (await storage.listExperiments({ experimentName, ...filters })).items.map(({ name }) => name).sort();
      expect(await names({})).toEqual(['Needle', 'hay', 'hay stack']);
      expect(await names({ state: 'finished' })).toEqual(['Needle', 'hay']);
      expect(await names({ name: 'NEEDLE' })).toEqual(['Needle']);
      expect(await names({ state: 'running', name: 'hay' })).toEqual(['hay stack']);
      expect(await storage.listExperiments({ experimentName: 'none of this name' })).toEqual({
        items: [],
        nextCursor: null,
      });
    });

    it('are paged newest first, each once', async () => {
      const storage = await open();
      const experimentName = `paged ${crypto.randomUUID()}`;
      for (let index = 0; index < 7; index++)
        await storage.storeExperiment(crypto.randomUUID(), record({ experimentName, name: `run ${index}` }));
      const pages: string[][] = [];
      const starts: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await storage.listExperiments({ experimentName, limit: 3, ...(cursor !== null && { cursor }) });
        pages.push(page.items.map(({ name }) => name));
        starts.push(...page.items.map(({ startedAt }) => startedAt));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
      expect(new Set(pages.flat()).size).toBe(7);
      expect(starts).toEqual(starts.toSorted().reverse());
    });

    it('keep what was measured of a training that diverged', async () => {
      const id = crypto.randomUUID();
      const storage = await open();
      await storage.storeExperiment(id, record({ metrics: { loss: Number.NaN } }));
      expect((await storage.getExperiment(id))?.metrics).toEqual({ loss: Number.NaN });
    });

    it('are refused when they are none, and so are limits and cursors', async () => {
      const storage = await open();
      const refused = [
        storage.storeExperiment('7', record()),
        storage.storeExperiment(crypto.randomUUID(), record({ metrics: { auc: 'high' as unknown as number } })),
        storage.storeExperiment(crypto.randomUUID(), record({ name: '' })),
        storage.listExperiments({ limit: 0 }),
        storage.listExperiments({ cursor: 'x' }),
      ];
      for (const one of refused)
        await expect(one).rejects.toMatchObject({
          code: expect.stringMatching(/^(invalid-value|validation-failed|invalid-cursor)$/),
        });
    });
  });
}
