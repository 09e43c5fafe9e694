// How the demo's pages look: one column on a small screen, light or dark as the reader's system is.

/** The icon of the browser's tab: a letter. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="2" y="6" width="28" height="20" rx="3" fill="#1d3f72"/><path d="M4 9l12 9 12-9" fill="none" stroke="#fff" stroke-width="2.5"/></svg>';

export const STYLE = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1b1f; --soft: #44474f; --line: #c4c7d0; --wash: #f1f4fa;
  --deep: #1d3f72; --on-deep: #ffffff; --near: #7a4f00; --near-wash: #fdf3dc; --late: #8c1d18; --late-wash: #fbe9e7;
  --good: #1f5c33; --good-wash: #e6f3e8; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #1b1b1f; --ink: #eceef4; --soft: #c4c7d0; --line: #5c5f68; --wash: #26282f; --deep: #a9c7ff;
    --on-deep: #10213c; --near: #f0c875; --near-wash: #3a2f14; --late: #ffb4ab; --late-wash: #43201d;
    --good: #9fd8ae; --good-wash: #1b3322; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 16px/1.5 "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header, .clock, main, footer { padding: 12px max(16px, calc((100% - 70rem) / 2)); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 28px; border-bottom: 1px solid var(--line); }
.brand { margin: 0; font-size: 20px; font-weight: 700; color: var(--deep); }
.brand span { font-weight: 400; font-size: 15px; color: var(--soft); }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0; padding: 0; list-style: none; }
a { color: var(--deep); }
a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; border-bottom: 3px solid var(--deep); }
a:focus-visible, button:focus-visible, select:focus-visible, input:focus-visible, pre:focus-visible
  { outline: 3px solid var(--deep); outline-offset: 2px; }
.clock { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 12px 32px;
  background: var(--wash); border-bottom: 1px solid var(--line); }
.clock h2 { margin: 0; font-size: 14px; font-weight: 600; color: var(--soft); }
.clock p { margin: 0; }
.moment { font-size: 19px; font-weight: 600; }
.last { font-size: 15px; color: var(--soft); }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; }
button { padding: 8px 14px; border: 1px solid var(--deep); border-radius: 6px; background: var(--paper); color: var(--deep);
  font: inherit; font-size: 15px; cursor: pointer; }
button:hover { background: var(--deep); color: var(--on-deep); }
.buttons button:first-child, .action button { background: var(--deep); color: var(--on-deep); font-weight: 600; }
h1 { margin: 12px 0 8px; font-size: 24px; line-height: 1.3; }
main > p { max-width: 44em; margin: 0 0 14px; }
.notice { padding: 10px 14px; border-left: 4px solid var(--near); background: var(--near-wash); font-weight: 600; }
.filter { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; margin: 0 0 8px; }
.filter select { flex: 0 1 auto; min-width: 0; max-width: 100%; }
select, input { padding: 7px 8px; border: 1px solid var(--soft); border-radius: 6px; background: var(--paper); color: var(--ink);
  font: inherit; font-size: 15px; }
.day h2 { margin: 22px 0 4px; font-size: 16px; color: var(--soft); }
.day h2::first-letter { text-transform: uppercase; }
.day ol { margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.day li { display: grid; grid-template-columns: 8em 1fr; gap: 0 12px; padding: 8px 0; border-bottom: 1px solid var(--line); }
.day .reader { grid-column: 2; font-size: 14px; color: var(--soft); }
.step, .state { justify-self: start; align-self: start; padding: 1px 9px; border: 1px solid var(--line); border-radius: 10px;
  font-size: 14px; white-space: nowrap; color: var(--soft); }
.near, .expiring, .unknown { border-color: var(--near); background: var(--near-wash); color: var(--near); }
.late, .overdue { border-color: var(--late); background: var(--late-wash); color: var(--late); }
.good { border-color: var(--good); background: var(--good-wash); color: var(--good); }
.far { border-color: var(--deep); color: var(--deep); }
.pager { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 20px; margin: 18px 0; }
.pager p { margin: 0; color: var(--soft); }
.back { margin: 0; }
.facts { margin: 0 0 16px; border-top: 2px solid var(--deep); }
.facts div { display: grid; grid-template-columns: 13em 1fr; gap: 0 12px; padding: 5px 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--soft); font-weight: 600; }
.facts dd { margin: 0; }
.views { margin: 0 0 10px; }
iframe.letter { display: block; width: 100%; height: min(46em, 90vh); border: 1px solid var(--line); border-radius: 6px; }
pre.letter { margin: 0; padding: 16px; border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap;
  font: 15px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
.accounts { width: 100%; border-collapse: collapse; font-size: 15px; }
.accounts caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.accounts th, .accounts td { padding: 8px 20px 8px 0; overflow-wrap: break-word; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.accounts th { color: var(--soft); }
.sub { display: block; font-size: 14px; color: var(--soft); }
.alert { color: var(--late); }
.action { margin: 24px 0 0; padding: 4px 16px 16px; border: 1px solid var(--line); border-radius: 6px; }
.action h2 { margin: 10px 0 4px; font-size: 18px; }
.action p { margin: 0 0 12px; max-width: 44em; }
.field { margin: 0 0 10px; }
.field label { display: block; font-weight: 600; }
.field input { width: 100%; max-width: 26em; }
h2 .state, h3 .state { font-weight: 400; vertical-align: 2px; margin-left: 4px; }
.facts.wide div { grid-template-columns: minmax(13em, 24em) 1fr; }
.stand { max-width: 62em; padding: 4px 16px 12px; border-left: 4px solid var(--deep); background: var(--wash); }
.stand h2 { margin: 8px 0 4px; font-size: 16px; color: var(--soft); }
.stand p { margin: 0 0 6px; }
.figure strong { font-size: 24px; }
.story { margin: 20px 0 0; padding: 0; list-style: none; counter-reset: step; }
.story li { position: relative; max-width: 62em; padding: 0 0 14px 48px; counter-increment: step; }
.story li::before { content: counter(step); position: absolute; left: 0; top: 0; width: 32px; height: 32px; border-radius: 50%;
  background: var(--deep); color: var(--on-deep); font-weight: 700; line-height: 32px; text-align: center; }
.story h2 { margin: 0 0 2px; font-size: 18px; line-height: 32px; }
.story p { margin: 0 0 4px; }
.stumbles { max-width: 62em; margin: 22px 0 0; border-top: 1px solid var(--line); }
.stumbles h2 { margin: 16px 0 4px; font-size: 20px; }
.stumbles h3 { margin: 14px 0 2px; font-size: 16px; }
.stumbles p { margin: 0 0 6px; }
.copy { padding: 2px 6px; border: 1px solid var(--line); border-radius: 4px; background: var(--wash);
  font: 16px/1.6 "DejaVu Sans Mono", ui-monospace, monospace; user-select: all; }
footer { margin: 28px 0 0; border-top: 1px solid var(--line); font-size: 14px; color: var(--soft); }
@media (max-width: 760px) {
  .accounts, .accounts tbody, .accounts tr, .accounts td { display: block; }
  .accounts thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .accounts tr { padding: 10px 0; border-bottom: 1px solid var(--line); }
  .accounts td { display: grid; grid-template-columns: 8em minmax(0, 1fr); overflow-wrap: anywhere; gap: 0 8px; padding: 1px 0; border: 0; }
  .accounts td::before { content: attr(data-label); color: var(--soft); font-size: 14px; }
  .accounts td:first-child { display: block; }
  .accounts td:first-child a { font-weight: 600; }
  .accounts td:first-child::before { content: none; }
  .state { justify-self: start; }
  .facts div, .facts.wide div { grid-template-columns: 1fr; }
  .day li { grid-template-columns: 1fr; gap: 4px; }
  .day .reader { grid-column: 1; }
}
`;
