import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Claim } from './story.js';

export interface DemoReport {
  readonly data: string;
  readonly seconds: number;
  readonly claims: readonly Claim[];
}

/** Writes `demo-report.json` and the same as a self-contained page. */
export async function writeReport(home: string, report: DemoReport): Promise<void> {
  await writeFile(join(home, 'demo-report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(home, 'demo-report.html'), renderPage(report));
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function renderPage({ data, seconds, claims }: DemoReport): string {
  const origin =
    {
      uci: 'UCI heart disease files, downloaded and checked',
      folder: 'UCI heart disease files from a folder, checked',
      synthetic: 'SYNTHETIC cohort (no network and no data folder)',
    }[data] ?? data;
  const rows = claims
    .map(
      ({ number, statement, holds, evidence }) =>
        `<section class="${holds ? 'holds' : 'fails'}"><h2>${holds ? '✓' : '✗'} ${number}. ${escapeHtml(statement)}</h2><pre>${escapeHtml(JSON.stringify(evidence, null, 2))}</pre></section>`,
    )
    .join('\n');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Gimbal demo report</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}section{border-left:.3rem solid;padding-left:1rem;margin:1.5rem 0}
.holds{border-color:#1a7f37}.fails{border-color:#b3261e}h2{font-size:1.05rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f6f6f6;padding:.75rem;font-size:.8rem}</style></head>
<body><h1>Gimbal keeps a model level</h1><p>Data: ${escapeHtml(origin)}. Told in ${seconds.toFixed(0)} s. Research data from 1988: not for diagnosis.</p>
${rows}</body></html>
`;
}
