const CSS = `
:host {
  display: flex; flex-direction: column; gap: 8px; box-sizing: border-box; min-width: 0;
  --text: #1d2733; --faint: #5b6673; --line: #d5dbe1; --background: #fff; --alert: #b3261e; --alert-back: #fdecea;
  --stalled: #8e24aa; --focus: #1a5fb4; --raised: #f5f7f9;
  color: var(--text); background: var(--background);
  font: 13px/1.45 system-ui, sans-serif;
}
:host([hidden]) { display: none; }
[hidden] { display: none !important; }
.bar { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
.bar output { color: var(--faint); margin-inline-start: auto; font-variant-numeric: tabular-nums; }
button {
  font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 6px;
  padding: 2px 10px; min-height: 28px; cursor: pointer;
}
button:hover { border-color: var(--faint); }
button[aria-pressed='true'], button[aria-expanded='true'] { border-color: var(--focus); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
.alert {
  color: var(--alert); background: var(--alert-back); border: 1px solid currentColor; border-radius: 6px; padding: 6px 10px;
  overflow-wrap: anywhere;
}
.waits { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: start; color: var(--faint); padding-block-end: 2px; }
th, td { text-align: start; padding: 3px 10px 3px 0; border-block-end: 1px solid var(--line); vertical-align: top; }
caption:has(~ tbody > .stalled) { color: var(--stalled); font-weight: 700; }
thead th { font-weight: 500; color: var(--faint); white-space: nowrap; }
th, td { overflow-wrap: break-word; }
.waits td:nth-child(4) { overflow-wrap: anywhere; min-width: 6em; }
.waits td:first-child, .waits td:nth-child(3) { white-space: nowrap; }
tr.stalled th, tr.stalled td:first-child { color: var(--stalled); font-weight: 700; }
.view { position: relative; flex: 1 1 auto; min-height: 0; display: flex; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.scroller { flex: 1; overflow: hidden auto; max-height: 70vh; min-height: 60px; position: relative; }
canvas { position: sticky; top: 0; display: block; touch-action: pan-y; cursor: crosshair; }
.empty { position: absolute; inset: 24px 0 0; display: grid; place-items: center; color: var(--faint); pointer-events: none; }
.tip {
  position: absolute; z-index: 1; max-width: min(320px, 90%); padding: 6px 10px; pointer-events: none; background: var(--background);
  border: 1px solid var(--faint); border-radius: 6px; box-shadow: 0 2px 10px #0004; overflow-wrap: anywhere; white-space: pre-line;
}
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; margin: 0; padding: 0; list-style: none; color: var(--faint); }
.range { max-height: 40vh; overflow: auto; }
.unseen:not(:focus-within) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 520px) { .bar output { margin-inline-start: 0; flex-basis: 100%; } th, td { padding-inline-end: 6px; } .waits td:nth-child(3) { white-space: normal; } }
`;

const DARK = `
:host {
  --text: #e6ebf0; --faint: #9aa7b4; --line: #2c3540; --background: #12161c; --alert: #ff8a80; --alert-back: #3a1a1c;
  --stalled: #d79bf0; --focus: #7ab8ff; --raised: #1c222b; color-scheme: dark;
}
`;

/** The style sheet of the element, and the changes of the dark theme. */
export const sheets = (): readonly [style: CSSStyleSheet, dark: CSSStyleSheet] => [sheetOf(CSS), sheetOf(DARK)];

const sheetOf = (text: string): CSSStyleSheet => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
};
