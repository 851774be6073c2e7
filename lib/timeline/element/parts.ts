import { sheets } from './sheets.js';
import { palette, type Palette } from '../draw/palette.js';
import { KEYS } from './commandOf.js';

/** The elements that a timeline is made of. */
export interface Parts {
  readonly alert: HTMLElement;
  readonly state: HTMLElement;
  readonly waits: HTMLElement;
  readonly bar: HTMLElement;
  readonly span: HTMLOutputElement;
  readonly all: HTMLButtonElement;
  readonly follow: HTMLButtonElement;
  readonly tableToggle: HTMLButtonElement;
  readonly scroller: HTMLElement;
  readonly spacer: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly empty: HTMLElement;
  readonly tip: HTMLElement;
  readonly range: HTMLElement;
  readonly said: HTMLElement;
  readonly setDark: (isDark: boolean) => void;
}

/** The symbols of the legend, with their meanings and colours. */
const LEGEND = [
  ['▮', 'delivery', 'bar'],
  ['▮', 'delivery in progress', 'open'],
  ['▮', 'failed delivery', 'failed'],
  ['▮', 'its end was not recorded', 'unknown'],
  ['▮', 'events of the source', 'source'],
  ['▬', 'paused, or held', 'pause'],
  ['▬', 'gap: a run of losses', 'gap'],
  ['▯', 'backlog', 'areaEdge'],
  ['▼', 'dropped'],
  ['◆', 'superseded'],
  ['✕', 'failed'],
  ['○', 'retrying'],
  ['!', 'stalled'],
  ['▪', 'skipped'],
  ['┃', 'records lost', 'failed'],
] as const;

const HTML = `
<div class="alert" role="alert" part="alert" hidden></div>
<div class="alert" role="status" part="state" data-part="state" hidden></div>
<div class="waits" part="waits"></div>
<div class="bar" part="bar" role="toolbar" aria-label="View">
  <button data-command="zoomIn" aria-label="Zoom in">+</button>
  <button data-command="zoomOut" aria-label="Zoom out">−</button>
  <button data-command="all" class="all" aria-pressed="false">All</button>
  <button data-command="end" class="follow" aria-pressed="true">Latest</button>
  <button class="toggle" aria-expanded="false" aria-controls="range">Table</button>
  <output></output>
</div>
<div class="view" part="view">
  <div class="scroller" tabindex="0" role="application" aria-roledescription="timeline" aria-describedby="keys">
    <canvas aria-hidden="true"></canvas><div class="spacer"></div>
  </div>
  <div class="empty">No records yet</div>
  <div class="tip" part="tip" hidden></div>
</div>
<ul class="legend" part="legend" aria-label="Legend"></ul>
<div id="range" class="range unseen" part="range"></div>
<div class="unseen" role="status" data-part="said"></div>
<p id="keys" hidden>${KEYS}</p>`;

/** Creates the elements in the shadow root. */
export const parts = (root: ShadowRoot): Parts => {
  const [sheet, dark] = sheets();
  root.adoptedStyleSheets = [sheet];
  root.innerHTML = HTML;
  const one = <T extends Element>(selector: string): T => root.querySelector<T>(selector)!;
  const recolours = LEGEND.map(([sign, text, colour]) => {
    const li = document.createElement('li');
    const drawn = document.createElement('span');
    drawn.textContent = sign;
    li.append(drawn, ` ${text}`);
    one('.legend').append(li);
    return (colours: Palette): void => {
      drawn.style.color = (colour === undefined ? colours.marks[text] : colours[colour]) ?? '';
    };
  });
  return {
    alert: one('.alert'),
    state: one('[data-part=state]'),
    waits: one('.waits'),
    bar: one('.bar'),
    span: one('output'),
    all: one('.all'),
    follow: one('.follow'),
    tableToggle: one('.toggle'),
    scroller: one('.scroller'),
    spacer: one('.spacer'),
    canvas: one('canvas'),
    empty: one('.empty'),
    tip: one('.tip'),
    range: one('.range'),
    said: one('[data-part=said]'),
    setDark: isDark => {
      root.adoptedStyleSheets = isDark ? [sheet, dark] : [sheet];
      for (const recolour of recolours) recolour(palette(isDark));
    },
  };
};
