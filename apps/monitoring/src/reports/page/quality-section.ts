import type { QualityAssessment, QualityFinding } from '@gimbal/domain';
import { figure, percent, pValue } from './format-number.js';
import { html, type SafeHtml } from './html.js';

/** What was wrong with the data, faults first, and what every feature showed. */
export function renderQuality(quality: QualityAssessment | null): SafeHtml {
  if (quality === null) return html`<section><h2>Data quality</h2><p>The window has no rows.</p></section>`;
  const { findings, features, options, duplicateRows, rows } = quality;
  return html`<section><h2>Data quality</h2>
<p>Invalid values (wrong type, outside the declared range or codes, zeros where none were, a stuck measurement) are a fault once they are beyond doubt
${percent(options.faultShareMin)} of a column or more. Everything else is a warning: the model may still be right about it, and only labels can tell. ${duplicateRows} of ${rows} rows repeat an earlier one.</p>
${findings.length === 0 ? html`<p class="strong good-text">Nothing was found.</p>` : renderFindings(findings)}
<details><summary>All ${features.length} features</summary><div class="scroll"><table><thead><tr><th>Feature</th><th>rows</th><th>missing</th><th>in training</th><th>malformed</th><th>infinite</th><th>distinct</th><th>min</th><th>max</th></tr></thead>
<tbody>${features.map(
    ({ feature, rows: seen, missingShare, referenceMissingShare, malformed, infinite, distinct, min, max }) =>
      html`<tr><td>${feature}</td><td>${seen}</td><td>${percent(missingShare)}</td><td>${percent(referenceMissingShare)}</td><td>${malformed}</td><td>${infinite}</td><td>${distinct}</td><td>${figure(min)}</td><td>${figure(max)}</td></tr>`,
  )}</tbody></table></div></details></section>`;
}

function renderFindings(findings: readonly QualityFinding[]): SafeHtml {
  const rows = findings.map(
    ({
      feature,
      check,
      severity,
      rows: hits,
      ofRows,
      share,
      referenceShare,
      adjustedPValue,
      detail,
    }) => html`<tr><td class="strong">${feature ?? 'rows'}</td>
<td class="left ${severity === 'fault' ? 'major' : 'minor'}">${severity}</td><td class="left">${check}</td><td>${hits} of ${ofRows}</td><td>${percent(share)}</td><td>${percent(referenceShare)}</td>
<td>${adjustedPValue === null ? 'a fact' : pValue(adjustedPValue)}</td><td class="wrap left">${detail}</td></tr>`,
  );
  return html`<div class="scroll"><table><thead><tr><th>Feature</th><th class="left">Severity</th><th class="left">Check</th><th>rows</th><th>share</th><th>in training</th><th>p corrected</th><th class="left">Detail</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
