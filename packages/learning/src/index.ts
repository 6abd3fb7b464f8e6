export type { BinnedFeatures } from './binning/bin-features.js';
export { binStreamed } from './binning/bin-streamed.js';
export { type CalibrationChoice, type CalibrationTrial, chooseCalibration } from './calibration/choose-calibration.js';
export { fitIsotonic } from './calibration/fit-isotonic.js';
export { fitPlatt, type MarginSample } from './calibration/fit-platt.js';
export { fitTemperature } from './calibration/fit-temperature.js';
export { DATA_CHECKS, type DataCheck, type DataCheckCode } from './checks/check-codes.js';
export { type CheckRequest, checkDataset } from './checks/check-dataset.js';
export { checkSplit } from './checks/check-split.js';
export {
  allRows,
  createDataset,
  createFeatureTable,
  type Dataset,
  type DatasetSource,
  type Feature,
  type FeatureKind,
  type FeatureTable,
  type TableSource,
  type Task,
  takeTarget,
  takeWeights,
  toRowMajor,
} from './dataset/dataset.js';
export {
  type NestedFold,
  type NestedHoldout,
  planFolds,
  planNestedFolds,
  splitHoldout,
  splitNestedHoldout,
} from './dataset/split-rows.js';
export type { Fold, Holdout, SplitOptions, SplitStrategy } from './dataset/split-strategy.js';
export { rowBlocks, type StreamedTable, streamColumns, takeRows } from './dataset/streamed-table.js';
export {
  type BootstrapSettings,
  bootstrapMetrics,
  HEADLINE_METRICS,
  type MetricInterval,
} from './evaluation/bootstrap-metrics.js';
export { type CurveOptions, type CurvePoint, thinCurve, traceClassCurves, traceCurves } from './evaluation/curves.js';
export { type Evaluation, evaluate, type JudgedRows } from './evaluation/evaluate.js';
export { type AnomalyEvaluation, type AnomalyMetrics, evaluateAnomaly } from './evaluation/evaluate-anomaly.js';
export { type BinaryEvaluation, type BinaryMetrics, evaluateBinary } from './evaluation/evaluate-binary.js';
export {
  type ClassMetrics,
  evaluateMulticlass,
  type MulticlassEvaluation,
  type MulticlassMetrics,
} from './evaluation/evaluate-multiclass.js';
export {
  evaluateRegression,
  type RegressionBin,
  type RegressionEvaluation,
  type RegressionMetrics,
} from './evaluation/evaluate-regression.js';
export {
  evaluateSlices,
  type SliceEvaluation,
  type SliceReport,
  type SliceRequest,
} from './evaluation/evaluate-slices.js';
export { type TunedThreshold, tuneThreshold } from './evaluation/tune-threshold.js';
export {
  type ExplainedOutput,
  type Explanation,
  type ExplanationRequest,
  explainModel,
} from './explanation/explain-model.js';
export {
  type ShapImportance,
  type ShapImportanceRequest,
  type ShapReport,
  shapImportance,
} from './explanation/shap-importance.js';
export {
  ALGORITHM_ALIASES,
  ALGORITHM_TASKS,
  ALGORITHM_TITLES,
  ALGORITHMS,
  type Algorithm,
  algorithmsFor,
  parseAlgorithm,
} from './families/algorithm.js';
export { type FitModelRequest, fitModel, hyperparametersOf, resolveHyperparameters } from './families/fit-model.js';
export type { HyperparameterSpec, HyperparameterSpecs, Hyperparameters } from './families/hyperparameters.js';
export {
  type AnomalyThreshold,
  type AnomalyThresholdRequest,
  tuneAnomalyThreshold,
} from './families/isolation-forest/tune-anomaly-threshold.js';
export {
  type Calibration,
  countOutputs,
  KERNEL_VERSION,
  type LinearModel,
  type Model,
  type TreeEnsembleModel,
} from './families/model.js';
export { createPredictor, decideClasses, type Predictor, predict, predictMargins } from './families/predict.js';
export { decideLabels, predictProbability } from './families/predict-probability.js';
export { type FeatureImportance, gainImportance } from './importance/gain-importance.js';
export {
  type PermutationImportance,
  type PermutationRequest,
  permutationImportance,
} from './importance/permutation-importance.js';
export { LearningError, type LearningErrorCode } from './learning-error.js';
export {
  buildModelCard,
  type CardAbout,
  type ModelCardRecord,
  type RankedCandidate,
} from './model-card/build-model-card.js';
export { buildTextCard, type TextCardRecord } from './model-card/build-text-card.js';
export type { CardData, CardFinding, ModelCard } from './model-card/model-card.js';
export { renderModelCardHtml } from './model-card/render-model-card.js';
export { arrangeInputs, type OnnxInputs } from './onnx/arrange-inputs.js';
export {
  compareWithRuntime,
  PARITY_TOLERANCE,
  type ParityCertificate,
  type ParityRequest,
} from './onnx/compare-with-runtime.js';
export { type ExportOptions, exportOnnx } from './onnx/export-onnx.js';
export { type InputColumns, planInputs } from './onnx/input-nodes.js';
export { importOnnx } from './onnx/read-onnx.js';
export { ANSWER_OUTPUT, hasLabel, hasThreshold, ONNX_SIGNATURE } from './onnx/signature.js';
export { runTeamMember, type TeamStart, type ThreadTeam } from './parallel/thread-team.js';
export { createRandom, deriveSeed, type Random, shuffle } from './random/random.js';
export { evaluateText, type JudgedTexts, type TextEvaluation } from './text/evaluate-text.js';
export {
  type FitTextRequest,
  fitTextModel,
  type TextFit,
} from './text/fit-text-model.js';
export type { TextWarning } from './text/list-text-warnings.js';
export { cleanText } from './text/ngrams/split-text.js';
export { compareTextWithRuntime, type RuntimeTextAnswers } from './text/onnx/compare-text-with-runtime.js';
export { exportTextOnnx } from './text/onnx/export-text-onnx.js';
export { predictText, type TextAnswers } from './text/predict-text.js';
export type { LabelledTexts } from './text/read-texts.js';
export { ABSTAINED, type Abstention, TEXT_ALGORITHM, type TextModel } from './text/text-model.js';
export { resolveTextHyperparameters, TEXT_SPECS } from './text/text-specs.js';
export { type CandidateValidation, type TextValidation, validateTexts } from './text/validate-texts.js';
export { checkpoint, type TrainingHooks } from './training-hooks.js';
export { listSettings, type SettingRecord } from './tuning/list-settings.js';
export { type HalvingOptions, ROW_SHARE } from './tuning/plan-rungs.js';
export type { TrialValues } from './tuning/propose-trial.js';
export { createSearch, type Search } from './tuning/search.js';
export { type Dimension, parseSearchSpace, type SearchSpace, type TrialValue } from './tuning/search-space.js';
export type { SearchOptions, SearchState, Trial, TrialRecord } from './tuning/search-state.js';
export {
  assembleCrossValidation,
  type CrossValidation,
  crossValidate,
  type FoldEvaluation,
  type SummaryMetric,
  type ValidationHeader,
} from './validation/cross-validate.js';
export { type Direction, rankCandidates, SELECTION_METRICS, selectionMetric } from './validation/rank-candidates.js';
export { type Candidate, type FoldRequest, type FoldResult, runFold } from './validation/run-fold.js';
export { poolOutOfFold } from './validation/scored-folds.js';
export type { Spread, Summary } from './validation/spread.js';
export {
  type AnomalyValidation,
  assembleTaskValidation,
  crossValidateTask,
  dropRows,
  type MulticlassValidation,
  type RegressionValidation,
  type TaskValidation,
  type ValidationFigures,
} from './validation/task-validation.js';
