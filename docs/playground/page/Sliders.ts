import type { Control, Values } from '../Protocol.js';
import { made } from './parts.js';

/** The sliders that a program declares. They stay while it declares the same ones again. */
export class Sliders {
  readonly #host: HTMLFieldSetElement;
  readonly #changed: (name: string, value: number) => void;
  readonly #sliders = new Map<string, { readonly control: Control; readonly show: (value: number) => void }>();
  #values: Record<string, number> = {};

  constructor(host: HTMLFieldSetElement, changed: (name: string, value: number) => void) {
    this.#host = host;
    this.#changed = changed;
  }

  /** What the sliders say, also those that the program has not declared yet. */
  get values(): Values {
    return this.#values;
  }

  set values(values: Values) {
    this.#values = { ...values };
  }

  draw(controls: readonly Control[]): void {
    const isSame = ({ name, min, max, step, unit }: Control): boolean => {
      const known = this.#sliders.get(name)?.control;
      return known?.min === min && known.max === max && known.step === step && known.unit === unit;
    };
    if (controls.length !== this.#sliders.size || !controls.every(isSame)) this.#make(controls);
    // A report can be of a value that was changed since it was asked for.
    for (const { name, value } of controls) this.#sliders.get(name)?.show(this.#values[name] ?? value);
    this.#host.hidden = controls.length === 0;
  }

  #make(controls: readonly Control[]): void {
    this.#sliders.clear();
    for (const label of this.#host.querySelectorAll('label')) label.remove();
    for (const control of controls) {
      const { name, min, max, step, unit } = control;
      const label = made('label', name);
      const input = made('input', '', { type: 'range' });
      Object.assign(input, { min: String(min), max: String(max), step: String(step) });
      input.setAttribute('aria-label', name);
      const output = made('output');
      const show = (value: number): void => {
        input.value = String(value);
        output.textContent = `${value} ${unit}`.trim();
        input.setAttribute('aria-valuetext', output.textContent);
      };
      input.addEventListener('input', () => {
        const value = Number(input.value);
        show(value);
        this.#values[name] = value;
        this.#changed(name, value);
      });
      label.append(input, output);
      this.#host.append(label);
      this.#sliders.set(name, { control, show });
    }
  }
}
