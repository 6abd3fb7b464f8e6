import type {
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
  TextCardRecord,
  TextFit,
  TextModel,
} from '@gimbal/learning';

/** One unit of work for a worker thread, in plain data; datasets lie in shared memory. */
export type LearningTask =
  | ({ readonly kind: 'fold' } & FoldRequest)
  /** A whole cross-validation, of which only the score matters. */
  | ({ readonly kind: 'trial'; readonly folds: readonly Fold[] } & Omit<FoldRequest, 'fold'>)
  /** What a person should know of a dataset before anything is learned from it. */
  | { readonly kind: 'check'; readonly dataset: Dataset; readonly foldCount: number }
  /** Whether rows to judge by also stand among those to learn from. */
  | { readonly kind: 'check-split'; readonly dataset: Dataset; readonly holdout: Holdout }
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
  /** Judges a model on rows that it did not learn from, with all that a person may want to see of it. */
  | ({
      readonly kind: 'report';
      readonly dataset: Dataset;
      readonly rows: Int32Array;
      /** To the rows, as those of an export. */
      readonly answers: Float32Array;
      /** Of a binary or anomaly model; null of every other one. */
      readonly threshold: number | null;
      readonly about: CardAbout;
    } & Pick<ModelCardRecord, 'model' | 'ranked' | 'calibration' | 'seed'>)
  | ({ readonly kind: 'fit-text' } & Omit<FitTextRequest, 'hooks'>)
  /** Writes the ONNX file of a text model, runs it on texts and compares it with the kernel. */
  | { readonly kind: 'export-text'; readonly model: TextModel; readonly texts: readonly string[] }
  /** Runs the ONNX file of a text model. */
  | {
      readonly kind: 'score-text';
      readonly file: Uint8Array;
      readonly texts: readonly string[];
      readonly classCount: number;
    }
  | ({ readonly kind: 'report-text' } & Omit<TextCardRecord, 'hooks'>);

/** What each kind of task gives. */
export interface LearningResults {
  readonly fold: FoldResult;
  /** The mean over folds of what the task is selected by; null where nothing is labelled. */
  readonly trial: number | null;
  readonly check: DataCheck[];
  readonly 'check-split': DataCheck[];
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
  readonly report: {
    readonly card: ModelCard;
    /** The card as a page. */
    readonly page: string;
  };
  readonly 'fit-text': TextFit;
  readonly 'export-text': LearningResults['export'];
  /** Texts x classes. */
  readonly 'score-text': Float32Array;
  readonly 'report-text': LearningResults['report'];
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
  | { readonly type: 'failed'; readonly code: string; readonly detail: string };
