import type { SearchProgress, TrainingRun } from '@gimbal/contracts';

/** Digits of a score that people compare. */
const SCORE_DIGITS = 4;

function describeSearch({ trials, metric, best }: SearchProgress): string {
  const { budget, done, cut, failed } = trials;
  const apart = [...(cut > 0 ? [`${cut} cut`] : []), ...(failed > 0 ? [`${failed} failed`] : [])];
  const score = best ? `, best ${metric} ${best.score.toFixed(SCORE_DIGITS)} (${best.algorithm})` : '';
  return `${done + cut + failed} of ${budget} trials${apart.length > 0 ? ` (${apart.join(', ')})` : ''}${score}`;
}

/** One line on how far a training is. */
export function describeRun({ stage, progress, search }: Pick<TrainingRun, 'stage' | 'progress' | 'search'>): string {
  const line = `${stage} ${Math.round(progress * 100)} %`;
  return search ? `${line}, ${describeSearch(search)}` : line;
}
