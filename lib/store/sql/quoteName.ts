/** A name as an SQL identifier, whatever it holds; a dot separates schema and name: `app.orders` is `"app"."orders"`. */
export const quoteName = (name: string): string => name.split('.').map(quoteColumn).join('.');

/** The same for a name that may hold a dot, such as that of a column. */
export const quoteColumn = (name: string): string => `"${name.replaceAll('"', '""')}"`;
