import { Prisma } from '@gimbal/db';
import type { SearchCondition, SearchField } from '@gimbal/domain';
import { runUuid } from '../ids.js';
import { PARENT_RUN_TAG, RUN_NAME_TAG } from '../tracking/run-json.js';
import { allOf, compareNumber, compareText, compareTime } from './compare.js';

/** MLflow's id of a run. */
export const runIdText = (id: Prisma.Sql): Prisma.Sql => Prisma.sql`replace(${id}::text, '-', '')`;

/** Where the files of run `r` are, as MLflow is told. */
export const runArtifactUri: Prisma.Sql = Prisma.sql`(
  SELECT coalesce(regexp_replace(x.artifact_location, '/$', ''), 'mlflow-artifacts:/' || x.number) || '/' || ${runIdText(Prisma.sql`r.id`)} || '/artifacts'
  FROM experiments x WHERE x.id = r.experiment_id)`;

/** What a filter asks of run `r`. */
export const runConditions = (conditions: readonly SearchCondition[]): Prisma.Sql =>
  allOf(conditions.map(runCondition));

function runCondition(condition: SearchCondition): Prisma.Sql {
  const { kind, key } = condition;
  if (kind === 'metric') return latestMetricExists(key, [condition]);
  if (kind === 'parameter' || kind === 'tag') return entryCondition(condition);
  if (kind === 'dataset') return datasetCondition(condition);
  return attributeCondition(condition);
}

/** What is asked of the value of a metric, for the table or alias `m`. */
export const metricConditions = (conditions: readonly SearchCondition[]): Prisma.Sql =>
  allOf(conditions.map((condition) => compareNumber(Prisma.sql`m.value`, condition)));

const latestMetricExists = (key: string, conditions: readonly SearchCondition[]): Prisma.Sql => Prisma.sql`EXISTS (
  SELECT 1 FROM run_latest_metrics m WHERE m.run_id = r.id AND m.key = ${key} AND ${metricConditions(conditions)})`;

/** The table of parameters or of tags. */
export const entriesOf = ({ kind }: Pick<SearchField, 'kind'>): Prisma.Sql =>
  kind === 'parameter' ? Prisma.sql`run_params` : Prisma.sql`run_tags`;

/** The name of run `r` and the run it is nested in, which MLflow's clients know as tags, are columns here. */
const TAG_COLUMNS: Readonly<Record<string, Prisma.Sql>> = {
  [RUN_NAME_TAG]: Prisma.sql`r.name`,
  [PARENT_RUN_TAG]: Prisma.sql`coalesce(${runIdText(Prisma.sql`r.parent_run_id`)},
    (SELECT t.value FROM run_tags t WHERE t.run_id = r.id AND t.key = ${PARENT_RUN_TAG}))`,
};

function entryCondition(condition: SearchCondition): Prisma.Sql {
  const column = condition.kind === 'tag' ? tagColumn(condition.key) : undefined;
  if (column) return compareText(column, condition);
  const entry = Prisma.sql`SELECT 1 FROM ${entriesOf(condition)} t WHERE t.run_id = r.id AND t.key = ${condition.key}`;
  if (condition.operator === 'IS NULL') return Prisma.sql`NOT EXISTS (${entry})`;
  return Prisma.sql`EXISTS (${entry} AND ${compareText(Prisma.sql`t.value`, condition)})`;
}

/** The column that a tag is, if it is one. */
export const tagColumn = (key: string): Prisma.Sql | undefined =>
  Object.hasOwn(TAG_COLUMNS, key) ? TAG_COLUMNS[key] : undefined;

function datasetCondition(condition: SearchCondition): Prisma.Sql {
  const columns: Readonly<Record<string, Prisma.Sql>> = {
    name: Prisma.sql`d.name`,
    digest: Prisma.sql`d.digest`,
    context: Prisma.sql`i.tags ->> 'mlflow.data.context'`,
  };
  const column = columns[condition.key] ?? Prisma.sql`NULL`;
  return Prisma.sql`EXISTS (
    SELECT 1 FROM run_inputs i JOIN used_datasets d ON d.id = i.dataset_id
    WHERE i.run_id = r.id AND ${compareText(Prisma.sql`(${column})`, condition)})`;
}

function attributeCondition(condition: SearchCondition): Prisma.Sql {
  const { key, operator } = condition;
  if (key === 'start_time') return compareTime(Prisma.sql`r.started_at`, condition);
  if (key === 'end_time') return compareTime(Prisma.sql`r.ended_at`, condition);
  if (key === 'run_name') return compareText(Prisma.sql`r.name`, condition);
  if (key === 'user_id') return compareText(Prisma.sql`r.user_name`, condition);
  if (key === 'status') return compareText(runStatus, condition);
  if (key === 'artifact_uri') return compareText(runArtifactUri, condition);
  if (operator === '=' || operator === 'IN') return Prisma.sql`r.id = ANY(${idsNamed(condition)}::uuid[])`;
  return compareText(runIdText(Prisma.sql`r.id`), condition);
}

export const runStatus: Prisma.Sql = Prisma.sql`upper(r.state::text)`;

/** The ids that a condition names, as we write them; what is not MLflow's id of a run names none. */
export function idsNamed({ value }: SearchCondition): string[] {
  const ids = Array.isArray(value) ? value : [String(value)];
  return ids.flatMap((id) => runUuid(id) ?? []);
}
