import type { Command } from 'commander';
import type { GimbalClient } from '../gimbal-client.js';
import type { Act } from './command-io.js';
import { fileForm } from './file-form.js';
import { readJson } from './read-input.js';
import { type ListOptions, readList, withPaging } from './read-list.js';

interface UploadOptions {
  readonly name: string;
  readonly target?: string;
  readonly description?: string;
  readonly definition?: string;
  readonly delimiter?: string;
  readonly decimal?: string;
  readonly encoding?: string;
  readonly header?: string;
}

/** Adds `gimbal datasets ...`. */
export function addDatasetCommands(program: Command, act: Act): void {
  const listed = act('viewer', (client, options: ListOptions) => readList(client, 'listDatasets', {}, options), {
    columns: ['name', 'latestVersion', 'description', 'createdAt'],
  });
  const datasets = withPaging(program.command('datasets')).description('tables that are learned from').action(listed);
  withPaging(datasets.command('list')).description('datasets, newest first').action(listed);
  datasets
    .command('upload <file>')
    .description('add a CSV or Parquet file as a version; what its columns mean is inferred')
    .requiredOption('--name <name>', 'dataset')
    .option('--target <column>', 'what is to be predicted; without it nothing is (anomaly detection)')
    .option('--description <text>')
    .option('--definition <file>', 'JSON with what is known of the columns and the target')
    .option('--delimiter <sign>', 'of CSV: , ; | or a tab (found by itself)')
    .option('--decimal <sign>', 'of CSV: . or , (found by itself)')
    .option('--encoding <name>', 'of CSV: utf-8 or latin1')
    .option('--header <word>', 'of CSV: present or absent (found by itself)')
    .action(act('operator', (client, file: string, options: UploadOptions) => upload(client, file, options)));
  datasets
    .command('show <name>')
    .description('a version: definition, profile, warnings, expectations')
    .option('--version <number>', 'default: the latest')
    .action(
      act('viewer', async (client, name: string, { version }: { version?: string }) => {
        const number = version ?? (await client.call('getDataset', { params: { name } })).latestVersion;
        return await client.call('getDatasetVersion', { params: { name, version: Number(number) } });
      }),
    );
  withPaging(datasets.command('versions <name>'))
    .description('versions of a dataset, newest first')
    .action(
      act('viewer', (client, name: string, options: ListOptions) =>
        readList(client, 'listDatasetVersions', { params: { name } }, options),
      ),
    );
  datasets
    .command('diff <name> <from> <to>')
    .description('what became of a dataset between two versions')
    .action(
      act('viewer', (client, name: string, from: string, to: string) =>
        client.call('diffDataset', { params: { name }, query: { from, to } }),
      ),
    );
  datasets
    .command('define <name> <version> <file>')
    .description('correct the definition of a version with a JSON file; columns that it does not name keep theirs')
    .option('--reason <text>')
    .action(act('operator', define));

  async function define(
    client: GimbalClient,
    name: string,
    version: string,
    file: string,
    { reason }: { reason?: string },
  ): Promise<unknown> {
    const params = { name, version: Number(version) };
    const { definitionRevision: revision } = await client.call('getDatasetVersion', { params });
    // The gateway checks the form; here it is whatever the file holds.
    const definition = readJson(file) as Parameters<typeof client.call<'putTableDefinition'>>[1]['body']['definition'];
    return await client.call('putTableDefinition', {
      params,
      body: { revision, definition, ...(reason !== undefined && { reason }) },
    });
  }
}

/** Streams the file: it is never held whole. */
async function upload(
  client: GimbalClient,
  file: string,
  { delimiter, decimal, encoding, header, definition, ...metadata }: UploadOptions,
): Promise<unknown> {
  const parts = { delimiter, decimal, encoding, header };
  const isDeclared = Object.values(parts).some((part) => part !== undefined);
  const known = {
    ...metadata,
    ...(isDeclared && { form: parts }),
    ...(definition !== undefined && { definition: readJson(definition) }),
  };
  return await client.upload('addDataset', {}, await fileForm(known, file));
}
