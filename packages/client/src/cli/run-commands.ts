import type { Command } from 'commander';
import type { Act } from './command-io.js';
import { NotFoundError } from './exit-code.js';

/** Adds the commands about trainings and experiments. */
export function addRunCommands(program: Command, act: Act): void {
  const columns = ['id', 'modelName', 'state', 'stage', 'progress', 'createdAt'];
  program
    .command('runs')
    .description('training runs, newest first')
    .action(act('viewer', (client) => client.call('listTrainingRuns', {}), { columns }));
  program
    .command('run <id>')
    .description('one training run')
    .action(act('viewer', (client, id: string) => client.call('getTrainingRun', { params: { id } })));
  program
    .command('cancel <id>')
    .description('stop a training run')
    .action(act('operator', (client, id: string) => client.call('cancelTrainingRun', { params: { id } })));
  const experiments = program
    .command('experiments')
    .description('experiments, newest first')
    .action(act('viewer', (client) => client.call('listExperiments', {}), { columns: ['id', 'name', 'createdAt'] }));
  experiments
    .command('runs <experiment>')
    .description('runs of an experiment, by its name, newest first')
    .action(
      act(
        'viewer',
        async (client, name: string) => {
          const { items } = await client.call('listExperiments', { query: { name } });
          const [experiment] = items;
          if (!experiment) throw new NotFoundError(`there is no experiment ${name}`);
          return await client.call('listRuns', { query: { experiment_id: experiment.id } });
        },
        { columns: ['id', 'name', 'state', 'metrics', 'startedAt'] },
      ),
    );
  experiments
    .command('run <id>')
    .description('one run of an experiment')
    .action(act('viewer', (client, id: string) => client.call('getRun', { params: { id } })));
}
