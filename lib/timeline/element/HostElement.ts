/**
 * What the element extends. Where there is no DOM the module can be imported all the same, so that a page may be rendered on a server;
 * an element cannot be made there.
 */
export const HostElement = globalThis.HTMLElement ?? Object;
