export { CsvReader, type CsvReadOptions } from './csv/csv-reader.js';
export { type ComparedVersion, diffVersions, type VersionDiff } from './diff/diff-versions.js';
export { checkDefinition, taskOf } from './inference/check-definition.js';
export { type InferenceOptions, type InferredTable, inferDefinition } from './inference/infer-definition.js';
export { checkTable } from './load/check-table.js';
export { readBoolean } from './load/column-builder.js';
export { openTexts, type PackedTexts } from './load/packed-texts.js';
export {
  type LearningTable,
  type StreamedLearningTable,
  shapeStreamedTable,
  shapeTable,
  type TableFeature,
} from './load/shape-table.js';
export {
  type InputStore,
  inputsOf,
  MemoryStore,
  type NumberColumn,
  type RawTable,
  TableBuilder,
  type TextColumn,
} from './load/table-builder.js';
export { type ByteSource, PARQUET_MARK, ParquetReader, type ParquetReadOptions } from './parquet/parquet-reader.js';
export type { ColumnFacts } from './profile/column-profiler.js';
export { TableProfiler } from './profile/table-profiler.js';
export { type ColumnBlock, type ColumnReading, MISSING, NUMBER, type TableBlock } from './table-block.js';
