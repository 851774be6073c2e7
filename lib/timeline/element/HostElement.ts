/**
 * The base class of the element. Without a DOM it is `Object`, so that the module can be imported for rendering on a server. An element
 * cannot be created there.
 */
export const HostElement = globalThis.HTMLElement ?? Object;
