import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { GimbalClient } from '../gimbal-client.js';
import type { Act } from './command-io.js';
import { fileForm } from './file-form.js';
import { readNumber } from './read-number.js';

/** Adds the commands that carry models from one installation to another, and those about how long versions are kept. */
export function addUpkeepCommands(program: Command, act: Act): void {
  program
    .command('export <model> <file>')
    .description('write a model with its versions, runs, files, aliases and history into one signed file (tar)')
    .action(act('operator', save));
  program
    .command('import <file>')
    .description('take in an exported model, all of it or nothing; nothing goes live by it')
    .option('--as <name>', 'another name than the one in the file')
    .option(
      '--key-id <id>',
      'of the key that signed it, when that is not one of this registry (`gimbal versions verify` shows it there)',
    )
    .action(act('admin', takeIn));
  const retention = program.command('retention').description('how long versions are kept');
  retention
    .command('show <model>')
    .description('the policy of a model')
    .action(act('viewer', (client, model: string) => client.call('getRetention', { params: { model } })));
  retention
    .command('set <model>')
    .description('say how long versions of a model are kept; what is used always stays')
    .requiredOption('--keep-versions <number>', 'the newest so many stay')
    .requiredOption('--keep-days <number>', 'and all that are not older')
    .action(
      act('admin', (client, model: string, options: { keepVersions: string; keepDays: string }) => {
        const keepVersions = readNumber('--keep-versions', options.keepVersions);
        const keepDays = options.keepDays === '0' ? 0 : readNumber('--keep-days', options.keepDays);
        return client.call('putRetention', {
          params: { model },
          body: { keep_versions: keepVersions, keep_days: keepDays },
        });
      }),
    );
  retention
    .command('run')
    .description('tell which versions would go and why the others stay; remove them with --remove')
    .option('--model <name>', 'default: all that have a policy')
    .option('--remove', 'remove them')
    .action(
      act('admin', (client, { model, remove = false }: { model?: string; remove?: boolean }) =>
        client.call('runRetention', { body: { dry_run: !remove, ...(model !== undefined && { model }) } }),
      ),
    );
}

/** Under its name the file is there whole or not at all. */
async function save(client: GimbalClient, model: string, file: string): Promise<unknown> {
  const draft = `${file}.part`;
  try {
    await pipeline(Readable.fromWeb(await client.download('exportModel', { model })), createWriteStream(draft));
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return { model, file };
}

async function takeIn(
  client: GimbalClient,
  file: string,
  { as, keyId }: { as?: string; keyId?: string },
): Promise<unknown> {
  const metadata = { ...(as !== undefined && { as }), ...(keyId !== undefined && { key_id: keyId }) };
  return await client.upload('importModel', {}, await fileForm(metadata, file));
}
