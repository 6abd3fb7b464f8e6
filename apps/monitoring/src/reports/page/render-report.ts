import { LOSS_TITLES, type MetricEstimate, type ShareComparison, showLoss } from '@gimbal/domain';
import type { AssessmentDetails } from '../../judgement/assessment-details.js';
import { LEGEND, renderAnswerDrift, renderDrift } from './drift-section.js';
import { figure, percent, score, time } from './format-number.js';
import { html, SafeHtml } from './html.js';
import { metricTitle } from './performance-charts.js';
import { renderPerformance } from './performance-section.js';
import { renderQuality } from './quality-section.js';
import { STYLE } from './style.js';

/** An assessment, as its page shows it. */
export interface ReportSubject {
  readonly assessmentId: string;
  readonly modelName: string;
  /** ISO 8601. */
  readonly requestedAt: string;
  readonly verdict: string;
  readonly summary: string;
  readonly details: AssessmentDetails;
}

const VERDICTS: Readonly<Record<string, { readonly title: string; readonly tone: string }>> = {
  healthy: { title: 'healthy', tone: 'good' },
  drift: { title: 'drift', tone: 'moderate' },
  degraded: { title: 'degraded', tone: 'major' },
  'data-fault': { title: 'data fault', tone: 'major' },
  insufficient: { title: 'too little to judge', tone: '' },
};

/**
 * The report of one assessment as one self-contained page: nothing is fetched, nothing runs, every text is escaped. It is made from the
 * stored numbers alone, so that the page and the JSON can't differ.
 */
export function renderReport(subject: ReportSubject): string {
  const { modelName, verdict, summary, details, requestedAt } = subject;
  const { version, window, drift, quality, performance, reference } = details;
  const shown = VERDICTS[verdict] ?? { title: verdict, tone: '' };
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${modelName} ${version ? `version ${version.version}` : ''}: ${shown.title}</title><style>${new SafeHtml(STYLE)}</style></head>
<body><main><header><p class="soft small">Health report · ${time(requestedAt)}</p>
<h1>${modelName}${version ? `, version ${version.version}` : ''} <span class="badge ${shown.tone}">${shown.title}</span></h1>
<p>${summary}</p></header>
${version?.dataOrigin === 'synthetic' ? html`<p class="notice">Synthetic data: this version was trained on a generated cohort. Its numbers say nothing about patients.</p>` : null}
${renderCards(details)}
${renderPerformance(performance, baselineNote(reference))}
${renderDrift(drift, referenceNote(reference, drift?.referenceRows ?? 0))}
${drift && window.assessedRows > 0 ? html`<section><h2>The answers</h2>${renderConfidence(details)}${LEGEND}${renderAnswerDrift(drift)}</section>` : null}
${renderQuality(quality)}
${renderMethod(details)}
<footer>Assessment <span class="mono">${subject.assessmentId}</span>. Every number of this page, in full precision, is at <span class="mono">/api/v1/assessments/${subject.assessmentId}</span>.</footer>
</main></body></html>`;
  return page.text;
}

function renderCards({ quality, drift, performance, predictions, window }: AssessmentDetails): SafeHtml {
  const [deciding] = performance?.losses ?? [];
  const cards = [
    {
      title: 'Data quality',
      word: quality?.verdict ?? 'unknown',
      tone: { ok: 'good', warning: 'minor', fault: 'major' }[quality?.verdict ?? 'ok'],
      text: `${quality?.findings.length ?? 0} findings in ${window.assessedRows} rows`,
    },
    {
      title: 'Drift',
      word: drift?.verdict ?? 'unknown',
      tone: { stable: 'good', minor: 'minor', drifted: 'moderate', insufficient: '' }[drift?.verdict ?? 'insufficient'],
      text: drift
        ? `${drift.driftedFeatures.length} of ${drift.featureCount} features moved, ${percent(drift.substantialShare)} substantially`
        : 'no reference',
    },
    {
      title: 'Performance',
      word: performance
        ? { healthy: 'holds', degraded: 'degraded', insufficient: 'unknown' }[performance.verdict]
        : 'unknown',
      tone: { healthy: 'good', degraded: 'major', insufficient: '' }[performance?.verdict ?? 'insufficient'],
      text: deciding
        ? `${LOSS_TITLES[deciding.loss]} ${showLoss(deciding.value)} against ${showLoss(deciding.baseline)}${beside(performance?.metrics ?? [])}`
        : `${window.labelledRows} labelled rows`,
    },
    {
      title: 'Answers',
      word: predictions?.verdict ?? 'unknown',
      tone: { normal: 'good', 'low-confidence': 'minor', anomalous: 'major', insufficient: '' }[
        predictions?.verdict ?? 'insufficient'
      ],
      text: predictions?.lowConfidence
        ? `${percent(predictions.lowConfidence.share)} unsure (likeliest class below ${percent(predictions.options.confidenceMin)})`
        : '–',
    },
  ];
  return html`<div class="cards">${cards.map(
    ({ title, word, tone, text }) =>
      html`<div class="card"><h3>${title} <span class="badge ${tone}">${word}</span></h3><p class="soft">${text}</p></div>`,
  )}</div>`;
}

/** The metric that people know a task by, beside the loss that decides. */
function beside(metrics: readonly MetricEstimate[]): string {
  const known = (['roc_auc', 'macro_f1', 'rmse'] as const).flatMap(
    (name) => metrics.find(({ metric }) => metric === name) ?? [],
  )[0];
  if (!known || known.value === null) return '';
  return `; ${metricTitle(known.metric)} ${showLoss(known.value)} against ${known.baseline === null ? '–' : showLoss(known.baseline)}`;
}

const referenceNote = (reference: AssessmentDetails['reference'], rows: number): string =>
  reference?.profileSource
    ? `The window is compared with the ${rows} training rows of version ${reference.profileSource.version}.`
    : '';

const baselineNote = (reference: AssessmentDetails['reference']): string =>
  reference?.baselineSource
    ? `The baseline is version ${reference.baselineSource.version} ${reference.baselineSource.from === 'profile' ? 'on rows it did not learn from' : 'as evaluated at registration (of the spread of its losses the largest possible is taken)'}.`
    : 'There is no baseline to compare with.';

function renderConfidence({ predictions, operations }: AssessmentDetails): SafeHtml | null {
  if (predictions === null) return null;
  const { lowConfidence, anomalies } = predictions;
  return html`<p>${lowConfidence && describeConfidence(lowConfidence)}
${anomalies.length === 0 ? 'No impossible or constant answers.' : html`<strong class="major">${anomalies.map(({ kind, detail }) => `${kind}: ${detail}`).join('; ')}.</strong>`}
Latency: median ${figure(operations?.latencyMsP50)} ms, 95th percentile ${figure(operations?.latencyMsP95)} ms, 99th ${figure(operations?.latencyMsP99)} ms.</p>`;
}

function describeConfidence({ share, interval, reference }: ShareComparison): string {
  const before = reference === null ? '' : `, ${percent(reference)} in the reference`;
  return `${percent(share)} of the answers are unsure (${percent(interval.lower)} to ${percent(interval.upper)})${before}.`;
}

function renderMethod(details: AssessmentDetails): SafeHtml {
  const { window, version, reference, seed } = details;
  const facts: [string, string][] = [
    [
      'Window',
      `${time(window.from)} to ${time(window.until)} (${window.kind === 'given' ? 'as asked' : 'the current window'})`,
    ],
    [
      'Rows',
      `${window.rows} predictions, ${window.assessedRows} looked at; ${window.labelledRows} labelled, ${window.assessedLabelledRows} scored`,
    ],
    ['Sampling', window.sampling === 'all' ? 'none: every row' : 'an even sample by the prediction id'],
    ['Labels count since', time(window.labelledFrom)],
    [
      'Answered by',
      window.byVersion.map(({ version: number, rows }) => `version ${number}: ${rows}`).join(', ') || '–',
    ],
  ];
  if (version) {
    const admitted =
      version.isAdmitted === null
        ? 'never judged by the gate'
        : version.isAdmitted
          ? 'admitted by the gate'
          : 'not admitted by the gate';
    facts.push([
      'Version',
      `${version.version}, ${version.chosenAs === 'live' ? 'the live one' : 'which answered most of the window'}; ${admitted}`,
    ]);
    facts.push(['Threshold in force', score(version.threshold)], ['Trained on', version.dataOrigin ?? 'not known']);
  }
  if (reference) facts.push(['Notes', reference.notes.join(' ') || '–']);
  facts.push(['Seed of the bootstrap', String(seed)]);
  return html`<section><h2>How this was computed</h2><div class="scroll"><table><tbody>${facts.map(
    ([name, value]) => html`<tr><td class="strong">${name}</td><td class="wrap left">${value}</td></tr>`,
  )}</tbody></table></div><details><summary>Limits</summary><div class="scroll"><table class="tight"><tbody>${limitRows(details)}</tbody></table></div></details></section>`;
}

/** In alphabetical order, because jsonb keeps none: the page must be the same whether it is made before or after storing. */
function limitRows({ drift, quality, performance, predictions }: AssessmentDetails): SafeHtml[] {
  const parts = { Drift: drift, 'Data quality': quality, Performance: performance, Answers: predictions };
  return Object.entries(parts).flatMap(([title, part]) =>
    Object.entries(part?.options ?? {})
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(
        ([name, value]) => html`<tr><td>${title}</td><td class="left mono">${name}</td><td>${String(value)}</td></tr>`,
      ),
  );
}
