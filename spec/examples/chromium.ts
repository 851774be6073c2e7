import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

export const executable = '/usr/bin/chromium';

const flags = [
  '--headless',
  '--remote-debugging-port=0',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A Chromium whose tabs are hidden as a user's are: by another one in front. Playwright's own launch makes every tab believe
 * that it is seen; so this one is started by us, and Playwright leaves its defaults away (`noDefaults`).
 */
export const openChromium = async (): Promise<{
  readonly context: BrowserContext;
  readonly close: () => Promise<void>;
}> => {
  const profile = await mkdtemp(join(tmpdir(), 'chromium-spec-'));
  const child = spawn(executable, [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TMPDIR: profile },
  });
  const exit = once(child, 'exit');
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, found] = /DevTools listening on (ws:\S+)/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    exit.then(() => reject(new Error(`Chromium ended before it listened:\n${said}`)), reject);
  });
  const browser = await chromium.connectOverCDP(address, { noDefaults: true });
  return {
    context: browser.contexts()[0]!,
    close: async () => {
      const session = await browser.newBrowserCDPSession();
      await session.send('Browser.close').catch(() => undefined); // it may be gone before it has answered
      await exit;
      await rm(profile, { recursive: true, force: true, maxRetries: 20 });
    },
  };
};
