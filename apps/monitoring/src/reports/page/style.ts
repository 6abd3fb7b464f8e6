/** The whole style of a report: no class of it depends on anything outside the page. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b2430;--soft:#5d6b7e;--paper:#fff;--panel:#f5f7fa;--line:#dde3ea;--ref:#a3b0c2;--cur:#2f6fde;
--good:#2b8a57;--minor:#a58300;--moderate:#d9731a;--major:#cf3340;--band:#e4eefc}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf2;--soft:#9aa8ba;--paper:#12171e;--panel:#1a212b;--line:#2c3643;--ref:#66758a;--cur:#6ea2ff;
--good:#5cc48d;--minor:#d6b13a;--moderate:#f0994a;--major:#f2727c;--band:#22324a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}h2{font-size:19px;margin:40px 0 4px}h3{font-size:14px;margin:18px 0 2px;font-weight:600}.card h3{margin-top:0}
p{margin:4px 0 12px;max-width:80ch}.soft{color:var(--soft)}.small{font-size:13px}.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12.5px}
.badge{display:inline-block;padding:2px 10px;border-radius:999px;font-size:13px;font-weight:600;color:var(--paper);background:var(--soft);vertical-align:middle}
.badge.good{background:var(--good)}.badge.minor{background:var(--minor)}.badge.moderate{background:var(--moderate)}.badge.major{background:var(--major)}
.notice{border:2px dashed var(--moderate);border-radius:8px;padding:10px 14px;margin:16px 0;font-weight:600}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:12px;margin:20px 0}
.card{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:12px 14px}.card p{margin:6px 0 0;font-size:13.5px}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:12px;margin:14px 0}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(340px,1fr));gap:16px;margin:14px 0;align-items:start}
.scroll{overflow-x:auto;margin:10px 0}
table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
th,td{padding:5px 10px;border-bottom:1px solid var(--line);text-align:right;vertical-align:top;white-space:nowrap}
th:first-child,td:first-child,.left{text-align:left}td.wrap{white-space:normal;min-width:220px}
table.tight{font-size:12.5px}table.tight th,table.tight td{padding:4px 7px}
thead th{font-weight:600;color:var(--soft);border-bottom:2px solid var(--line)}
.none{color:var(--soft)}.good-text{color:var(--good)}.minor{color:var(--minor)}.moderate{color:var(--moderate)}.major{color:var(--major)}
.strong{font-weight:600}
.badge.minor,.badge.moderate,.badge.major{color:var(--paper)}
svg.small{max-width:320px;margin:0 auto}svg{display:block;width:100%;height:auto;overflow:visible}svg text{font:11px system-ui,sans-serif;fill:var(--soft)}svg text.name{fill:var(--ink);font-size:12px}
.f-ref{fill:var(--ref)}.f-cur{fill:var(--cur)}.f-band{fill:var(--band)}.f-none{fill:var(--ref)}.f-minor{fill:var(--minor)}.f-moderate{fill:var(--moderate)}.f-major{fill:var(--major)}
.s-line{stroke:var(--line);stroke-width:1;fill:none}.s-soft{stroke:var(--soft);stroke-width:1;fill:none}.s-cur{stroke:var(--cur);stroke-width:2;fill:none}.s-limit{stroke:var(--ink);stroke-width:1.5;fill:none}
.dash{stroke-dasharray:4 3}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;color:var(--soft);margin:6px 0}
.legend svg{width:26px;height:12px;display:inline-block;vertical-align:-1px;margin-right:6px}
details{margin:10px 0}summary{cursor:pointer;color:var(--soft)}
footer{margin-top:48px;padding-top:12px;border-top:1px solid var(--line);font-size:12.5px;color:var(--soft)}
@media print{main{max-width:none;padding:0}.card,.grid>*{break-inside:avoid}}
`;
