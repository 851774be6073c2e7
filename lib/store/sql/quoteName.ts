/** A name as an SQL identifier, whatever it holds; a dot separates schema and name: `app.orders` is `"app"."orders"`. */
export const quoteName = (name: string): string =>
  name
    .split('.')
    .map(part => `"${part.replaceAll('"', '""')}"`)
    .join('.');
