import { sheet } from './sheet.js';

const HTML = `
<div class="columns">
  <div class="top">
    <div class="bar presets">
      <label>Program <select data-part="presets"></select></label>
      <button data-part="share">Copy link</button>
    </div>
    <section aria-label="What it shows" data-part="text"></section>
  </div>
  <div class="right">
    <div class="bar" role="toolbar" aria-label="Time">
      <button class="first" data-part="play">Play</button>
      <button data-part="step">Step</button>
      <button data-part="restart">Restart</button>
      <label>Speed <select data-part="speed">
        <option value="10">10 ms a second</option>
        <option value="50">50 ms a second</option>
        <option value="200" selected>200 ms a second</option>
        <option value="1000">as it is</option>
        <option value="10000">10 times</option>
      </select></label>
      <output class="time" data-part="time" aria-label="Virtual time" aria-live="off">0 ms</output>
    </div>
    <div class="problem" role="alert" data-part="problem" hidden></div>
    <p class="status" role="status" data-part="status"></p>
    <fieldset data-part="controls" hidden><legend>Controls of the program</legend></fieldset>
    <div data-part="timeline"></div>
    <p class="sources" data-part="sources"></p>
    <div class="tallies" data-part="tallies" tabindex="0" role="region" aria-label="Tallies"></div>
    <section aria-label="Notices"><h3>Notices</h3><ol class="said" tabindex="0" aria-label="Notices" data-part="notices"></ol></section>
    <section aria-label="Console"><h3>Console</h3><ol class="said" tabindex="0" aria-label="Console" data-part="console"></ol></section>
  </div>
  <div class="editor" data-part="editor"></div>
</div>
<div data-part="frames"></div>`;

/** The elements that a playground is made of. */
export interface Parts {
  readonly root: ShadowRoot;
  readonly presets: HTMLSelectElement;
  readonly share: HTMLButtonElement;
  readonly text: HTMLElement;
  readonly editor: HTMLElement;
  readonly play: HTMLButtonElement;
  readonly step: HTMLButtonElement;
  readonly restart: HTMLButtonElement;
  readonly speed: HTMLSelectElement;
  readonly time: HTMLOutputElement;
  readonly problem: HTMLElement;
  readonly status: HTMLElement;
  readonly controls: HTMLFieldSetElement;
  readonly timeline: HTMLElement;
  readonly sources: HTMLElement;
  readonly tallies: HTMLElement;
  readonly notices: HTMLElement;
  readonly console: HTMLElement;
  readonly frames: HTMLElement;
}

/** Fills the shadow root. */
export const parts = (root: ShadowRoot): Parts => {
  root.adoptedStyleSheets = [sheet()];
  root.innerHTML = HTML;
  const all = [...root.querySelectorAll<HTMLElement>('[data-part]')].map(part => [part.dataset['part'], part]);
  return { root, ...Object.fromEntries(all) } as Parts;
};

/** An element with a text. */
export const made = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text = '',
  properties: Partial<HTMLElementTagNameMap[K]> = {},
): HTMLElementTagNameMap[K] => {
  const element = Object.assign(document.createElement(tag), properties);
  if (text !== '') element.append(text);
  return element;
};
