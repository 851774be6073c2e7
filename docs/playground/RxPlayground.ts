import type { Failure, Report, Values } from './Protocol.js';
import { openedBy, type Preset } from './page/Address.js';
import { drawPresets } from './page/drawPresets.js';
import { drawText, markStep } from './page/drawText.js';
import type { Editor } from './page/editor.js';
import { fetchOnce, fetchText } from './page/fetchText.js';
import { headerOf } from './page/headerOf.js';
import { LinkError } from './page/link.js';
import { made, parts, type Parts } from './page/parts.js';
import { onPress } from './page/onPress.js';
import { Player } from './page/Player.js';
import { playOn } from './page/playOn.js';
import { Results, shownTime } from './page/Results.js';
import { runSteps } from './page/runSteps.js';
import { share as shareLink } from './page/share.js';
import { Sliders } from './page/Sliders.js';
import { Start } from './page/Start.js';

/** `<rx-playground>`: a program, its time, and what happens in it. Attribute `theme`: `light` or `dark`. */
export class RxPlayground extends HTMLElement {
  static readonly observedAttributes = ['theme'];

  readonly #parts: Parts;
  readonly #results: Results;
  readonly #sliders: Sliders;
  readonly #player: Player;
  #presets: readonly Preset[] = [];
  #editor: Editor | undefined;
  #program = '';
  #isEdited = false;
  #isPlaying = false;
  #hasFailed = false;
  /** How often it was played. */
  #plays = 0;
  #opening = 0;
  readonly #begun = new Start();
  readonly #followed = (): void => void this.#open();

  constructor() {
    super();
    this.#parts = parts(this.attachShadow({ mode: 'open' }));
    this.#results = new Results(this.#parts, line => this.#editor?.goTo(line));
    this.#sliders = new Sliders(this.#parts.controls, (name, value) => void this.#player.set(name, value));
    this.#player = new Player(
      this.#parts.frames,
      { runner: fetchOnce('runner.js'), extras: fetchOnce('extras.js') },
      {
        began: () => this.#began(),
        reported: report => this.#reported(report),
        failed: failure => this.#failed(failure),
      },
    );
    onPress(this, this.#parts, {
      play: () => {
        if (this.#isPlaying) this.#pause();
        else this.#whenStarted('playing', () => this.#play());
      },
      step: () => this.#whenStarted('a step', () => this.#step()),
      restart: () => this.#whenStarted('', () => this.#restart()),
      share: () => {
        const shared = { program: this.#program, values: this.#sliders.values };
        void shareLink(shared).then(text => this.#status(text));
      },
    });
    this.#parts.presets.addEventListener('change', () => this.#goTo(this.#parts.presets.value));
  }

  async connectedCallback(): Promise<void> {
    addEventListener('hashchange', this.#followed);
    const opened = fetchText('presets.json').then(text => {
      this.#presets = JSON.parse(text) as readonly Preset[];
      drawPresets(this.#parts.presets, this.#presets);
      return this.#open();
    });
    const { openEditor } = await import('./page/editor.js');
    this.#parts.editor.replaceChildren();
    this.#editor = openEditor(this.#parts.editor, this.#parts.root, text => this.#edited(text));
    this.#editor.text = this.#program;
    this.#isEdited = false;
    await opened.catch((error: unknown) => this.#failed({ text: String(error), line: undefined }));
  }

  disconnectedCallback(): void {
    removeEventListener('hashchange', this.#followed);
    this.#isPlaying = false;
    this.#player.stop();
  }

  attributeChangedCallback(): void {
    this.#results.theme = this.getAttribute('theme') ?? 'light';
  }

  #goTo(fragment: string): void {
    history.replaceState(history.state, '', `#${fragment}`);
    void this.#open();
  }

  /** Opens what the address leads to. */
  async #open(): Promise<void> {
    const opening = ++this.#opening;
    this.#starting();
    this.#player.stop();
    try {
      const { id = '', program, values } = await openedBy(location.hash.slice(1), this.#presets);
      if (opening !== this.#opening) return;
      this.#parts.presets.value = id;
      this.#sliders.values = values;
      this.#show(program);
      await this.#restart();
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      if (opening !== this.#opening) return;
      this.#parts.presets.selectedIndex = -1;
      this.#began();
      this.#show('// No program\n');
      this.#failed({ text: error.message, line: undefined });
    }
  }

  #show(program: string): void {
    this.#program = program;
    if (this.#editor === undefined) this.#parts.editor.replaceChildren(made('pre', program));
    else this.#editor.text = program;
    this.#isEdited = false;
    drawText(this.#parts.text, headerOf(program), step => void this.#runToStep(step));
  }

  #edited(text: string): void {
    if (text === this.#program) return;
    this.#program = text;
    this.#isEdited = true;
    this.#parts.presets.value = '';
    drawText(this.#parts.text, headerOf(text), step => void this.#runToStep(step));
    this.#status('Edited. Play runs it from the start.');
  }

  async #restart(values: Values = this.#sliders.values): Promise<boolean> {
    const isCurrent = await this.#start(values);
    if (isCurrent && !this.#hasFailed) this.#started();
    return isCurrent;
  }

  /** False if another start came meanwhile. */
  async #start(values: Values, then = ''): Promise<boolean> {
    const start = this.#starting(then);
    this.#isEdited = false;
    this.#sliders.values = values;
    // A slider may move while it starts.
    await this.#player.start(this.#program, this.#sliders.values);
    return start === this.#begun.count;
  }

  #starting(then = ''): number {
    this.#setPlaying(false);
    this.#status(`Starting${then && `, then ${then}`}.`);
    return this.#begun.begin();
  }

  #started(): void {
    this.#rest();
    this.#begun.end();
  }

  /** What is pressed while a program starts is done then, unless another program is chosen. */
  #whenStarted(then: string, action: () => Promise<unknown>): void {
    if (this.#begun.keeps(action)) this.#status(`Starting${then && `, then ${then}`}.`);
  }

  /** Starts anew what is over, or was edited. */
  async #ready(): Promise<boolean> {
    const goesOn = !this.#isEdited && !this.#player.isStopped && !this.#player.isOver;
    return (goesOn || (await this.#restart())) && !this.#hasFailed;
  }

  async #play(): Promise<void> {
    if (!(await this.#ready())) return;
    const play = this.#setPlaying(true);
    this.#status('Playing.');
    const speed = (): number => Number(this.#parts.speed.value);
    // It may be paused, and played again by another call.
    const isOver = await playOn(this.#player, speed, () => this.#isPlaying && play === this.#plays);
    if (isOver && play === this.#plays) this.#pause();
  }

  #pause(): void {
    this.#setPlaying(false);
    this.#rest();
  }

  async #step(): Promise<void> {
    if (this.#isPlaying) this.#pause();
    else if (await this.#ready()) {
      const { count } = this.#begun;
      await this.#player.step();
      if (count === this.#begun.count) this.#rest();
    }
  }

  /** From the start, so that the same is seen each time. */
  async #runToStep(index: number): Promise<void> {
    const steps = headerOf(this.#program).steps.slice(0, index + 1);
    const started = this.#start({}, `to ${shownTime(steps.at(-1)?.at ?? 0)}`);
    const start = this.#begun.count;
    if (!(await started)) return;
    const set = (values: Values): void => {
      this.#sliders.values = { ...this.#sliders.values, ...values };
    };
    if (await runSteps(this.#player, steps, set, () => start === this.#begun.count)) {
      markStep(this.#parts.text, index);
      this.#started();
    }
  }

  #began(): void {
    this.#hasFailed = false;
    this.#results.clear();
    markStep(this.#parts.text, undefined);
  }

  #reported(report: Report): void {
    this.#results.add(report);
    this.#sliders.draw(report.controls);
    if (report.names !== undefined && this.#editor !== undefined) this.#editor.names = report.names;
  }

  #failed({ text, line, column }: Failure): void {
    this.#hasFailed = true;
    this.#begun.fail();
    this.#setPlaying(false);
    const where = line ?? (text.startsWith('SyntaxError') ? this.#editor?.wrongLine() : undefined);
    this.#results.problem({ text, line: where, column });
    this.#status('Stopped.');
  }

  #rest(): void {
    if (this.#hasFailed || this.#isPlaying) return;
    const { now, isOver } = this.#player;
    this.#status(isOver ? `At ${shownTime(now)}. Nothing more will happen.` : `Paused at ${shownTime(now)}.`);
  }

  #setPlaying(isPlaying: boolean): number {
    this.#isPlaying = isPlaying;
    this.#parts.play.textContent = isPlaying ? 'Pause' : 'Play';
    return isPlaying ? ++this.#plays : this.#plays;
  }

  #status(text: string): void {
    this.#parts.status.textContent = text;
  }
}
