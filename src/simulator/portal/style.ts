// The style sheet of the simulated portal: plum and sand, deliberately unlike the State's pages and Relève's.

export const PORTAL_STYLE = `
:root { color-scheme: light; --paper: #fffdf8; --ink: #2a2230; --soft: #5d5263; --line: #d5c9b8; --wash: #f4ecdf;
  --deep: #5a2a5c; --on-deep: #ffffff; --alarm: #b3140f; --alarm-wash: #fff4f2; --good: #245c33; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 16px/1.5 Georgia, "DejaVu Serif", serif; }
.simulated { margin: 0; padding: 8px max(16px, calc((100% - 60rem) / 2)); background: #ffd65a; color: #2a2230;
  border-bottom: 3px dashed #2a2230; font: 15px/1.4 "DejaVu Sans", Verdana, sans-serif; }
header, main, footer { padding: 12px max(16px, calc((100% - 60rem) / 2)); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 28px; background: var(--deep); color: var(--on-deep); }
.brand { margin: 0; font-size: 20px; font-weight: 700; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0; padding: 0; list-style: none; }
header a { color: var(--on-deep); }
header a[aria-current] { font-weight: 700; text-decoration: none; border-bottom: 3px solid #ffd65a; }
a { color: var(--deep); }
a:focus-visible, button:focus-visible, select:focus-visible, input:focus-visible
  { outline: 3px solid var(--deep); outline-offset: 2px; }
header a:focus-visible { outline-color: #ffd65a; }
.trail { margin: 8px 0 0; font-size: 15px; color: var(--soft); }
h1 { margin: 6px 0 12px; font-size: 24px; line-height: 1.3; }
h2 { margin: 24px 0 6px; font-size: 18px; }
main > p { max-width: 44em; margin: 0 0 14px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 12px; margin: 0; padding: 0;
  list-style: none; }
.tiles li { padding: 14px 16px; border: 1px solid var(--line); border-radius: 10px; background: var(--wash); }
.tiles a { font-weight: 700; }
.tiles p { margin: 4px 0 0; font-size: 15px; color: var(--soft); }
fieldset { margin: 0 0 16px; padding: 10px 16px 14px; border: 1px solid var(--line); border-radius: 10px; }
form + p { margin: 16px 0 0; }
legend { padding: 0 6px; font-weight: 700; }
.choice { display: grid; grid-template-columns: auto 1fr; gap: 0 10px; align-items: start; padding: 6px 0; }
.choice input { width: 20px; height: 20px; margin: 2px 0 0; accent-color: var(--deep); }
.sub { display: block; font-size: 14px; color: var(--soft); }
label.above { display: block; margin: 0 0 4px; font-weight: 700; }
select { display: block; width: 100%; max-width: 34rem; margin: 0 0 16px; padding: 9px 8px; border: 1px solid var(--soft);
  border-radius: 8px; background: #ffffff; color: var(--ink); font: inherit; }
button { padding: 10px 22px; border: 1px solid var(--deep); border-radius: 20px; background: var(--deep); color: var(--on-deep);
  font: inherit; font-weight: 700; cursor: pointer; }
button:hover { background: #7b3f7d; }
.facts { max-width: 44em; margin: 0 0 16px; border-top: 2px solid var(--deep); }
.facts div { display: grid; grid-template-columns: 13em 1fr; gap: 0 12px; padding: 6px 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; }
.red-frame { max-width: 44em; margin: 0 0 18px; padding: 12px 16px; border: 4px solid var(--alarm); background: var(--alarm-wash); }
.red-frame p { margin: 0 0 6px; }
.red-frame p:last-child { margin: 0; }
.copy { display: inline-block; padding: 2px 8px; border: 1px solid var(--line); border-radius: 6px; background: #ffffff;
  font: 18px/1.6 "DejaVu Sans Mono", ui-monospace, monospace; user-select: all; }
.warning { font-weight: 700; color: var(--alarm); }
.done { padding: 10px 14px; border-left: 5px solid var(--good); background: var(--wash); font-weight: 700; color: var(--good); }
table { width: 100%; border-collapse: collapse; font-size: 15px; }
caption { padding: 0 0 6px; text-align: left; font-size: 15px; color: var(--soft); }
th, td { padding: 8px 16px 8px 0; overflow-wrap: break-word; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--soft); }
footer { margin: 28px 0 0; border-top: 1px solid var(--line); font-size: 14px; color: var(--soft); }
@media (max-width: 640px) {
  table, caption, tbody, tr, td { display: block; }
  td { overflow-wrap: anywhere; }
  .copy { padding: 2px 4px; font-size: 16px; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { padding: 10px 0; border-bottom: 1px solid var(--line); }
  td { display: grid; grid-template-columns: 8em minmax(0, 1fr); gap: 0 8px; padding: 2px 0; border: 0; }
  td::before { content: attr(data-label); color: var(--soft); font-size: 14px; }
  .facts div { grid-template-columns: 1fr; }
}
`;
