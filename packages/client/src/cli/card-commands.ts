import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { GimbalClient } from '../gimbal-client.js';
import type { Act } from './command-io.js';

/** A file that the training of a version left in the version's run. @throws Error when the version came without a run */
async function readFileOf(client: GimbalClient, { model, version }: VersionName, path: string): Promise<string> {
  const { runId } = await client.call('getVersion', { params: { model, version } });
  if (runId === null) throw new Error(`version ${version} of ${model} was not trained here: it has no run`);
  return await client.call('getRunArtifact', { params: { id: runId }, query: { path } });
}

interface VersionName {
  readonly model: string;
  readonly version: number;
}

/** Adds `gimbal card` and `gimbal example`, for versions that learned from an uploaded table. */
export function addCardCommands(program: Command, act: Act): void {
  program
    .command('card <model> <version>')
    .description('model card of a version: what it is for, how well it does, where it does worse, what it goes by')
    .option('--html <file>', 'write the card as a page that needs nothing else')
    .action(
      act('viewer', async (client, model: string, version: string, { html }: { html?: string }) => {
        const name = { model, version: Number(version) };
        if (html === undefined) return JSON.parse(await readFileOf(client, name, 'model-card.json'));
        writeFileSync(html, await readFileOf(client, name, 'model-card.html'));
        return { html };
      }),
    );
  program
    .command('example <model> <version>')
    .description('rows that `gimbal predict <model> -` takes as they stand')
    .action(
      act('viewer', async (client, model: string, version: string) =>
        JSON.parse(await readFileOf(client, { model, version: Number(version) }, 'input-example.json')),
      ),
    );
}
