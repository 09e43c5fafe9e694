// How the managers' page looks: calm, one column on a small screen, light or dark as the reader's system is, fit to print.

/** The icon of the browser's tab: a key. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d3f72"/><g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"><circle cx="11" cy="16" r="5"/><path d="M16 16h10v4M21.5 16v3"/></g></svg>';

const COLOURS = `
:root { color-scheme: light dark; --ground: #f3f5f9; --paper: #ffffff; --ink: #1a2230; --soft: #4a5365; --line: #cfd6e2;
  --edge: #6b7689; --deep: #1d3f72; --deeper: #142d54; --on-deep: #ffffff; --good: #17603a; --good-wash: #e7f4ec;
  --wait: #1d3f72; --wait-wash: #e9eff9; --act: #744a00; --act-wash: #fdf2da; --fault: #97201b; --fault-wash: #fcebe9; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14171d; --paper: #1c2028; --ink: #e9ecf3; --soft: #b7bfce; --line: #3b4352; --edge: #8a94a7;
    --deep: #a9c7ff; --deeper: #c8dbff; --on-deep: #10213c; --good: #8fd8ae; --good-wash: #16301f; --wait: #a9c7ff;
    --wait-wash: #1b2a45; --act: #f0c875; --act-wash: #352a12; --fault: #ffb4ab; --fault-wash: #3d1d1a; }
}
`;

const TEXT = `
* { box-sizing: border-box; }
html { scroll-padding-top: 16px; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 17px/1.55 "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header, main, footer { padding: 0 max(16px, calc((100% - 66rem) / 2)); }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 24px;
  padding-top: 14px; padding-bottom: 14px; background: var(--paper); border-bottom: 3px solid var(--deep); }
header p { margin: 0; }
.service { font-weight: 700; color: var(--deep); }
.reach { color: var(--soft); }
main { padding-top: 24px; padding-bottom: 8px; }
h1 { margin: 0 0 12px; font-size: 28px; line-height: 1.25; text-wrap: balance; }
h2 { margin: 0 0 10px; font-size: 20px; line-height: 1.3; }
p { margin: 0 0 12px; }
a { color: var(--deep); }
.step { margin: 0 0 4px; font-weight: 600; color: var(--soft); }
.account { padding-left: 14px; border-left: 4px solid var(--line); }
.lead { max-width: 44em; font-size: 18px; color: var(--soft); }
.quiet, .hint { color: var(--soft); font-size: 16px; }
footer { padding-top: 16px; padding-bottom: 32px; font-size: 15px; color: var(--soft); }
footer p { max-width: 46em; }
:focus-visible { outline: 3px solid var(--deep); outline-offset: 2px; }
`;

const BOXES = `
.cards { display: grid; gap: 20px; margin: 20px 0; }
.card, .steps, .work { padding: 20px; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; }
.card h2 { font-size: 17px; color: var(--soft); }
.card > :last-child { margin-bottom: 0; }
dl { margin: 0 0 12px; }
dl div { padding: 5px 0; border-top: 1px solid var(--line); }
dl div:first-child { border-top: 0; }
dt { font-size: 15px; color: var(--soft); }
dd { margin: 0; }
.login { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; font-size: 16px; }
.state { margin: 0 0 20px; padding: 18px 20px; border-left: 6px solid var(--wait); border-radius: 10px;
  background: var(--wait-wash); }
.state h1, .state h2 { color: var(--wait); }
.state p, .state ul { max-width: 44em; }
.state > :last-child { margin-bottom: 0; }
.state ul { margin: 0 0 12px; padding-left: 1.2em; }
.state li { margin: 0 0 6px; }
.state.good { border-color: var(--good); background: var(--good-wash); }
.state.good h1, .state.good h2 { color: var(--good); }
.state.act { border-color: var(--act); background: var(--act-wash); }
.state.act h1, .state.act h2 { color: var(--act); }
.state.fault { border-color: var(--fault); background: var(--fault-wash); }
.state.fault h2, .state.fault a { color: var(--fault); }
.state.plain { border-color: var(--deep); background: var(--paper); }
.state.plain h1 { color: var(--ink); }
.times { font-weight: 600; }
.work + p { margin-top: 20px; }
.ways { margin: 16px 0 20px; padding: 0; list-style: none; }
.ways li { padding: 4px 0; }
.steps { margin: 0 0 20px; }
.steps ol { margin: 0; padding-left: 1.6em; }
.steps li { margin: 0 0 12px; padding-left: 4px; }
.steps li:last-child { margin: 0; }
.steps li::marker { font-weight: 700; color: var(--deep); }
`;

const FORMS = `
form > :last-child { margin-bottom: 0; }
.never { padding: 12px 14px; border: 1px solid var(--act); border-radius: 8px; background: var(--act-wash); font-size: 16px; }
.field { margin: 0 0 20px; }
.is-wrong { padding-left: 14px; border-left: 4px solid var(--fault); }
label, legend { font-weight: 600; }
.field .hint { margin: 0 0 6px; }
.wrong { margin: 0 0 6px; color: var(--fault); font-weight: 600; }
textarea, input[type=text] { display: block; width: 100%; padding: 11px 12px; border: 2px solid var(--edge); border-radius: 8px;
  background: var(--paper); color: var(--ink); font: 18px/1.4 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
textarea { resize: vertical; min-height: 4.2em; }
.is-wrong textarea, .is-wrong input[type=text] { border-color: var(--fault); }
.tick { margin: 0 0 16px; }
.tick > div, .option { display: grid; grid-template-columns: 34px 1fr; align-items: start; }
.tick label, .option label { padding: 2px 0; }
input[type=checkbox], input[type=radio] { width: 24px; height: 24px; margin: 2px 0 0; accent-color: var(--deep); }
fieldset { margin: 0 0 16px; padding: 0; border: 0; min-width: 0; }
legend { padding: 0; margin: 0 0 10px; font-size: 20px; line-height: 1.3; }
.option { margin: 0 0 10px; }
.option .hint, .detail { grid-column: 2; margin: 0; }
.detail label { font-weight: 400; }
.option:has(> input:not(:checked)) .detail { display: none; }
button, .button { display: block; width: 100%; min-height: 50px; padding: 11px 22px; border: 2px solid var(--deep);
  border-radius: 8px; background: var(--deep); color: var(--on-deep); font: inherit; font-weight: 600; text-align: center;
  text-decoration: none; cursor: pointer; }
button + .quiet { margin-top: 14px; }
button:hover, .button:hover { background: var(--deeper); border-color: var(--deeper); }
button.second { background: var(--paper); color: var(--deep); }
button.second:hover { background: var(--wait-wash); }
`;

const WIDE = `
@media (min-width: 600px) { button { width: auto; } .button { display: inline-block; width: auto; } }
@media (min-width: 900px) {
  .cards { grid-template-columns: 1fr 1fr; }
  .card dl div { display: grid; grid-template-columns: 9.5em minmax(0, 1fr); gap: 0 12px; }
  .card, .steps, .work { padding: 24px; }
  .work { border-top: 4px solid var(--deep); }
}
@media print {
  :root { color-scheme: light; --ground: #fff; --paper: #fff; --ink: #000; --soft: #333; --line: #999; --deep: #000;
    --on-deep: #fff; --good: #000; --wait: #000; --act: #000; --fault: #000; --good-wash: #fff; --wait-wash: #fff;
    --act-wash: #fff; --fault-wash: #fff; }
  body { font-size: 11pt; }
  header, main, footer { padding-left: 0; padding-right: 0; }
  .cards { grid-template-columns: 1fr 1fr; }
  .card, .steps, .state { break-inside: avoid; }
  .card, .steps, .work { padding: 10pt; }
  form .field, form button, form .tick, form fieldset, .ways, .button { display: none; }
  .steps { margin-bottom: 12pt; }
}
`;

/** The style sheet. */
export const STYLE = [COLOURS, TEXT, BOXES, FORMS, WIDE].join('');
