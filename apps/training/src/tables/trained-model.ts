import type { AlgorithmName, Evaluation, ModelSignature, TrainingWarning } from '@gimbal/contracts';
import type { ReferenceProfile } from '@gimbal/domain';
import type { ParityCertificate } from '@gimbal/learning';
import type { ArtifactFile } from '../clients/registry.client.js';
import type { CandidateEntry, ChildEntry, Point } from '../experiments/experiment-writer.service.js';

/** A model that has proved itself, whatever it learned from: what is recorded and registered of it. */
export interface TrainedModel {
  readonly algorithm: AlgorithmName;
  /** All of them, defaults included. */
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** In force from the first answer on; 0 where nothing is decided by one. */
  readonly threshold: number;
  readonly signature: ModelSignature;
  readonly onnx: Uint8Array;
  readonly parity: ParityCertificate;
  /** What ran the file for the parity. */
  readonly runtime: string;
  readonly evaluation: Evaluation;
  readonly profile: ReferenceProfile;
  readonly warnings: readonly TrainingWarning[];
  /** Best first; the first one was selected. */
  readonly candidates: readonly CandidateEntry[];
  /** What of a search was not written while it went on. */
  readonly trials: readonly ChildEntry[];
  /** What was measured on the holdout. */
  readonly points: readonly Point[];
  /** How it was trained, beside data and seed. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Files for people, beside the model and its profile. */
  readonly files: readonly ArtifactFile[];
}
