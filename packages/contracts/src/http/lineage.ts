import { z } from 'zod';
import { wire } from '../wire.js';
import { DataOrigin } from './dataset.js';
import { Id, RegisteredModelName, Sha256, Timestamp, VersionNumber } from './fields.js';

/** In the order in which one leads to the next. */
export const LINEAGE_KINDS = [
  'dataset',
  'training-run',
  'run',
  'logged-model',
  'version',
  'deployment',
  'predictions',
  'assessment',
  'drift-report',
  'agent-action',
] as const;
export const LineageKind = z.enum(LINEAGE_KINDS);
export type LineageKind = z.output<typeof LineageKind>;

/** One thing that a version came from, or that came from it. */
export const LineageNode = wire({
  /** `kind:key`, unique in the graph. */
  id: z.string(),
  kind: LineageKind,
  /** For people, such as `heart-disease 3`. */
  label: z.string(),
  /** When it came to be or began. */
  at: Timestamp.nullable(),
  /** When it ended; null while it goes on, and for what has no end. */
  until: Timestamp.nullable(),
  /** What else is known of it, by kind. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type LineageNode = z.output<typeof LineageNode>;

/** From the earlier to the later: `from` was there first. */
export const LineageEdge = wire({
  from: z.string(),
  to: z.string(),
  relation: z.enum([
    'read-by',
    'recorded-as',
    'logged',
    'registered-as',
    'trained-into',
    'deployed-as',
    'answered',
    'judged-in',
    'found',
    'led-to',
    'asked-for',
  ]),
});
export type LineageEdge = z.output<typeof LineageEdge>;

export const LineageQuery = wire({
  /** `origins`: what the version was made from; `effects`: what came of it. */
  direction: z.enum(['origins', 'effects', 'both']).default('both'),
  /** Nodes of each kind, the newest ones. */
  limit: z.coerce.number().pipe(z.int().min(1).max(200)).default(50),
});
export type LineageQuery = z.output<typeof LineageQuery>;

/** Everything a version was made from, and what came of it: as a graph, and in short. */
export const Lineage = wire({
  modelName: RegisteredModelName,
  version: VersionNumber,
  datasetDigest: Sha256.nullable(),
  dataOrigin: DataOrigin.nullable(),
  trainingRunId: Id.nullable(),
  runId: Id.nullable(),
  codeVersion: z.string(),
  parents: z.array(VersionNumber),
  children: z.array(VersionNumber),
  decisions: z.array(
    wire({ decisionId: z.string(), kind: z.string(), actor: z.string(), reason: z.string(), at: Timestamp }),
  ),
  nodes: z.array(LineageNode),
  edges: z.array(LineageEdge),
  /** Kinds of which there are more than were asked for. */
  cut: z.array(LineageKind),
});
export type Lineage = z.output<typeof Lineage>;
