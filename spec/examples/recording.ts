import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Messages as a file of records: the framing of docs/formats.md, written once more. */
export const framed = (messages: readonly Uint8Array[]): Buffer =>
  Buffer.concat(
    messages.map((message, number) => {
      const header = Buffer.alloc(12);
      header.writeUInt32BE(8 + message.length, 0);
      header.writeBigUInt64BE(BigInt(number), 4);
      return Buffer.concat([header, message]);
    }),
  );

/** Where record `index` begins. */
export const offsetOf = (messages: readonly Uint8Array[], index: number): number =>
  messages.slice(0, index).reduce((sum, { length }) => sum + 12 + length, 0);

/** A new folder with these files. The caller removes it. */
export const folderOf = (files: Readonly<Record<string, Uint8Array | string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'replay-spec-'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return folder;
};

/** A stream in place of a terminal, and what was written to it. */
export const page = (): { write(text: string): void; readonly text: () => string } => {
  let written = '';
  return {
    write(text) {
      written += text;
    },
    text: () => written,
  };
};

/** A message with what an envelope should not have in it. */
export const envelope = (fields: {
  readonly id?: string;
  readonly type?: number;
  readonly version?: number;
  readonly payload?: boolean;
}): Buffer => {
  const { id = '1-2', type = 2, version = 1, payload = true } = fields;
  const text = (field: number, value: string): Buffer =>
    Buffer.concat([Buffer.from([(field << 3) | 2, value.length]), Buffer.from(value)]);
  const number = (value: number): readonly number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7]);
  return Buffer.concat([
    text(1, id),
    text(2, 'AB'.repeat(32)),
    Buffer.from([0x18, ...number(type), 0x20, ...number(version)]),
    text(5, 'market-sim'),
    payload ? Buffer.from([...number((101 << 3) | 2), 2, 0x08, 0x01]) : Buffer.alloc(0),
  ]);
};
