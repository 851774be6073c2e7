import { escaped } from '../../event/shown.js';

/** A row of a table: its class, its heading, and its cells. */
export interface Row {
  readonly className?: string;
  readonly cells: readonly string[];
}

/** A table with a caption and headings. Recorded texts are inserted as text, never as HTML. */
export const tableOf = (
  caption: string,
  heads: readonly string[],
  rows: readonly Row[],
  rowHead: number,
): HTMLTableElement => {
  const table = document.createElement('table');
  table.createCaption().textContent = escaped(caption);
  const head = table.createTHead().insertRow();
  for (const text of heads) head.append(cell('th', text, 'col'));
  const body = table.createTBody();
  for (const { className = '', cells } of rows) {
    const row = body.insertRow();
    row.className = className;
    cells.forEach((text, i) => row.append(i === rowHead ? cell('th', text, 'row') : cell('td', text)));
  }
  return table;
};

const cell = (name: 'th' | 'td', text: string, scope?: string): HTMLElement => {
  const element = document.createElement(name);
  if (scope !== undefined) element.setAttribute('scope', scope);
  element.textContent = escaped(text);
  return element;
};
