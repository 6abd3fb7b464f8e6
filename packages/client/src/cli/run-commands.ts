import type { Command } from 'commander';
import { findExperiment } from '../experiments/find-experiment.js';
import type { Act } from './command-io.js';
import { NotFoundError } from './exit-code.js';
import { type ListOptions, readList, withPaging } from './read-list.js';

/** Adds the commands about trainings and experiments. */
export function addRunCommands(program: Command, act: Act): void {
  const columns = ['id', 'modelName', 'state', 'stage', 'progress', 'createdAt'];
  withPaging(program.command('runs'))
    .description('training runs, newest first')
    .action(
      act('viewer', (client, options: ListOptions) => readList(client, 'listTrainingRuns', {}, options), { columns }),
    );
  program
    .command('run <id>')
    .description('one training run')
    .action(act('viewer', (client, id: string) => client.call('getTrainingRun', { params: { id } })));
  program
    .command('cancel <id>')
    .description('stop a training run')
    .action(act('operator', (client, id: string) => client.call('cancelTrainingRun', { params: { id } })));
  const experiments = withPaging(program.command('experiments'))
    .description('experiments, newest first')
    .action(
      act('viewer', (client, options: ListOptions) => readList(client, 'listExperiments', {}, options), {
        columns: ['id', 'name', 'createdAt'],
      }),
    );
  withPaging(experiments.command('runs <experiment>'))
    .description('runs of an experiment, by its name, newest first')
    .action(
      act(
        'viewer',
        async (client, name: string, options: ListOptions) => {
          const id = await findExperiment(client, name);
          if (id === undefined) throw new NotFoundError(`there is no experiment ${name}`);
          return await readList(client, 'listRuns', { query: { experiment_id: id } }, options);
        },
        { columns: ['id', 'name', 'state', 'metrics', 'startedAt'] },
      ),
    );
  experiments
    .command('run <id>')
    .description('one run of an experiment')
    .action(act('viewer', (client, id: string) => client.call('getRun', { params: { id } })));
}
