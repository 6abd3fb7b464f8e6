import type { MlflowHandlers, MlflowRequest } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { readRunId } from '../ids.js';
import { invalidParameter, notThere } from '../mlflow-error.js';
import { checkRunActive } from './check-active.js';
import { checkLength } from './check-names.js';
import { RUN_NAME_TAG } from './run-json.js';
import { type LinkOutcome, type LoggedInput, RunLinkRows } from './run-links.repository.js';

const INPUTS_MAX = 1_000;
/** The longest texts of a used table, as MLflow's own tables hold them. */
const DATASET_MAX = { name: 500, digest: 36, source: 65_535, schema: 1_048_575, profile: 16_777_215 } as const;
const INPUT_TAG_MAX = { key: 255, value: 500 } as const;

const ModelJson = z.looseObject({
  artifact_path: z.unknown(),
  flavors: z.record(z.string(), z.unknown()),
  utc_time_created: z.unknown(),
  run_id: z.unknown(),
});
/** What the history of logged models keeps of a model, beside its flavors. */
const MODEL_JSON_KEPT = ['run_id', 'utc_time_created', 'artifact_path', 'model_uuid'] as const;

/** What runs read and made, and what is taken from them. */
@Injectable()
export class RunLinkHandlers {
  readonly handlers: MlflowHandlers<'deleteTag' | 'logInputs' | 'logOutputs' | 'logModel'> = {
    deleteTag: (request) => this.deleteTag(request),
    logInputs: (request) => this.logInputs(request),
    logOutputs: (request) => this.logOutputs(request),
    logModel: async ({ run_id, model_json }) => {
      const id = readRunId({ run_id });
      checkRunActive(id, await this.rows.addLoggedModel(id, JSON.stringify([readModelJson(model_json)])));
      return {};
    },
  };

  constructor(private readonly rows: RunLinkRows) {}

  private async deleteTag({ run_id, key }: MlflowRequest<'deleteTag'>): Promise<object> {
    const id = readRunId({ run_id });
    if (key === RUN_NAME_TAG)
      throw invalidParameter(`The tag ${RUN_NAME_TAG} is the name of the run; give it another one.`);
    const outcome = await this.rows.deleteTag(id, key);
    checkRunActive(id, outcome);
    if (!outcome.had) throw notThere(`No tag with name: ${key} in run with id ${run_id}`);
    return {};
  }

  private async logInputs({ run_id, datasets, models }: MlflowRequest<'logInputs'>): Promise<object> {
    const id = readRunId({ run_id });
    if (datasets.length > INPUTS_MAX || models.length > INPUTS_MAX)
      throw invalidParameter(`A call can log at most ${INPUTS_MAX} datasets and ${INPUTS_MAX} models.`);
    // Of a table that is named twice the first counts.
    const inputs = new Map(
      datasets
        .map(readInput)
        .toReversed()
        .map((input) => [JSON.stringify([input.name, input.digest]), input]),
    );
    return checkLinked(
      id,
      await this.rows.addInputs(id, [...inputs.values()], [...new Set(models.map(({ model_id }) => model_id))]),
    );
  }

  private async logOutputs({ run_id, models }: MlflowRequest<'logOutputs'>): Promise<object> {
    const id = readRunId({ run_id });
    if (models.length === 0)
      throw invalidParameter(
        "Missing value for required parameter 'models'. See the API docs for more information about request parameters.",
      );
    if (models.length > INPUTS_MAX) throw invalidParameter(`A call can log at most ${INPUTS_MAX} models.`);
    const steps = new Map(models.map(({ model_id, step = 0n }) => [model_id, step]));
    return checkLinked(id, await this.rows.addOutputs(id, steps));
  }
}

function checkLinked(id: string, outcome: LinkOutcome | undefined): object {
  checkRunActive(id, outcome);
  if (outcome.missing !== null) throw notThere(`Logged model with ID '${outcome.missing}' not found.`);
  return {};
}

function readInput({ dataset, tags }: MlflowRequest<'logInputs'>['datasets'][number]): LoggedInput {
  for (const [member, max] of Object.entries(DATASET_MAX))
    checkLength(member, dataset[member as keyof typeof DATASET_MAX] ?? '', max); // a constant's own keys
  for (const { key, value = '' } of tags) {
    checkLength('key', key, INPUT_TAG_MAX.key);
    checkLength('value', value, INPUT_TAG_MAX.value);
  }
  const { name, digest, source_type, source, schema = '', profile = '' } = dataset;
  const entries = tags.map(({ key, value = '' }) => [key, value]);
  return { name, digest, source_type, source, schema, profile, tags: Object.fromEntries(entries) };
}

/** @throws MlflowError when the text is not the description of a model */
function readModelJson(text: string): object {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalidParameter('Malformed model info. It is not a valid JSON.');
  }
  const model = ModelJson.safeParse(json);
  if (!model.success) {
    const missing = model.error.issues.map(({ path }) => `'${String(path[0] ?? 'model')}'`);
    throw invalidParameter(`Model json is missing mandatory fields: {${missing.join(', ')}}`);
  }
  const kept = MODEL_JSON_KEPT.flatMap((key) => (key in model.data ? [[key, model.data[key]]] : []));
  return { ...Object.fromEntries(kept), flavors: model.data.flavors };
}
