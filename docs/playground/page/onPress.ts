import type { Parts } from './parts.js';

type Button = 'play' | 'step' | 'restart' | 'share';

/** What the buttons do. Control and Enter plays, from everywhere in the element. */
export const onPress = (element: HTMLElement, parts: Parts, actions: Readonly<Record<Button, () => void>>): void => {
  for (const name of ['play', 'step', 'restart', 'share'] as const) {
    parts[name].addEventListener('click', actions[name]);
  }
  element.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    parts.play.click();
  });
};
