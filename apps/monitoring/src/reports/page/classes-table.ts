import type { ClassTable } from '@gimbal/domain';
import { score } from './format-number.js';
import { html, type SafeHtml } from './html.js';

/** A wider table does not fit a page; the numbers are in the JSON. */
const CONFUSION_SHOWN_MAX = 20;

/** Each class by itself, and who was taken for whom. */
export function renderClasses(table: ClassTable | null): SafeHtml | null {
  if (table === null) return null;
  const rows = table.classes.map(
    ({
      name,
      rows: count,
      called,
      recall,
      recallInterval,
      precision,
      f1,
    }) => html`<tr><td>${name}</td><td>${count}</td><td>${called}</td>
<td>${score(recall)}</td><td>${recallInterval ? `${score(recallInterval.lower)} to ${score(recallInterval.upper)}` : '–'}</td><td>${score(precision)}</td><td>${score(f1)}</td></tr>`,
  );
  return html`<h3>Classes</h3><div class="scroll"><table class="tight"><thead><tr><th>Class</th><th>rows</th><th>taken for it</th><th>recall</th><th>interval</th><th>precision</th><th>F1</th></tr></thead>
<tbody>${rows}</tbody></table></div>${renderPairs(table)}`;
}

function renderPairs({ classes, confusion }: ClassTable): SafeHtml | null {
  if (confusion === null || classes.length > CONFUSION_SHOWN_MAX) return null;
  const rows = confusion.map(
    (counts, truth) =>
      html`<tr><td>was ${classes[truth]?.name ?? ''}</td>${counts.map((count, called) => html`<td class="${called === truth ? 'strong' : ''}">${count}</td>`)}</tr>`,
  );
  return html`<div class="scroll"><table class="tight"><thead><tr><th>Confusion</th>${classes.map(({ name }) => html`<th>taken for ${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
