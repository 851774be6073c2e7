import { LinkError, sharedIn, type Shared } from './link.js';

/** A program that comes with the site. */
export interface Preset {
  readonly id: string;
  readonly group: string;
  readonly program: string;
}

/** What the fragment of the address leads to; without one, the first preset. Throws `LinkError`. */
export const openedBy = async (
  fragment: string,
  presets: readonly Preset[],
): Promise<Shared & { readonly id?: string }> => {
  if (/^p\d+=/.test(fragment)) return sharedIn(fragment);
  const id = decoded(fragment);
  const preset = id === '' ? presets[0] : presets.find(each => each.id === id);
  if (preset === undefined) throw new LinkError(`There is no program "${id.slice(0, 80)}".`);
  return { id: preset.id, program: preset.program, values: {} };
};

/** What is no valid encoding is the name of no program. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
