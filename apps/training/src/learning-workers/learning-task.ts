import type { DatasetVersion, Evaluation, ModelSignature } from '@gimbal/contracts';
import type { ReferenceProfile } from '@gimbal/domain';
import type {
  CalibrationChoice,
  Candidate,
  CardAbout,
  DataCheck,
  Dataset,
  FitTextRequest,
  Fold,
  FoldRequest,
  FoldResult,
  Holdout,
  Model,
  ModelCard,
  ModelCardRecord,
  ParityCertificate,
  SplitOptions,
  TextEvaluation,
  TextFit,
  TextModel,
  TextValidation,
  ValidationFigures,
} from '@gimbal/learning';
import type { LoadedTable, TableSource } from '../data/load-table.js';
import type { LoadedData, PartFiles, ReadParts } from '../data/read-parts.js';
import type { LabelledChoice } from '../labelled/choose-labelled-rows.js';
import type { FoldResults } from '../pipeline/fold-results.js';
import type { CandidateVerdict, JudgedCandidate } from '../pipeline/judge-candidate.js';
import type { SetOptions, TrainingSet } from '../pipeline/training-set.js';
import type { FoldGround } from '../search/plan-share.js';
import type { JudgedTable } from '../tables/judge-table.js';
import type { JudgedTextSet } from '../tables/judge-texts.js';
import type { ChosenLabels, ChosenTexts } from '../tables/text-set.js';

type TextFitting = ChosenLabels & Pick<FitTextRequest, 'seed'>;

/** One unit of work for a worker thread, in plain data; datasets and results with many numbers lie in shared memory. */
export type LearningTask =
  /** Reads and checks the rows of a registered dataset. */
  | ({ readonly kind: 'load' } & TableSource)
  | ({ readonly kind: 'fold' } & FoldRequest)
  /** A whole cross-validation, of which only the score matters. */
  | ({ readonly kind: 'trial'; readonly folds: readonly Fold[] } & Omit<FoldRequest, 'fold'>)
  /** What a person should know of a dataset before anything is learned from it. */
  | { readonly kind: 'check'; readonly dataset: Dataset; readonly foldCount: number }
  /** Rows to learn from and rows to judge by. */
  | ({ readonly kind: 'split'; readonly dataset: Dataset /** In (0, 1). */; readonly testShare: number } & SplitOptions)
  /** Whether rows to judge by also stand among those to learn from. */
  | { readonly kind: 'check-split'; readonly dataset: Dataset; readonly holdout: Holdout }
  | ({ readonly kind: 'plan-folds' /** Of the rows, in (0, 1]. */; readonly share: number } & FoldGround)
  /** Puts the folds of one candidate together. */
  | ({ readonly kind: 'validate'; readonly dataset: Dataset } & FoldResults)
  /** The same with calibrated answers, where that helps on rows that the calibration had no part in. */
  | ({ readonly kind: 'calibrate'; readonly dataset: Dataset } & FoldResults)
  | {
      readonly kind: 'fit';
      readonly dataset: Dataset;
      readonly rows: Int32Array;
      readonly algorithm: string;
      readonly hyperparameters: Readonly<Record<string, unknown>>;
      readonly seed: number;
      /** Threads that help, >= 0; default none. The model is the same with any number of them. */
      readonly helpers?: number;
    }
  /** Writes the ONNX file, runs it on `rows` and compares it with the kernel. */
  | {
      readonly kind: 'export';
      readonly model: Model;
      /** Of a binary or anomaly model; null of every other one. */
      readonly threshold: number | null;
      readonly dataset: Dataset;
      readonly rows: Int32Array;
    }
  /** Runs an ONNX file of the dataset's task on `rows`. */
  | { readonly kind: 'score'; readonly file: Uint8Array; readonly dataset: Dataset; readonly rows: Int32Array }
  /** Judges a model on rows that it did not learn from, alone and beside the live version, with all that a person may want to see of it. */
  | ({
      readonly kind: 'report';
      /** To the rows, as those of an export. */
      readonly answers: Float32Array;
      readonly definition: DatasetVersion['definition'];
      readonly about: CardAbout;
    } & Omit<JudgedTable, 'answers'> &
      Pick<ModelCardRecord, 'model' | 'ranked' | 'calibration'>)
  /** Fits the candidate `id` and judges it out of fold. */
  | ({ readonly kind: 'fit-text'; readonly id: string } & TextFitting & Pick<FitTextRequest, 'hyperparameters'>)
  /** A fit of a share of the texts, in (0, 1], of which only the score out of fold matters. */
  | ({ readonly kind: 'trial-text'; readonly candidate: Candidate; readonly share: number } & TextFitting)
  /** Writes the ONNX file of a text model, runs it on texts and compares it with the kernel. */
  | ({ readonly kind: 'export-text'; readonly model: TextModel } & ChosenTexts)
  /** Runs the ONNX file of a text model. */
  | ({ readonly kind: 'score-text'; readonly file: Uint8Array; readonly classCount: number } & ChosenTexts)
  /** As `report`, of a text model. */
  | ({ readonly kind: 'report-text'; readonly column: string; readonly about: CardAbout } & JudgedTextSet)
  /** Reads and checks the files of a described dataset. */
  | ({ readonly kind: 'read-parts' } & PartFiles)
  /** Puts the rows of a described dataset together and splits them. */
  | ({ readonly kind: 'build-set'; readonly data: LoadedData; readonly choice: LabelledChoice | null } & SetOptions)
  /** Judges a model of a described dataset. */
  | ({ readonly kind: 'judge' } & JudgedCandidate);

/** What each kind of task gives. */
export interface LearningResults {
  readonly load: LoadedTable;
  readonly fold: FoldResult;
  /** The mean over folds of what the task is selected by; null where nothing is labelled. */
  readonly trial: number | null;
  readonly check: DataCheck[];
  readonly split: Holdout;
  readonly 'check-split': DataCheck[];
  readonly 'plan-folds': Fold[];
  readonly validate: ValidationFigures;
  readonly calibrate: {
    readonly selected: ValidationFigures;
    /** The folds with answers as calibrated. */
    readonly results: readonly FoldResult[];
    readonly calibration: Pick<CalibrationChoice, 'calibration' | 'trials'>;
  };
  readonly fit: Model;
  readonly export: {
    readonly file: Uint8Array;
    readonly parity: ParityCertificate;
    /** What the runtime answered: probabilities, values or scores, row by row, one for each class in a multiclass task. */
    readonly answers: Float32Array;
    readonly runtime: string;
  };
  /** As the answers of an export. */
  readonly score: Float32Array;
  readonly report: Report & { readonly signature: ModelSignature };
  readonly 'fit-text': TextFit & { readonly validation: TextValidation };
  /** Macro-averaged F1, the mean over folds. */
  readonly 'trial-text': number;
  readonly 'export-text': LearningResults['export'];
  /** Texts x classes. */
  readonly 'score-text': Float32Array;
  readonly 'report-text': Report & { readonly details: TextEvaluation };
  readonly 'read-parts': ReadParts;
  readonly 'build-set': TrainingSet;
  readonly judge: CandidateVerdict;
}

/** How a model did on rows that it did not learn from. */
interface Report {
  readonly evaluation: Evaluation;
  /** What later windows are compared with. */
  readonly profile: ReferenceProfile;
  /** Everything that was measured, for people. */
  readonly card: ModelCard;
  /** The card as a page. */
  readonly page: string;
}

export type LearningResult = LearningResults[keyof LearningResults];

/** main -> worker. `stop[0]` becomes 1 when the task is no longer wanted. */
export interface TaskMessage {
  readonly task: LearningTask;
  readonly stop: Int32Array;
}

/** worker -> main. */
export type WorkerMessage =
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'done'; readonly result: LearningResult }
  /** By what the data are, of which a DomainError speaks. */
  | { readonly type: 'refused'; readonly code: string; readonly detail: string }
  | { readonly type: 'failed'; readonly code: string; readonly detail: string };
