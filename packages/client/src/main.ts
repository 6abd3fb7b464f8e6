import { readFileSync } from 'node:fs';
import { env, exit, stderr, stdout } from 'node:process';
import type { Role } from '@gimbal/contracts';
import { Command } from 'commander';
import { addBatchCommands } from './batch-commands.js';
import { addCardCommands } from './card-commands.js';
import { type ConnectionFlags, connect } from './connection.js';
import { addDatasetCommands } from './dataset-commands.js';
import type { CallInput, GimbalClient } from './gimbal-client.js';
import { addMonitoringCommands } from './monitoring-commands.js';
import { addTrainCommand } from './train-command.js';

// `gimbal ... | head` closes the pipe when it has seen enough: that is no failure.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  exit(0);
});

const program = new Command('gimbal')
  .description('Command line of Gimbal; every command prints JSON.')
  .option(
    '--url <address>',
    'gateway (default: GIMBAL_URL, or the installation in --home)',
    env['GIMBAL_URL'] || undefined,
  )
  .option('--home <folder>', 'folder of the local installation', env['GIMBAL_HOME'] || '.gimbal');

/** Runs one command with a client of the role it needs and prints the answer. */
function act<A extends unknown[]>(role: Role, work: (client: GimbalClient, ...args: A) => Promise<unknown>) {
  return async (...args: A): Promise<void> => {
    const { url, home } = program.opts<{ url?: string; home: string }>();
    const flags: ConnectionFlags = {
      home,
      ...(url === undefined ? {} : { url }),
      ...(env['GIMBAL_API_KEY'] ? { apiKey: env['GIMBAL_API_KEY'] } : {}),
    };
    stdout.write(`${JSON.stringify(await work(connect(flags, role), ...args), null, 2)}\n`);
  };
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));

addTrainCommand(program, act);
program
  .command('runs')
  .description('training runs, newest first')
  .action(act('viewer', (client) => client.call('listTrainingRuns', {})));
program
  .command('run <id>')
  .description('one training run')
  .action(act('viewer', (client, id: string) => client.call('getTrainingRun', { params: { id } })));
program
  .command('cancel <id>')
  .description('stop a training run')
  .action(act('operator', (client, id: string) => client.call('cancelTrainingRun', { params: { id } })));
program
  .command('models')
  .description('models')
  .action(act('viewer', (client) => client.call('listModels', {})));
program
  .command('versions <model>')
  .description('versions of a model')
  .action(act('viewer', (client, model: string) => client.call('listVersions', { params: { model } })));
program
  .command('predict <model> <file>')
  .description('predict {"rows": [...]} from a JSON file, or - for standard input')
  .action(
    act('predictor', (client, model: string, file: string) =>
      client.predict(`/api/v1/models/${encodeURIComponent(model)}/predict`, readJson(file)),
    ),
  );
program
  .command('explain <model> <file>')
  .description('explain the predictions of {"rows": [...]} from a JSON file, or - for standard input')
  .action(
    act('predictor', (client, model: string, file: string) => {
      const body = readJson(file) as CallInput<'explainModel'>['body']; // the gateway checks it
      return client.call('explainModel', { params: { model }, body });
    }),
  );
addMonitoringCommands(program, act, readJson);
program
  .command('incidents')
  .description('what the agent saw and concluded')
  .action(act('viewer', (client) => client.call('listIncidents', {})));
program
  .command('actions')
  .description('what the agent proposed and did')
  .action(act('viewer', (client) => client.call('listActions', {})));
program
  .command('approve <action>')
  .description('approve a proposal')
  .requiredOption('--comment <text>')
  .action(
    act('approver', (client, id: string, options: { comment: string }) =>
      client.call('approveAction', { params: { id }, body: options }),
    ),
  );
program
  .command('reject <action>')
  .description('reject a proposal')
  .requiredOption('--comment <text>')
  .action(
    act('approver', (client, id: string, options: { comment: string }) =>
      client.call('rejectAction', { params: { id }, body: options }),
    ),
  );
program
  .command('verify-audit')
  .description('check the audit chain')
  .action(act('viewer', (client) => client.call('verifyAudit', {})));
addCardCommands(program, act);
addDatasetCommands(program, act, readJson);
addBatchCommands(program, act);

try {
  await program.parseAsync();
} catch (error) {
  stderr.write(`gimbal: ${error instanceof Error ? error.message : String(error)}\n`);
  exit(1);
}
