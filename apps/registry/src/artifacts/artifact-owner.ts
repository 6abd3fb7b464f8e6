import type { DatabaseReader, DatabaseTransaction } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';

/** What files belong to: a run, by its uuid, or a logged model, by its `m-` id. */
export interface ArtifactOwner {
  readonly kind: 'run' | 'logged-model';
  readonly id: string;
}

/** The sentences are MLflow's: its clients show and compare them. */
const notFound = ({ kind, id }: ArtifactOwner): DomainError =>
  kind === 'run'
    ? new DomainError('run-not-found', `Run with id=${id.replaceAll('-', '')} not found`)
    : new DomainError('model-not-found', `Logged model with ID '${id}' not found.`);

const isDeleted = ({ kind, id }: ArtifactOwner): DomainError =>
  new DomainError(
    'validation-failed',
    `The ${kind === 'run' ? `run ${id.replaceAll('-', '')}` : `logged model ${id}`} must be in the 'active' state. Current state is deleted.`,
  );

/** The experiment of an owner. */
export interface OwnersExperiment {
  readonly number: bigint;
  /** Where its files are when not in the artifact store. */
  readonly artifactLocation: string | null;
}

/**
 * The experiment of an owner whose files may be read. Those of a deleted one may: versions that were made of a run outlive it.
 * @param experiment its number, where the caller named one
 * @throws DomainError `run-not-found`, `model-not-found` when it is not there or of another experiment
 */
export async function requireOwner(
  db: DatabaseReader,
  owner: ArtifactOwner,
  experiment?: bigint,
): Promise<OwnersExperiment> {
  return (await findOwner(db, owner, experiment)).experiment;
}

/** Checks that the files of an owner may be changed. @throws DomainError as {@link requireOwner}; `validation-failed` when it is deleted */
export async function requireActiveOwner(db: DatabaseReader, owner: ArtifactOwner, experiment?: bigint): Promise<void> {
  const { lifecycle } = await findOwner(db, owner, experiment);
  if (lifecycle === 'deleted') throw isDeleted(owner);
}

async function findOwner(db: DatabaseReader, owner: ArtifactOwner, experiment?: bigint) {
  const query = {
    where: { id: owner.id },
    select: { lifecycle: true, experiment: { select: { number: true, artifactLocation: true } } },
  } as const;
  const found = await (owner.kind === 'run' ? db.run.findUnique(query) : db.loggedModel.findUnique(query));
  if (!found || (experiment !== undefined && found.experiment.number !== experiment)) throw notFound(owner);
  return found;
}

/** Makes the writers of one owner's files take turns. @throws DomainError as {@link requireActiveOwner} */
export async function lockOwner(tx: DatabaseTransaction, owner: ArtifactOwner): Promise<void> {
  const { kind, id } = owner;
  const [found] = await (kind === 'run'
    ? tx.$queryRaw<{ lifecycle: string }[]>`SELECT lifecycle::text FROM runs WHERE id = ${id}::uuid FOR NO KEY UPDATE`
    : tx.$queryRaw<
        { lifecycle: string }[]
      >`SELECT lifecycle::text FROM logged_models WHERE id = ${id} FOR NO KEY UPDATE`);
  if (!found) throw notFound(owner);
  if (found.lifecycle === 'deleted') throw isDeleted(owner);
}
