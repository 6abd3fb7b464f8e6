import './native-arrays.js';
import { OpenStatistics, type PredictCall, PredictedRows } from '@gimbal/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerOf, OpenServing, outputsOf, PATIENT, tensor } from './open-serving.js';

let serving: OpenServing;
beforeAll(async () => {
  serving = await OpenServing.start();
});
afterAll(() => serving?.stop());

describe('an inference', () => {
  it('answers flat and nested tensors alike, with id, version and the id of the prediction', async () => {
    const said = await serving.infer({ id: 'mine', inputs: [tensor([...PATIENT, 40, null, 3])] });
    const answer = answerOf(said);
    expect(answer).toMatchObject({ id: 'mine', model_name: 'heart-disease', model_version: '1' });
    expect(answer.parameters['prediction_id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.outputs).toMatchObject([
      { name: 'label', datatype: 'INT64', shape: [2] },
      {
        name: 'probability',
        datatype: 'FP32',
        shape: [2],
        data: [serving.probabilityOf(PATIENT), serving.probabilityOf([40, Number.NaN, 3])],
      },
    ]);
    const nested = await serving.infer({
      inputs: [tensor([...PATIENT, 40, null, 3], { data: [PATIENT, [40, null, 3]] })],
    });
    expect(answerOf(nested).outputs).toEqual(answer.outputs);
    expect(answerOf(nested).id).toBeUndefined();
  });

  it('takes one tensor for each column, of any numeric datatype, and knows what is missing', async () => {
    const column = (name: string, datatype: string, data: unknown[]) => ({
      name,
      datatype,
      shape: [data.length],
      data,
    });
    const said = await serving.infer({
      inputs: [
        column('thal', 'UINT8', [7, 3]),
        column('age', 'INT64', [63, 40]),
        { name: 'chol', datatype: 'FP64', shape: [2, 1], data: [[233], [null]] },
      ],
    });
    const expected = [serving.probabilityOf(PATIENT), serving.probabilityOf([40, Number.NaN, 3])];
    expect(outputsOf(said)['probability']?.data).toEqual(expected);
    const without = await serving.infer({ inputs: [column('age', 'FP32', [63]), column('thal', 'FP32', [7])] });
    expect(outputsOf(without)['probability']?.data).toEqual([serving.probabilityOf([63, Number.NaN, 7])]);
  });

  it('answers what was asked for, in that order, of the version that was named', async () => {
    const said = await serving.infer(
      { inputs: [tensor(PATIENT)], outputs: [{ name: 'probability' }] },
      { route: 'openInferVersion', params: { model: 'heart-disease', version: '2' } },
    );
    expect(answerOf(said).model_version).toBe('2');
    expect(Object.keys(outputsOf(said))).toEqual(['probability']);
    expect(outputsOf(said)['probability']?.data).toEqual([serving.probabilityOf(PATIENT, 2)]);
  });

  it('takes a priority and a timeout', async () => {
    const parameters = { priority: 1, timeout: 30_000_000 };
    expect((await serving.infer({ parameters, inputs: [tensor([42, 210, 6])] })).status).toBe(200);
  });

  it('names the most probable classes', async () => {
    const probability = serving.predict(PATIENT);
    const outputs = [{ name: 'probability', parameters: { classification: 2 } }];
    const [classified] = answerOf(await serving.infer({ inputs: [tensor(PATIENT)], outputs })).outputs;
    expect(classified).toMatchObject({ datatype: 'BYTES', shape: [1, 2] });
    const best = probability >= 0.5 ? 1 : 0;
    expect(classified?.data).toEqual([
      expect.stringMatching(`^0\\.\\d+:${best}$`),
      expect.stringMatching(/^0\.\d+:\d$/),
    ]);
  });

  it('has an id for each row that counts on from the first, as documented', async () => {
    const { body } = await serving.client.predictRows([
      { age: 63, chol: 233, thal: 7 },
      { age: 40, thal: 3 },
    ]);
    const [one = '', two] = PredictedRows.parse(body).results.map(({ predictionId }) => predictionId);
    const counted = (Number.parseInt(one.slice(-8), 16) + 1) >>> 0;
    expect(two).toBe(one.slice(0, -8) + counted.toString(16).padStart(8, '0'));
  });

  it('is counted: requests, rows and runs of its version, and what failed', async () => {
    const statsOf = async (route: PredictCall['route'], params = {}) =>
      OpenStatistics.parse((await serving.look(route, params)).body).model_stats;
    const live = { model: 'heart-disease', version: '1' };
    const [before] = await statsOf('openVersionStatistics', live);
    await serving.infer({ inputs: [tensor([...PATIENT, 41, 200, 3])] });
    await serving.infer({ inputs: [tensor([null, 200, 3])] });
    const [after] = await statsOf('openVersionStatistics', live);
    const grown = (of: (stats: NonNullable<typeof before>) => number) => of(after!) - of(before!);
    expect([
      grown((stats) => stats.inference_count),
      grown((stats) => stats.execution_count),
      grown((stats) => stats.inference_stats.success.count),
      grown((stats) => stats.inference_stats.fail.count),
      grown((stats) => stats.inference_stats.compute_infer.count),
    ]).toEqual([2, 1, 1, 1, 1]);
    expect(grown((stats) => stats.inference_stats.compute_infer.ns)).toBeGreaterThan(0);
    expect(after!.batch_stats.map(({ batch_size }) => batch_size)).toContain(2);
    expect((await statsOf('openModelStatistics', { model: 'heart-disease' })).map(({ version }) => version)).toEqual([
      '1',
      '2',
    ]);
    expect(await statsOf('openStatistics')).toHaveLength(2);
  });
});
