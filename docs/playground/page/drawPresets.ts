import type { Preset } from './Address.js';
import { headerOf } from './headerOf.js';
import { made } from './parts.js';

/** Fills the list of programs, group by group. An edited program, or that of a link, has the value ''. */
export const drawPresets = (list: HTMLSelectElement, presets: readonly Preset[]): void => {
  const groups = new Set(presets.map(({ group }) => group));
  list.replaceChildren(
    made('option', 'Edited program', { value: '', hidden: true }),
    ...[...groups].map(label => {
      const group = made('optgroup', '', { label });
      const inGroup = presets.filter(preset => preset.group === label);
      group.append(...inGroup.map(({ id, program }) => made('option', headerOf(program).title, { value: id })));
      return group;
    }),
  );
};
