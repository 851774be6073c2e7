import { expect, jest, test } from '@jest/globals';
import { BufferState } from '../../../../lib/source/disk/buffer/BufferState.js';

const error = new Error('failed');
const moves = {
  run: (state: BufferState) => state.run(),
  end: (state: BufferState) => state.end({ type: 'complete' }),
  drain: (state: BufferState) => state.drain(),
  close: (state: BufferState) => state.close(),
  fail: (state: BufferState) => state.fail(error),
};
type Move = keyof typeof moves;

const paths: Readonly<Record<string, readonly Move[]>> = {
  opening: [],
  running: ['run'],
  ending: ['run', 'end'],
  draining: ['run', 'end', 'drain'],
  closing: ['close'],
  failed: ['fail'],
};

const after = (path: readonly Move[]) => {
  const onFailure = jest.fn();
  const state = new BufferState(onFailure);
  for (const move of path) moves[move](state);
  return { state, onFailure };
};

test.each`
  from          | run          | end         | drain         | close        | fail
  ${'opening'}  | ${'running'} | ${'='}      | ${'='}        | ${'closing'} | ${'failed'}
  ${'running'}  | ${'='}       | ${'ending'} | ${'='}        | ${'closing'} | ${'failed'}
  ${'ending'}   | ${'='}       | ${'='}      | ${'draining'} | ${'closing'} | ${'failed'}
  ${'draining'} | ${'='}       | ${'='}      | ${'='}        | ${'closing'} | ${'failed'}
  ${'closing'}  | ${'='}       | ${'='}      | ${'='}        | ${'='}       | ${'failed'}
  ${'failed'}   | ${'='}       | ${'='}      | ${'='}        | ${'='}       | ${'='}
`('$from: where each move leads; = is a move that is ignored', ({ from, ...to }: Record<Move | 'from', string>) => {
  for (const [move, name] of Object.entries(to)) {
    const { state } = after([...paths[from]!, move as Move]);
    expect([move, state.now.name]).toEqual([move, name === '=' ? from : name]);
  }
});

test('the subscriptions end with closing and failed, and not before', () => {
  for (const [name, path] of Object.entries(paths)) {
    const { state } = after(path);
    expect([name, state.subscriptions.closed]).toEqual([name, name === 'closing' || name === 'failed']);
  }
});

test('only the first failure is reported, and thrown by check', () => {
  const { state, onFailure } = after(['run', 'fail']);
  state.fail(new Error('later'));
  expect(onFailure.mock.calls).toEqual([[error]]);
  expect(() => state.check()).toThrow(error);
  expect(() => after(['run', 'close']).state.check()).not.toThrow();
});

test('every move wakes whoever waits for a change', async () => {
  for (const [move, from] of [
    ['run', 'opening'],
    ['end', 'running'],
    ['drain', 'ending'],
    ['close', 'draining'],
    ['fail', 'closing'],
  ] as const) {
    const { state } = after(paths[from]!);
    const change = state.change();
    moves[move](state);
    await expect(change).resolves.toBeUndefined();
  }
});
