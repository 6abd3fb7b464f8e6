import type { ServedVersion, TrainingRun } from '@gimbal/contracts';
import { checkExpectations, DomainError, type ExpectedTable } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import { DatasetService } from '../data/dataset.service.js';
import type { LoadedData } from '../data/read-parts.js';
import { Database } from '../database/database.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import { chooseLabelledRows, joinChosen, type LabelledChoice } from '../labelled/choose-labelled-rows.js';
import { readLabelledRows } from '../labelled/labelled-rows.repository.js';
import type { RunWatch } from './run-watch.js';
import { inputsOf, labelsOf } from './training-set.js';

type Expectations = TrainingRun['expectations'];

/** The data of a run, all expectations met. */
export interface PreparedData {
  readonly data: LoadedData;
  /** Null when no labelled predictions were asked for. */
  readonly choice: LabelledChoice | null;
}

/** Loads what a run learns from and holds it against the dataset's definition. */
@Injectable()
export class PrepareDataService {
  constructor(
    private readonly datasets: DatasetService,
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: TrainingConfig,
  ) {}

  /**
   * Broken rows of labelled predictions are left out and counted; broken files are refused.
   * @param live the version whose answers the candidate will be held against
   * @throws DomainError `dataset-not-found`; `dataset-invalid` naming every expectation that is not met
   */
  async prepare(
    run: ClaimedRun,
    { live, seed }: { readonly live: ServedVersion | null; readonly seed: number },
    watch: RunWatch,
  ): Promise<PreparedData> {
    await watch.enter('loading-data');
    const { dataset, parts } = run.data;
    const data = await this.datasets.load(dataset, parts ?? this.datasets.partsOf(dataset).slice(0, 1), watch);
    await watch.note({ dataOrigin: data.origin });
    const choice = await this.chooseLabelled(run, data, { live, seed });
    await watch.enter('validating-data');
    const expectations = [...data.expectations, ...(choice ? checkLabelled(data, choice) : [])];
    await watch.note({ expectations });
    refuseBroken(expectations);
    return { data, choice };
  }

  private async chooseLabelled(
    { modelName, data: { labelledUntil, recentFrom } }: ClaimedRun,
    data: LoadedData,
    { live, seed }: { readonly live: ServedVersion | null; readonly seed: number },
  ): Promise<LabelledChoice | null> {
    if (labelledUntil === undefined) return null;
    const rows = await readLabelledRows(this.database.reader, {
      model: modelName,
      until: new Date(labelledUntil),
      rowsMax: this.config.training.labelledRowsMax,
    });
    return chooseLabelledRows({
      rows,
      columns: inputsOf(data.definition),
      base: { table: data.table.columns, labels: labelsOf(data) },
      liveVersion: live?.version ?? null,
      recentFrom: recentFrom === undefined ? null : new Date(recentFrom),
      seed,
    });
  }
}

/** The suite of the files over the labelled rows that are used, and what was left out of them. Their number is no expectation: there may be few. */
function checkLabelled({ definition }: LoadedData, choice: LabelledChoice): Expectations {
  const table: ExpectedTable = joinChosen(choice);
  const results = checkExpectations(table, { columns: inputsOf(definition), rowsMin: 0, duplicateShareMax: 1 });
  const { found, refused, known, repeated } = choice.counts;
  return [
    ...results.map((result) => ({ ...result, expectation: `labelled-${result.expectation}` })),
    {
      expectation: 'labelled-rows-usable',
      column: null,
      passed: true,
      measured: { found, refused, known, repeated, used: found - refused - known - repeated },
      expected: { refused: 'left out', known: 'left out', repeated: 'left out' },
    },
  ];
}

/** @throws DomainError `dataset-invalid`, naming every expectation that is not met */
export function refuseBroken(expectations: readonly Expectations[number][]): void {
  const failures = expectations.filter(({ passed }) => !passed);
  if (failures.length === 0) return;
  const described = failures.map(
    ({ expectation, column, measured, expected }) =>
      `${column ?? 'table'}: ${expectation} is ${JSON.stringify(measured)}, expected ${JSON.stringify(expected)}`,
  );
  throw new DomainError('dataset-invalid', `${failures.length} expectations are not met. ${described.join('; ')}`);
}
