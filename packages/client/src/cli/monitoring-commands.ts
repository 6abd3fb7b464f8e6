import type { Command } from 'commander';
import type { CallInput, GimbalClient } from '../gimbal-client.js';
import type { Act } from './command-io.js';
import { NotFoundError } from './exit-code.js';
import { readJson, readText } from './read-input.js';
import { type ListOptions, readList, withPaging } from './read-list.js';

/** Metrics of one assessment are written together, and are fewer than this. */
const METRICS_MAX = 100;

/** The metrics of the latest assessment of a model, whatever its task. @throws NotFoundError when none was done yet */
async function readPerformance(client: GimbalClient, model: string): Promise<unknown> {
  const { items } = await client.call('listPerformance', { query: { model, limit: METRICS_MAX } });
  const [latest] = items;
  if (!latest) throw new NotFoundError(`${model} was not assessed yet: gimbal assess ${model}`);
  const { assessmentId, modelVersion, createdAt } = latest;
  const together = items.filter((item) => item.assessmentId === assessmentId);
  return {
    ...{ model, version: modelVersion, assessmentId, assessedAt: createdAt },
    metrics: Object.fromEntries(
      together
        .map(
          ({ metricName, metricValue, low, high, metadata }) =>
            [metricName, { value: metricValue, low, high, ...Object(metadata) }] as const,
        )
        .sort(([one], [other]) => (one < other ? -1 : 1)),
    ),
  };
}

/** Adds the commands about what came true and how models do. */
export function addMonitoringCommands(program: Command, act: Act): void {
  program
    .command('labels <file>')
    .alias('label')
    .description('report what came true: {"labels": [{"prediction_id", "actual"}]} from a JSON file, or -')
    .action(
      act('predictor', (client, file: string) => {
        const body = readJson(file) as CallInput<'postLabels'>['body']; // the gateway checks it
        return client.call('postLabels', { body });
      }),
    );
  program
    .command('assess <model>')
    .description("assess a model's current window")
    .action(act('operator', (client, model: string) => client.call('postAssessment', { body: { model } })));
  program
    .command('performance <model>')
    .description('metrics of the latest assessment with intervals and what they were at admission, whatever the task')
    .action(act('viewer', readPerformance));
  program
    .command('stats <model>')
    .description('what each loaded version of a model does, and where its time goes')
    .action(act('viewer', (client, model: string) => client.call('servedModelStatistics', { params: { model } })));
  program
    .command('replay <prediction>')
    .description('compute a logged prediction again by the version that answered, and compare bit by bit')
    .option('--receipt <file>', 'a receipt of it to be checked, or - for standard input')
    .action(
      act('viewer', (client, id: string, { receipt }: { receipt?: string }) =>
        client.call('replayPrediction', {
          params: { id },
          body: receipt === undefined ? {} : { receipt: readText(receipt).trim() },
        }),
      ),
    );
  withPaging(program.command('alerts'))
    .description('alerts, newest first')
    .action(
      act('viewer', (client, options: ListOptions) => readList(client, 'listAlerts', {}, options), {
        columns: ['id', 'severity', 'status', 'modelName', 'title', 'createdAt'],
      }),
    );
  const drift = withPaging(program.command('drift [model]'))
    .description('drift reports, newest first')
    .action(
      act(
        'viewer',
        (client, model: string | undefined, options: ListOptions) =>
          readList(client, 'listDriftReports', { query: model === undefined ? {} : { model } }, options),
        { columns: ['id', 'modelName', 'modelVersion', 'driftDetected', 'driftScore', 'driftedFeatures', 'createdAt'] },
      ),
    );
  drift
    .command('show <report>')
    .description('one report with the test of every feature')
    .action(act('viewer', (client, id: string) => client.call('getDriftReport', { params: { id } })));
}
