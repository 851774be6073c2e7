import type { Header, Step } from './headerOf.js';
import { made } from './parts.js';

/** Shows what a program says of itself. A step is a button: `go` runs the program to it. */
export const drawText = (host: HTMLElement, { title, paragraphs, steps }: Header, go: (step: number) => void): void => {
  const list = made('ol', '', { className: 'steps' });
  list.append(
    ...steps.map((step, index) => {
      const item = made('li');
      const button = made('button', nameOf(step), { type: 'button' });
      button.addEventListener('click', () => go(index));
      item.append(button, withCode(step.text));
      return item;
    }),
  );
  const texts = paragraphs.map(text => {
    const paragraph = made('p');
    paragraph.append(withCode(text));
    return paragraph;
  });
  host.replaceChildren(made('h2', title || 'A program'), ...texts, ...(steps.length > 0 ? [list] : []));
};

/** Marks the step at which the program is. */
export const markStep = (host: HTMLElement, current: number | undefined): void => {
  for (const [index, button] of [...host.querySelectorAll('ol.steps button')].entries()) {
    if (index === current) button.setAttribute('aria-current', 'step');
    else button.removeAttribute('aria-current');
  }
};

const nameOf = ({ at, set }: Step): string =>
  [...Object.entries(set).map(([name, value]) => `${name} ${value}`), `${at} ms`].join(', ');

const withCode = (text: string): HTMLElement => {
  const span = made('span');
  for (const [index, part] of text.split('`').entries()) span.append(index % 2 === 0 ? part : made('code', part));
  return span;
};
