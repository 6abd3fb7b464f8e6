import { writeFile } from 'node:fs/promises';
import { allRows, type Dataset, fitModel, predict } from '@gimbal/learning';
import { type BenchTable, readBenchTable, readFolds } from '../tables/bench-table.js';
import type { BenchAnswer, BenchRequest } from './requests.js';

async function measureSpan(work: () => void): Promise<BenchAnswer> {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpu_seconds: (user + system) / 1e6,
    wall_seconds: (performance.now() - wall) / 1000,
    peak_mib: process.resourceUsage().maxRSS / 1024,
  };
}

function copyAnswers(answers: Float64Array, rows: Int32Array, target: Float64Array, width: number): void {
  rows.forEach((row, i) => void target.set(answers.subarray(i * width, (i + 1) * width), row * width));
}

const widthOf = ({ task, classes }: Dataset): number => (task === 'multiclass-classification' ? classes.length : 1);

/** The kernel as a side of the benchmark: answers one request after another, each table read once. */
export function createAnswerer(): (request: BenchRequest) => Promise<BenchAnswer> {
  const tables = new Map<string, BenchTable>();
  return async (request) => {
    const table = tables.get(request.table) ?? (await readBenchTable(request.table));
    tables.set(request.table, table);
    const { dataset } = table;
    const { algorithm, parameters: hyperparameters, seed } = request;
    const fit = (rows: Int32Array) => fitModel({ dataset, rows, algorithm, hyperparameters, seed });
    if (request.do === 'fit') return measureSpan(() => void fit(allRows(dataset)));
    const width = widthOf(dataset);
    const answers = new Float64Array(dataset.rowCount * width);
    const parts =
      request.do === 'validate' ? readFolds(table) : [{ trainRows: allRows(dataset), testRows: allRows(dataset) }];
    const answer = await measureSpan(() => {
      for (const { trainRows, testRows } of parts) {
        copyAnswers(predict(fit(trainRows), dataset, testRows), testRows, answers, width);
      }
    });
    await writeFile(request.answers, answers);
    return answer;
  };
}
