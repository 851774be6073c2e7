const CSS = `
:host {
  --text: #1d2733; --faint: #5b6673; --line: #d5dbe1; --background: #fff; --alert: #b3261e; --alert-back: #fdecea;
  --focus: #1a5fb4; --raised: #f5f7f9; --active: #f0f4f899; --selection: #cfe0f5; --warn: #8a5200;
  --code-keyword: #8a2da5; --code-string: #1d6b2f; --code-number: #9a4d00; --code-type: #0b62c4;
  display: block; color: var(--text); background: var(--background); font: 14px/1.5 system-ui, sans-serif; min-width: 0;
}
:host([theme='dark']) {
  --text: #e6ebf0; --faint: #9aa7b4; --line: #2c3540; --background: #12161c; --alert: #ff8a80; --alert-back: #3a1a1c;
  --focus: #7ab8ff; --raised: #1c222b; --active: #1c222b99; --selection: #29425f; --warn: #ffb454;
  --code-keyword: #d79bf0; --code-string: #74d68c; --code-number: #ffb066; --code-type: #6fb1ff; color-scheme: dark;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.columns { display: grid; grid-template: auto 1fr / minmax(0, 1fr) minmax(0, 1.15fr); gap: 0 16px; padding: 12px; border: 1px solid var(--line); border-radius: 8px; }
@media (max-width: 900px) { .columns { grid-template: none / minmax(0, 1fr); padding: 10px; } .right { grid-area: auto !important; margin-top: 10px; } .editor { height: 320px !important; } }
.right { grid-area: 1 / 2 / 3 / 3; min-width: 0; }
.top { min-width: 0; }
.bar { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 0 0 10px; }
button, select { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 3px 12px; min-height: 32px; max-width: 100%; }
button { cursor: pointer; }
button:hover, select:hover { border-color: var(--faint); }
button.first { background: var(--focus); border-color: var(--focus); color: var(--background); font-weight: 600; min-width: 80px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
label { display: flex; gap: 6px; align-items: center; min-width: 0; }
.presets { flex-wrap: nowrap; }
.presets label { flex: 1; }
.presets button { white-space: nowrap; }
.presets select { flex: 1; min-width: 0; }
.time { font-weight: 600; font-variant-numeric: tabular-nums; margin-inline-start: auto; }
h2 { font-size: 17px; line-height: 1.3; margin: 4px 0; }
h3 { font-size: 13px; color: var(--faint); font-weight: 600; margin: 12px 0 4px; }
p { margin: 4px 0; }
code { font: 12.5px ui-monospace, Menlo, Consolas, monospace; background: var(--raised); border-radius: 4px; padding: 1px 4px; overflow-wrap: anywhere; }
ol.steps { margin: 8px 0; padding: 0; list-style: none; display: grid; gap: 6px; }
ol.steps li { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 8px; align-items: baseline; }
ol.steps button { min-height: 28px; padding: 1px 8px; font-variant-numeric: tabular-nums; text-align: start; }
ol.steps button[aria-current] { border-color: var(--focus); box-shadow: 0 0 0 1px var(--focus); }
.editor { height: 460px; border: 1px solid var(--line); border-radius: 6px; overflow: auto; margin-top: 10px; }
.editor > pre { margin: 0; padding: 8px; font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap; }
fieldset { border: 1px solid var(--line); border-radius: 6px; margin: 0 0 10px; padding: 4px 12px 8px; display: grid; gap: 2px 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 220px), 1fr)); }
legend { color: var(--faint); font-size: 13px; padding: 0 4px; }
fieldset label { display: grid; grid-template-columns: auto 1fr auto; }
fieldset output { font-variant-numeric: tabular-nums; min-width: 3.5em; text-align: end; }
input[type='range'] { accent-color: var(--focus); min-width: 0; width: 100%; }
.problem { color: var(--alert); background: var(--alert-back); border: 1px solid currentColor; border-radius: 6px; padding: 6px 10px; margin: 0 0 10px; white-space: pre-wrap; overflow-wrap: anywhere; }
.status { color: var(--faint); margin: 0 0 8px; min-height: 1.5em; }
rx-timeline { height: auto; }
.tallies { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 13px; }
caption { text-align: start; color: var(--faint); padding-block: 10px 2px; font-weight: 600; font-size: 13px; }
th, td { text-align: end; padding: 3px 8px 3px 0; border-block-end: 1px solid var(--line); font-weight: 400; }
th:first-child { text-align: start; overflow-wrap: anywhere; }
thead th { color: var(--faint); }
td.lost { color: var(--alert); font-weight: 600; }
.sources { font-size: 13px; margin: 6px 0; }
.sources .paused { color: var(--warn); font-weight: 600; }
ol.said { margin: 0; padding: 0; list-style: none; max-height: 220px; overflow: auto; border: 1px solid var(--line); border-radius: 6px; font: 12.5px/1.5 ui-monospace, Menlo, Consolas, monospace; }
ol.said:empty::before { content: 'nothing yet'; color: var(--faint); padding: 1px 8px; }
ol.said li { display: grid; grid-template-columns: 64px minmax(0, 1fr) auto; gap: 8px; padding: 1px 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
ol.said li > span:first-child { color: var(--faint); text-align: end; }
ol.said li.error { color: var(--alert); } ol.said li.warn { color: var(--warn); }
ol.said button { font: inherit; min-height: 0; padding: 0 6px; border: 0; background: none; color: var(--faint); text-decoration: underline; }
@media (max-width: 520px) { th, td { padding-inline-end: 4px; font-size: 12px; } ol.said:empty::before { content: 'nothing yet'; color: var(--faint); padding: 1px 8px; }
ol.said li { grid-template-columns: 52px minmax(0, 1fr) auto; } }
`;

/** The style of the element. */
export const sheet = (): CSSStyleSheet => {
  const made = new CSSStyleSheet();
  made.replaceSync(CSS);
  return made;
};
