import { expect } from '@jest/globals';
import type { AskMlflow } from './mlflow-call.js';

/** What the tests of models and versions ask for again and again. */
export const modelCalls = (ask: AskMlflow) => ({
  create: (name: string, members: object = {}) => ask('POST', 'registered-models/create', { name, ...members }),
  addVersion: (name: string, members: object = {}) =>
    ask('POST', 'model-versions/create', { name, source: 's3://bucket/model', ...members }),
  getModel: (name: string) => ask('GET', 'registered-models/get', { name }),
  getVersion: (name: string, version: string) => ask('GET', 'model-versions/get', { name, version }),
  setStage: (name: string, version: string, stage: string, archive_existing_versions = false) =>
    ask('POST', 'model-versions/transition-stage', { name, version, stage, archive_existing_versions }),
});
export type ModelCalls = ReturnType<typeof modelCalls>;

/** Of an answer that refuses. */
export const refusal = (status: number, error_code: string, message: string | RegExp) => ({
  status,
  body: { error_code, message: typeof message === 'string' ? message : expect.stringMatching(message) },
});
