import { expect, test } from '@jest/globals';
import { isBadRow } from '../../../lib/store/sql/isBadRow.js';

/** The classes of PostgreSQL's appendix A, with a code of each; what stands under `bad` is about the row alone. */
const CODES = {
  bad: [
    ...['21000', '22000', '22001', '22003', '22007', '22008', '22012', '22021', '22P02', '22P04', '22P05', '22030'],
    ...['23000', '23001', '23502', '23503', '23505', '23514', '23P01', '44000', '54000', '54001', 'P0001', 'P0002'],
  ],
  other: [
    ...['00000', '01000', '02000', '03000', '08000', '08003', '08006', '08P01', '09000', '0A000', '0B000', '0F000'],
    ...['0L000', '0P000', '0Z000', '20000', '24000', '25000', '25006', '25P02', '25P03', '26000', '27000', '28000'],
    ...['2B000', '2BP01', '2D000', '2F000', '34000', '38000', '39000', '3B000', '3D000', '3F000', '40000', '40001'],
    ...['40003', '40P01', '42000', '42501', '42601', '42703', '42804', '42P01', '42P10', '53000', '53100', '53200'],
    ...['53300', '53400', '54011', '54023', '55000', '55006', '55P03', '57000', '57014', '57P01', '57P02', '57P03'],
    ...['58000', '58030', '58P01', '72000', 'F0000', 'HV000', 'XX000', 'XX001', 'XX002'],
  ],
};

test.each(CODES.bad)('S12b %s is about the row', code => {
  expect(isBadRow(Object.assign(new Error('no'), { code }))).toBe(true);
});

test.each(CODES.other)('S12d %s is not about the row', code => {
  expect(isBadRow(Object.assign(new Error('no'), { code }))).toBe(false);
});

test.each([
  ['a driver that waited too long', new Error('Query read timeout')],
  ['a network', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
  ['a broken pipe, whose code has five letters', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })],
  ['a program', new TypeError('x is undefined')],
  ['a code that is a number', Object.assign(new Error('no'), { code: 23_505 })],
  ['a code of another tool that looks like one', Object.assign(new Error('no'), { code: 'P2002' })],
  ['a code with more behind it', Object.assign(new Error('no'), { code: '23505x' })],
  ['nothing', undefined],
  ['null', null],
  ['a text', '23505'],
])('S12d %s is not about the row', (_what, error) => {
  expect(isBadRow(error)).toBe(false);
});

test('S12 an error that wraps one of the driver is judged by its cause, however long the chain of causes', () => {
  const inner = (code: string) => Object.assign(new Error('no'), { code });
  expect(isBadRow(new Error('insert failed', { cause: inner('23505') }))).toBe(true);
  expect(isBadRow(new Error('insert failed', { cause: inner('53100') }))).toBe(false);
  expect(isBadRow(Object.assign(new Error('no', { cause: inner('23505') }), { code: '40001' }))).toBe(false);
  const circle: { cause?: unknown } = {};
  circle.cause = circle;
  expect(isBadRow(circle)).toBe(false);
});
