import { defineTimeline } from 'rx-event-broker/timeline';
import type { Missed } from 'rx-event-broker/web';
import { RESTS } from './client.js';
import type { Price } from './prices.js';
import { sseEvents, type SseEvent } from './sseEvents.js';

const GAPS_SHOWN = 5;
const POINTS = 60;

const query = new URLSearchParams(location.search);
const isSlow = query.has('slow');
const one = <T extends Element>(selector: string): T => document.querySelector<T>(selector)!;
const write = (selector: string, text: string | number): void => {
  one(selector).textContent = String(text);
};

const name = `${isSlow ? 'Slow tab' : 'Tab'} ${query.get('tab')}`;
document.title = `${name}: prices`;
write('#name', name);
one<HTMLElement>('#slow').hidden = !isSlow;

const rows = new Map<string, { readonly row: HTMLTableRowElement; readonly points: number[] }>();
let received = 0;
let told = 0;

const rowOf = (symbol: string): HTMLTableRowElement => {
  const row = one<HTMLTemplateElement>('#row').content.cloneNode(true) as DocumentFragment;
  const tr = row.querySelector('tr')!;
  tr.querySelector('th')!.textContent = symbol;
  one('#prices').append(row);
  return tr;
};

const show = ({ symbol, price, bid, offer }: Price): void => {
  const { row, points } = rows.get(symbol) ?? { row: rowOf(symbol), points: [] };
  rows.set(symbol, { row, points });
  points.push(price);
  if (points.length > POINTS) points.shift();
  [...row.querySelectorAll('td')].forEach((cell, i) => {
    if (i < 3) cell.textContent = [price, bid, offer][i]!.toLocaleString('en');
  });
  const [low, high] = [Math.min(...points), Math.max(...points)];
  const y = (point: number): number => (high === low ? 12 : 22 - ((point - low) / (high - low)) * 20);
  row
    .querySelector('polyline')!
    .setAttribute('points', points.map((point, i) => `${(i / (POINTS - 1)) * 120},${y(point)}`).join(' '));
};

const showGap = ({ reason, count, first, last }: Missed): void => {
  const item = document.createElement('li');
  const span = first === undefined ? '' : first === last ? `: ${first}` : `: ${first} to ${last}`;
  item.textContent = `${count ?? 'some'} ${reason}${span}`;
  one('#gaps').prepend(item);
  one('#gaps').children[GAPS_SHOWN]?.remove();
};

const take = ({ type, data, lastEventId }: SseEvent): void => {
  if (type === 'missed') {
    const missed = JSON.parse(data) as Missed;
    told += missed.count ?? 0;
    showGap(missed);
  } else {
    received++;
    show(JSON.parse(data) as Price);
    write('#last', lastEventId);
  }
  write('#received', received);
  write('#told', told);
};

const say = (state: string): void => write('#state', state);
const ended = (): void => say('The market has ended.');

/** A browser reconnects by itself, and sends the id of its last event. */
const follow = (url: string): void => {
  const source = new EventSource(url);
  source.onopen = () => say(received === 0 ? 'Connected.' : `Reconnected after ${one('#last').textContent}.`);
  source.onerror = () => (source.readyState === EventSource.CLOSED ? ended() : say('Not connected. Trying again …'));
  for (const type of ['MarketData', 'missed']) source.addEventListener(type, take);
};

const followSlowly = async (url: string): Promise<void> => {
  say('Connected.');
  for await (const event of sseEvents(url, new AbortController().signal)) {
    take(event);
    await new Promise(done => setTimeout(done, RESTS));
  }
  ended();
};

const url = `prices${location.search}`;
if (isSlow) followSlowly(url).catch(() => say('Not connected. Load the page again.'));
else follow(url);

// a browser opens six connections to a server: the timeline has one while it is shown
defineTimeline();
const details = one<HTMLDetailsElement>('details');
const timeline = one('rx-timeline');
details.addEventListener('toggle', () => {
  if (details.open) timeline.setAttribute('src', 'records');
  else timeline.removeAttribute('src');
});
details.open = query.get('tab') === '1';
