import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Claim } from './story.js';

export interface DemoReport {
  /** Where the patients came from: `uci`, `folder`, `synthetic`; `unknown` when the story broke off before that. */
  readonly data: string;
  readonly seconds: number;
  readonly claims: readonly Claim[];
}

/** Writes `demo-report.json` (snake_case, as on the wire) and the same as a self-contained page. */
export async function writeReport(home: string, report: DemoReport): Promise<void> {
  const claims = report.claims.map((claim) => ({
    ...claim,
    evidence: snakeKeys(claim.evidence) as Record<string, unknown>,
  })); // an object stays one
  await writeFile(join(home, 'demo-report.json'), `${JSON.stringify({ ...report, claims }, null, 2)}\n`);
  await writeFile(join(home, 'demo-report.html'), renderPage({ ...report, claims }));
}

function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeKeys(inner),
    ]),
  );
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const ORIGINS: Readonly<Record<string, string>> = {
  uci: 'UCI heart disease files, downloaded and checked. Research data from 1988: not for diagnosis.',
  folder: 'UCI heart disease files from a folder, checked. Research data from 1988: not for diagnosis.',
  synthetic: 'a SYNTHETIC cohort of four made-up hospitals, because there was neither network nor a data folder.',
};

function renderPage({ data, seconds, claims }: DemoReport): string {
  const held = claims.filter(({ holds }) => holds).length;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Gimbal demo report</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}section{border-left:.3rem solid;padding-left:1rem;margin:1.5rem 0}
.holds{border-color:#1a7f37}.fails{border-color:#b3261e}h2{font-size:1.05rem;margin:.2rem 0}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.5rem 0}dt{color:#555}dd{margin:0}
summary{cursor:pointer;color:#555}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f6f6f6;padding:.75rem;font-size:.8rem}</style></head>
<body><h1>Gimbal keeps a model level</h1><p>${held} of ${claims.length} claims hold, told in ${seconds.toFixed(0)} s. Data: ${escapeHtml(ORIGINS[data] ?? data)}</p>
${claims.map(renderClaim).join('\n')}</body></html>
`;
}

/** The statement, its plain facts, and everything else that was read back folded away. */
function renderClaim({ number, statement, holds, evidence }: Claim): string {
  const facts = Object.entries(evidence).filter(([, value]) => typeof value !== 'object');
  const terms = facts
    .map(([name, value]) => `<dt>${escapeHtml(name.replaceAll('_', ' '))}</dt><dd>${escapeHtml(String(value))}</dd>`)
    .join('');
  return `<section class="${holds ? 'holds' : 'fails'}"><h2>${holds ? '✓' : '✗'} ${number}. ${escapeHtml(statement)}</h2><dl>${terms}</dl><details><summary>everything that was read back</summary><pre>${escapeHtml(JSON.stringify(evidence, null, 2))}</pre></details></section>`;
}
