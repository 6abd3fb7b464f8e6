/** The whole style of a card: nothing of it depends on anything outside the page. */
export const CARD_STYLE = `
:root{color-scheme:light dark;--ink:#1b2430;--soft:#5d6b7e;--paper:#fff;--panel:#f5f7fa;--line:#dde3ea;--bad:#cf3340;--warn:#b8690f;
--c0:#2f6fde;--c1:#d9731a;--c2:#2b8a57;--c3:#8d4fc9;--c4:#cf3340;--c5:#6b7684}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf2;--soft:#9aa8ba;--paper:#12171e;--panel:#1a212b;--line:#2c3643;--bad:#f2727c;--warn:#f0994a;--c0:#6ea2ff;--c2:#5cc48d;--c3:#b98af0}}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:960px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:26px;margin:0}h2{font-size:19px;margin:36px 0 6px}p,li{max-width:80ch}.soft,figcaption{color:var(--soft);font-size:13px}
.notice{border:2px dashed var(--warn);border-radius:8px;padding:10px 14px;font-weight:600}.error{color:var(--bad)}.warning{color:var(--warn)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:16px}
figure{margin:12px 0;background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:12px;max-width:320px}figure.wide{max-width:none;overflow-x:auto}
svg{display:block;width:100%}svg text{font:10px system-ui,sans-serif;fill:var(--soft)}
.grid{stroke:var(--line);fill:none}.chance{stroke:var(--soft);stroke-dasharray:4 3;fill:none}.line{fill:none;stroke-width:1.8;stroke:var(--c0)}.dot{fill:var(--c0)}
.line.c1{stroke:var(--c1)}.line.c2{stroke:var(--c2)}.line.c3{stroke:var(--c3)}.line.c4{stroke:var(--c4)}.line.c5{stroke:var(--c5)}
.keys i{display:inline-block;width:14px;height:3px;margin:0 6px 3px 14px;background:var(--c0)}.keys i.c1{background:var(--c1)}.keys i.c2{background:var(--c2)}
.keys i.c3{background:var(--c3)}.keys i.c4{background:var(--c4)}.keys i.c5{background:var(--c5)}
table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
th,td{padding:4px 8px;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}th{font-weight:600}
th:first-child,td:first-child,.left{text-align:left;overflow-wrap:anywhere}.bar{width:60%}.bar i{display:block;height:11px;margin-top:5px;background:var(--c0);border-radius:2px}
@media print{main{max-width:none;padding:0}figure{break-inside:avoid}}
`;
