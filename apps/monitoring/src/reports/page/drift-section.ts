import type { DriftAssessment, FeatureDrift, ShareDrift } from '@gimbal/domain';
import { drawDistribution } from './distribution-chart.js';
import { drawEffects } from './effect-chart.js';
import { figure, percent, pValue, score } from './format-number.js';
import { html, type SafeHtml } from './html.js';

export const LEGEND = html`<p class="legend"><span><svg viewBox="0 0 26 12"><rect class="f-ref" width="26" height="12" rx="2"/></svg>reference</span>
<span><svg viewBox="0 0 26 12"><rect class="f-cur" width="26" height="12" rx="2"/></svg>window</span></p>`;

/** Drift of the inputs, feature by feature: chart of effects, table of tests, distributions side by side. */
export function renderDrift(drift: DriftAssessment | null, referenceNote: string): SafeHtml {
  if (drift === null)
    return html`<section><h2>Drift of the inputs</h2><p>There is no reference profile: what the inputs looked like in training is not known.</p></section>`;
  const { options } = drift;
  return html`<section><h2>Drift of the inputs</h2>
<p>${referenceNote} A feature has drifted when its two-sample test is significant after Benjamini-Hochberg correction over all features
(p ≤ ${options.significance}) <strong>and</strong> its effect is larger than chance shows in a window of this size. Drift alone is no damage: the performance section tells.</p>
<p class="legend"><span><svg viewBox="0 0 26 12"><rect class="f-band" width="26" height="12"/></svg>no-drift band (${percent(options.bandLevel)} of undrifted windows)</span>
<span><svg viewBox="0 0 26 12"><path class="s-limit" d="M13 0v12"/></svg>limit</span>
<span><svg viewBox="0 0 26 12"><circle class="f-none" cx="13" cy="6" r="5"/></svg>none</span>
<span><svg viewBox="0 0 26 12"><circle class="f-minor" cx="13" cy="6" r="5"/></svg>minor</span>
<span><svg viewBox="0 0 26 12"><circle class="f-moderate" cx="13" cy="6" r="5"/></svg>moderate</span>
<span><svg viewBox="0 0 26 12"><circle class="f-major" cx="13" cy="6" r="5"/></svg>major</span></p>
${drawEffects(drift.features)}
${renderTests(drift.features)}
<h3>Distributions</h3>${LEGEND}
<div class="grid">${drift.features.map(renderFeature)}</div></section>`;
}

/** Drift of the answers; empty when they were not compared. */
export function renderAnswerDrift({ prediction }: DriftAssessment): SafeHtml {
  if (prediction === null) return html`<p class="soft">The answers were not compared with the reference.</p>`;
  const { outputs, positiveShare } = prediction;
  return html`<div class="pair">${outputs.map(renderOutput)}
${positiveShare ? html`<div class="card"><h3>Share at or above the threshold</h3>${renderShare(positiveShare)}</div>` : null}</div>`;
}

const OUTPUTS: Readonly<Record<string, string>> = {
  probability: 'Probability answered',
  score: 'Score answered',
  value: 'Value answered',
  class: 'Class answered',
  confidence: 'Probability of the likeliest class',
};

function renderOutput({ feature, severity, bins, test, testReason, ...output }: FeatureDrift): SafeHtml {
  const title = OUTPUTS[feature] ?? feature;
  return html`<div class="card"><h3>${title} <span class="${severity}">${severity === 'none' ? '' : severity}</span></h3>
${bins.length === 0 ? html`<p>${testReason}</p>` : drawDistribution(bins, title.toLowerCase())}
${test ? html`<p>Distribution: ${testTitle({ test })} ${figure(test.statistic)}, corrected p ${pValue(test.adjustedPValue)}; PSI ${figure(distanceOf(output, 'population-stability-index'))}, JS ${figure(distanceOf(output, 'jensen-shannon'))}.</p>` : null}</div>`;
}

function renderShare({ reference, current, adjustedPValue, drifted, threshold }: ShareDrift): SafeHtml {
  return html`<p>${percent(current)} in the window, ${percent(reference)} in the reference: corrected p ${pValue(adjustedPValue)},
limit of the difference ${percent(threshold)}. <strong>${drifted ? 'Moved.' : 'Not moved beyond doubt.'}</strong></p>`;
}

const distanceOf = ({ distances }: Pick<FeatureDrift, 'distances'>, name: string): number | undefined =>
  distances.find((measure) => measure.name === name)?.statistic;

const testTitle = ({ test }: Pick<FeatureDrift, 'test'>): string =>
  test === null ? '–' : test.name === 'chi-square' ? `χ² (${test.dof ?? 0})` : 'KS';

function renderTests(features: readonly FeatureDrift[]): SafeHtml {
  const distance = (feature: FeatureDrift, name: string): string => figure(distanceOf(feature, name));
  const rows = features.map(
    (feature) => html`<tr><td class="strong">${feature.feature}</td>
<td class="${feature.severity} left">${feature.severity}</td>
<td>${feature.reference.usable}</td><td>${feature.current.usable}</td><td>${percent(shareOf(feature.current))}</td>
<td class="left">${testTitle(feature)}</td>
<td title="${feature.test?.statistic ?? ''}">${figure(feature.test?.statistic)}</td>
<td title="${feature.test?.pValue ?? ''}">${feature.test ? pValue(feature.test.pValue) : '–'}</td>
<td title="${feature.test?.adjustedPValue ?? ''}">${feature.test ? pValue(feature.test.adjustedPValue) : '–'}</td>
<td title="${feature.effect?.name ?? ''}">${figure(feature.effect?.statistic)}</td><td>${figure(feature.effect?.noDriftBand)}</td>
<td>${distance(feature, 'population-stability-index')}</td><td>${distance(feature, 'kullback-leibler')}</td>
<td>${distance(feature, 'jensen-shannon')}</td><td>${distance(feature, 'wasserstein')}</td></tr>`,
  );
  return html`${renderFindings(features)}<h3>Tests and distances</h3><div class="scroll"><table class="tight"><thead><tr><th>Feature</th><th class="left">Severity</th>
<th>n ref.</th><th>n</th><th>missing</th><th class="left">Test</th><th>statistic</th><th>p</th><th>p corr.</th><th>effect</th><th>band</th><th>PSI</th><th>KL</th><th>JS</th><th>Wasserst.</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function renderFindings(features: readonly FeatureDrift[]): SafeHtml {
  const rows = features.flatMap(({ feature, findings }) =>
    findings.map(
      ({
        kind,
        severity,
        share,
        detail,
      }) => html`<tr><td class="strong">${feature}</td><td class="${severity} left">${severity}</td>
<td class="left">${kind}</td><td>${percent(share)}</td><td class="wrap left">${detail}</td></tr>`,
    ),
  );
  if (rows.length === 0) return html`<p class="strong good-text">Nothing was found.</p>`;
  return html`<h3>Findings</h3><div class="scroll"><table class="tight"><thead><tr><th>Feature</th><th class="left">Severity</th><th class="left">What</th><th>share or effect</th><th class="left">Detail</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

const shareOf = ({ missing, rows }: FeatureDrift['current']): number => (rows === 0 ? 0 : missing / rows);

function renderFeature(feature: FeatureDrift): SafeHtml {
  const title = html`<h3>${feature.feature} <span class="${feature.severity}">${feature.severity === 'none' ? '' : feature.severity}</span></h3>`;
  if (feature.bins.length === 0)
    return html`<div class="card">${title}<p class="soft">Not compared: ${feature.testReason}; ${percent(shareOf(feature.current))} missing.</p></div>`;
  const effect = feature.effect
    ? `${feature.effect.name === 'total-variation' ? 'Total variation' : 'KS distance'} ${score(feature.effect.statistic)}, band ${score(feature.effect.noDriftBand)}`
    : feature.testReason;
  return html`<div class="card">${title}${drawDistribution(feature.bins, feature.feature)}<p class="soft small">${effect}</p></div>`;
}
