// Modules that few programs import, as a script of its own.
import * as codecs from 'io-ts';
import * as schemas from 'zod';

Object.assign(globalThis, { playgroundExtras: { 'io-ts': codecs, zod: schemas } });
