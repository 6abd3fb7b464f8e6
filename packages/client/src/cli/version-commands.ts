import type { Command } from 'commander';
import { type CallInput, type CallOutput, type GimbalClient } from '../gimbal-client.js';
import type { Act } from './command-io.js';
import { readJson } from './read-input.js';
import { type ListOptions, readList, withPaging } from './read-list.js';
import { readNumber } from './read-number.js';
import { addRegisterCommand } from './register-command.js';
import { verifyManifest } from './verify-manifest.js';

type VersionsQuery = NonNullable<CallInput<'searchVersions'>['query']>;
type Rows = NonNullable<CallInput<'comparePredictions'>['body']['rows']>;

const COLUMNS = ['modelName', 'version', 'stage', 'framework', 'algorithm', 'accuracy', 'aliases', 'createdAt'];

/** Adds `gimbal versions ...`. */
export function addVersionCommands(program: Command, act: Act): void {
  const versions = withPaging(program.command('versions <model>'))
    .description('versions of a model, newest first')
    .action(
      act(
        'viewer',
        (client, model: string, options: ListOptions) =>
          readList(client, 'listVersions', { params: { model } }, options),
        { columns: COLUMNS },
      ),
    );
  addRegisterCommand(versions, act);
  withPaging(versions.command('search'))
    .description('versions of all models that fulfil everything that is asked')
    .option('--framework <name>')
    .option('--stage <stage>', 'training, staging, production or archived')
    .option('--alias <name>')
    .option('--metric <name>', 'of the evaluation or of its run; with --min, --max or both')
    .option('--min <number>')
    .option('--max <number>')
    .option('--tag <tag>', 'key or key=value')
    .option('--text <text>', 'in the name of the model or the description')
    .option('--served <word>', 'true or false: whether serving can run it')
    .action(
      act(
        'viewer',
        (client, { limit, all, ...query }: ListOptions & Omit<VersionsQuery, 'limit'>) =>
          readList(client, 'searchVersions', { query }, { limit, all }),
        { columns: COLUMNS },
      ),
    );
  const named =
    (work: (client: GimbalClient, params: { model: string; version: number }) => Promise<unknown>) =>
    (client: GimbalClient, model: string, version: string) =>
      work(client, { model, version: readNumber('version', version) });
  versions
    .command('show <model> <version>')
    .description('one version')
    .action(
      act(
        'viewer',
        named((client, params) => client.call('getVersion', { params })),
      ),
    );
  versions
    .command('lineage <model> <version>')
    .description('what a version was made from and what came of it')
    .option('--direction <word>', 'origins, effects or both', 'both')
    .action(act('viewer', showLineage, { columns: ['from', 'relation', 'to'] }));
  const compareMeasured = act('viewer', (client, model: string, ...pair: [string, string]) =>
    client.call('compareVersions', { params: { model }, query: { versions: readPair(...pair).join() } }),
  );
  const comparePredicted = act('predictor', comparePredictions);
  versions
    .command('compare <model> <first> <second>')
    .description(
      'metrics, parameters, signature and importance of two versions; with --rows what they say of the same rows',
    )
    .option('--rows [file]', 'JSON {"rows": [...]} or - (default: those that the model was asked last)')
    .action((model: string, first: string, second: string, { rows }: { readonly rows?: string | true }) =>
      rows === undefined ? compareMeasured(model, first, second) : comparePredicted(model, first, second, rows),
    );
  versions
    .command('verify <model> <version>')
    .description("check the signature of a version's manifest here, against the registry's public keys")
    .action(
      act(
        'viewer',
        named((client, params) => verifyManifest(client, params)),
      ),
    );
  versions
    .command('sign <model> <version>')
    .description("sign a version's manifest anew with the present key, after its file was checked")
    .action(
      act(
        'admin',
        named((client, params) => client.call('renewManifest', { params })),
      ),
    );
}

interface ShownEdge {
  readonly from: string;
  readonly relation: string;
  readonly to: string;
}

/** The edges by the labels of their ends; the whole graph for programs is `GET .../lineage`. */
async function showLineage(
  client: GimbalClient,
  model: string,
  version: string,
  { direction }: { readonly direction: 'origins' | 'effects' | 'both' },
): Promise<readonly ShownEdge[]> {
  const params = { model, version: readNumber('version', version) };
  const { nodes, edges }: CallOutput<'getLineage'> = await client.call('getLineage', { params, query: { direction } });
  const labels = new Map(nodes.map(({ id, kind, label }) => [id, `${kind} ${label}`]));
  return edges.map(({ from, relation, to }) => ({
    from: labels.get(from) ?? from,
    relation,
    to: labels.get(to) ?? to,
  }));
}

const readPair = (first: string, second: string): [number, number] => [
  readNumber('first', first),
  readNumber('second', second),
];

/** @param rows a file of rows, or true: those that the model was asked last */
async function comparePredictions(
  client: GimbalClient,
  model: string,
  first: string,
  second: string,
  rows: string | true,
): Promise<unknown> {
  const sent = rows === true ? undefined : (readJson(rows) as { readonly rows: Rows }); // the gateway checks it
  const body = { versions: readPair(first, second), ...sent };
  return await client.call('comparePredictions', { params: { model }, body });
}
