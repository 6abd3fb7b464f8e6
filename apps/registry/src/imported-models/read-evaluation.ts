import type { Evaluation, Task, TaskScores } from '@gimbal/contracts';

/** What runs call the figures that the gate knows, by the name that they have here. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  accuracy: ['accuracy', 'accuracy_score', 'acc'],
  macro_f1: ['f1', 'f1_score', 'f1_macro', 'macro_f1'],
  macro_precision: ['precision', 'precision_score', 'precision_macro', 'macro_precision'],
  macro_recall: ['recall', 'recall_score', 'recall_macro', 'macro_recall'],
  roc_auc: ['roc_auc', 'roc_auc_score', 'auc'],
  log_loss: ['log_loss'],
  brier: ['brier', 'brier_score', 'brier_score_loss'],
  r2: ['r2', 'r2_score'],
  rmse: ['rmse', 'root_mean_squared_error'],
  mae: ['mae', 'mean_absolute_error'],
};
const KNOWN: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([name, spellings]) => spellings.map((spelling) => [spelling, name] as const)),
);
/** How runs say that a figure is of rows that the model has not seen. Figures of the training data (`training_…`) say nothing of a model. */
const HELD_OUT =
  /^(test|val|valid|validation|eval|evaluation|holdout|heldout)[_./-]|_(test|val|holdout|x_test|x_val)$/g;

/** The figure that the gate goes by, and what the best constant answer has in it. */
const PRIMARY: Readonly<Partial<Record<Task, Pick<TaskScores, 'primary' | 'constant'>>>> = {
  'binary-classification': { primary: 'macro_f1', constant: null },
  'multiclass-classification': { primary: 'macro_f1', constant: null },
  regression: { primary: 'r2', constant: 0 },
};

/**
 * The metrics of the run that made a model, as the evaluation that the gate judges; without the figure that it goes by there is none: a
 * version that nobody measured is not put live unasked.
 */
export function readEvaluation(task: Task, metrics: Readonly<Record<string, number>>): Evaluation | null {
  const values: Record<string, number> = {};
  for (const [key, value] of Object.entries(metrics)) {
    const name = KNOWN.get(key.toLowerCase().replaceAll(HELD_OUT, ''));
    if (name !== undefined && Number.isFinite(value)) values[name] = value;
  }
  const judged = PRIMARY[task];
  if (!judged || values[judged.primary] === undefined) return null;
  const rows = metrics['example_count'];
  return {
    holdout: null,
    scores: {
      rows: rows !== undefined && Number.isInteger(rows) && rows > 0 ? rows : 0,
      better: 'higher',
      ...judged,
      values,
      crossValidation: null,
    },
    crossValidation: null,
    versusLive: [],
  };
}
