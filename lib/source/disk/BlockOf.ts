/** The seam between messages and blocks: which block a message belongs to (a key), and whether it begins one. */
export type BlockOf = (message: Uint8Array) => { readonly block: string; readonly begins: boolean };
