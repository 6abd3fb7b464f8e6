import type { Ledger, Look, MirrorKind, Outcome, Task } from '../mirrored.js';
import { AliasTeller } from './alias.teller.js';
import { ExperimentTeller } from './experiment.teller.js';
import { LoggedModelTeller } from './logged-model.teller.js';
import { ModelTeller } from './model.teller.js';
import { RunTeller } from './run.teller.js';
import { VersionTeller } from './version.teller.js';

/** Tells the server how one entity is now. Safe to repeat, also when a crash cut it short. */
interface Teller {
  tell(task: Task, ledger: Ledger): Promise<Outcome>;
  /** How it is here and there, and nothing is changed; null when it is not here. */
  look(entityId: string, mlflowId: string | null): Promise<Look | null>;
}

/** Who tells of which kind. */
export type Tellers = Readonly<Record<MirrorKind, Teller>>;
export const TELLERS = Symbol('registry:mlflow-tellers');

export const TELLER_CLASSES = [
  ExperimentTeller,
  RunTeller,
  LoggedModelTeller,
  ModelTeller,
  VersionTeller,
  AliasTeller,
] as const;

export const provideTellers = {
  provide: TELLERS,
  inject: [...TELLER_CLASSES],
  useFactory: (
    ...[experiment, run, loggedModel, model, version, aliases]: [
      ExperimentTeller,
      RunTeller,
      LoggedModelTeller,
      ModelTeller,
      VersionTeller,
      AliasTeller,
    ]
  ): Tellers => ({ experiment, run, 'logged-model': loggedModel, model, 'model-version': version, aliases }),
};
