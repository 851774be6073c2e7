import type { RecordKind } from '../../inspect/InspectRecord.js';

/** The colours of a theme. */
export interface Palette {
  readonly background: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly stripe: string;
  readonly selected: string;
  readonly area: string;
  readonly areaEdge: string;
  readonly bar: string;
  readonly failed: string;
  readonly open: string;
  readonly unknown: string;
  readonly source: string;
  readonly pause: string;
  readonly gap: string;
  readonly marks: Readonly<Partial<Record<RecordKind, string>>>;
}

const light: Palette = {
  background: '#ffffff',
  text: '#1d2733',
  faint: '#5b6673',
  line: '#d5dbe1',
  stripe: '#f5f7f9',
  selected: '#e3eefc',
  area: '#cfe0f5',
  areaEdge: '#7fa8d9',
  bar: '#2f6fb6',
  failed: '#c62828',
  open: '#b35900',
  unknown: '#8a94a0',
  source: '#3d7a4a',
  pause: '#9a5fb5',
  gap: '#d32f2f',
  marks: {
    dropped: '#c62828',
    superseded: '#a35b00',
    failed: '#c62828',
    retrying: '#a35b00',
    stalled: '#8e24aa',
    skipped: '#5b6673',
    lost: '#c62828',
  },
};

const dark: Palette = {
  background: '#12161c',
  text: '#e6ebf0',
  faint: '#9aa7b4',
  line: '#2c3540',
  stripe: '#171c23',
  selected: '#1d2f47',
  area: '#1f3a5a',
  areaEdge: '#4b7fb8',
  bar: '#5b9fe6',
  failed: '#ff6b6b',
  open: '#ffab4d',
  unknown: '#77828e',
  source: '#6cc07d',
  pause: '#c792e0',
  gap: '#ff6b6b',
  marks: {
    dropped: '#ff6b6b',
    superseded: '#ffb454',
    failed: '#ff6b6b',
    retrying: '#ffb454',
    stalled: '#d79bf0',
    skipped: '#9aa7b4',
    lost: '#ff6b6b',
  },
};

/** The colours for a light or a dark page. Text has a contrast of at least 4.5 : 1. */
export const palette = (isDark: boolean): Palette => (isDark ? dark : light);
