import { env, stdout } from 'node:process';
import { Command } from 'commander';
import type { CallInput } from '../gimbal-client.js';
import { addAgentCommands } from './agent-commands.js';
import { addBatchCommands } from './batch-commands.js';
import { addCardCommands } from './card-commands.js';
import type { Act, View } from './command-io.js';
import { addCompletionCommands } from './completion-command.js';
import { type ConnectionFlags, connect } from './connection.js';
import { addDatasetCommands } from './dataset-commands.js';
import { addDoctorCommand } from './doctor-command.js';
import { EXIT } from './exit-code.js';
import { addLoginCommands } from './login-command.js';
import { addMlflowCommands } from './mlflow-commands.js';
import { addMonitoringCommands } from './monitoring-commands.js';
import { readJson } from './read-input.js';
import { addRegistryCommands } from './registry-commands.js';
import { render } from './render.js';
import { addRunCommands } from './run-commands.js';
import { addTrainCommand } from './train-command.js';
import { addUpkeepCommands } from './upkeep-commands.js';
import { addVersionCommands } from './version-commands.js';

/** Columns of a terminal that does not tell how many it has. */
const WIDTH_DEFAULT = 80;

interface GlobalOptions {
  readonly url?: string;
  readonly home?: string;
  readonly json?: true;
}

/** Where answers are printed. */
export type Terminal = Pick<typeof stdout, 'isTTY' | 'columns'> & { write(text: string): unknown };

/** The command line with all its commands. @param version of this program */
export function buildProgram(version: string, terminal: Terminal = stdout): Command {
  const program = new Command('gimbal')
    .description('Command line of Gimbal. Prints tables on a terminal, and JSON with --json or into a pipe.')
    .version(version, '-V, --program-version')
    .option(
      '--url <address>',
      'gateway (default: GIMBAL_URL, or where `gimbal login` was)',
      env['GIMBAL_URL'] || undefined,
    )
    .option(
      '--home <folder>',
      'folder of a local installation (default: GIMBAL_HOME, at last .gimbal)',
      env['GIMBAL_HOME'] || undefined,
    )
    .option('--json', 'print JSON on a terminal, too')
    .exitOverride();
  const print = (answer: unknown, view: View = {}): void => {
    const isForPeople = terminal.isTTY && !program.opts<GlobalOptions>().json;
    const text = isForPeople
      ? render(answer, view, terminal.columns || WIDTH_DEFAULT)
      : `${JSON.stringify(answer, null, 2)}\n`;
    terminal.write(text);
  };
  const act: Act =
    (role, work, view = {}) =>
    async (...args) => {
      const answer = await work(connect(flagsOf(program), role), ...args);
      print(answer, view);
      if (view.failsOn?.(answer)) process.exitCode = EXIT.failed;
    };
  addLoginCommands(program, print);
  addRegistryCommands(program, act);
  addVersionCommands(program, act);
  addUpkeepCommands(program, act);
  addRunCommands(program, act);
  addTrainCommand(program, act);
  addDatasetCommands(program, act);
  addPredictCommands(program, act);
  addBatchCommands(program, act);
  addCardCommands(program, act);
  addMonitoringCommands(program, act);
  addAgentCommands(program, act);
  addMlflowCommands(program, act);
  addAuditCommand(program, act);
  addDoctorCommand(program, act, version);
  addCompletionCommands(program, terminal);
  return program;
}

function flagsOf(program: Command): ConnectionFlags {
  const { url, home } = program.opts<GlobalOptions>();
  const apiKey = env['GIMBAL_API_KEY'];
  return { ...(url !== undefined && { url }), ...(home !== undefined && { home }), ...(apiKey && { apiKey }) };
}

function addPredictCommands(program: Command, act: Act): void {
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
}

function addAuditCommand(program: Command, act: Act): void {
  program
    .command('verify-audit')
    .description('check the audit chain')
    .action(act('viewer', (client) => client.call('verifyAudit', {})));
}
