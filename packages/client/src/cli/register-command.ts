import type { Command } from 'commander';
import type { GimbalClient } from '../gimbal-client.js';
import type { Act } from './command-io.js';
import { UsageError } from './exit-code.js';
import { fileForm } from './file-form.js';
import { readJson } from './read-input.js';

interface RegisterOptions {
  readonly metadata?: string;
  readonly algorithm?: string;
  readonly signature?: string;
  readonly evaluation?: string;
  readonly threshold?: string;
  readonly run?: string;
  readonly description?: string;
}

/** Adds `gimbal versions register`. */
export function addRegisterCommand(versions: Command, act: Act): void {
  versions
    .command('register <model> <file>')
    .description('register an ONNX file as the next version of a model; it is not live by that')
    .option('--metadata <file>', 'JSON with all that is known of it, or -; the options below replace parts of it')
    .option('--algorithm <name>', 'what learned it, such as random-forest')
    .option('--signature <file>', 'JSON: task, inputs in the order of the file, target')
    .option('--evaluation <file>', 'JSON: what was measured on rows that the model has not seen')
    .option('--threshold <number>', 'probability from which the answer is 1 (default: 0.5)')
    .option('--run <id>', 'of the experiment that it came from')
    .option('--description <text>')
    .action(act('operator', register));
}

/** The gateway says what is missing or wrong. */
async function register(
  client: GimbalClient,
  model: string,
  file: string,
  { metadata, algorithm, signature, evaluation, threshold, run, description }: RegisterOptions,
): Promise<unknown> {
  const known = metadata === undefined ? {} : readJson(metadata);
  if (typeof known !== 'object' || known === null) throw new UsageError('--metadata must be a JSON object');
  const asked = {
    ...known,
    ...(algorithm !== undefined && { algorithm }),
    ...(signature !== undefined && { signature: readJson(signature) }),
    ...(evaluation !== undefined && { evaluation: readJson(evaluation) }),
    ...(threshold !== undefined && { threshold: Number(threshold) }),
    ...(run !== undefined && { run_id: run }),
    ...(description !== undefined && { description }),
  };
  return await client.upload('registerVersion', { model }, await fileForm(asked, file));
}
