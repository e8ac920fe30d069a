// Stored runs in a real browser: what a person reads equals the report, and all of it can be reached by the keyboard alone.
import { beforeAll, describe, expect } from '@jest/globals';
import type { Page } from 'puppeteer-core';
import type { RunReport } from '../../src/analysis/index.ts';
import { duration, money, plural } from '../../src/analysis/numbers.ts';
import { COLOURS, pale } from '../../src/viewer/web/colours.ts';
import type { Snapshot } from '../../src/viewer/wire.ts';
import { randomRun } from '../analysis/random-runs.ts';
import { segmentsOf } from '../e2e/ui/picture-of.ts';
import { dataHome, reportOf, serve, store, type Served } from '../e2e/ui/served.ts';
import { missingNeed, testWith } from '../harness/index.ts';
import { axeFindings, gutterOf, keepPicture, openPage, pixelAt, textOf, waitForLanes, type OpenPage } from './browser.ts';

let served: Served | undefined;
let home = '';

beforeAll(async () => {
  if (missingNeed('chromium') !== undefined) return;
  home = dataHome();
  for (const seed of [3, 4]) {
    const data = randomRun(seed);
    store(home, { ...data, run: { ...data.run, id: `run-${seed}`, name: `random ${seed}` } });
  }
  served = await serve(home);
});

/** The page at a route, with the token of the server. */
async function open(route = '', size?: { width: number; height: number }): Promise<OpenPage> {
  if (served === undefined) throw new Error('the server was not started');
  return openPage(`${served.base}/#t=${served.token}${route}`, size);
}

const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.className ?? '');

describe('a stored run', () => {
  testWith('chromium', 'shows the numbers of the report', async () => {
    const report = (await reportOf(home, 'run-3')) as RunReport;
    const { page, said } = await open('/run/run-3');
    await waitForLanes(page);
    await page.waitForSelector('[data-section="money"], .below');
    expect(await textOf(page, '[data-what="length"]')).toBe(duration(report.run.wallMs));
    expect(await textOf(page, '[data-tile="Seen"] .main')).toBe(plural(report.spanCount, 'span'));
    if (report.usage.cost.amount !== undefined) {
      expect(await textOf(page, '[data-tile="Money"] .main')).toBe(money(report.usage.cost.amount, 'USD'));
    }
    expect(await textOf(page, '[data-tile="Money"] .detail')).toContain(plural(report.usage.calls, 'LLM call'));
    const times = await page.$$eval('[data-section="lane-time"] tbody td:nth-child(2)', (cells) =>
      cells.map(({ textContent }) => textContent),
    );
    expect(times).toEqual(report.laneTime.byCategory.map(({ ms }) => duration(ms)));
    const slowest = await page.$$eval('.slowest li', (items) =>
      items.map((item) => [item.querySelector('button')?.textContent, item.querySelector('b')?.textContent]),
    );
    expect(slowest).toEqual(report.slowest.map(({ name, durationMs }) => [name, duration(durationMs)]));
    await page.focus('canvas.lanes');
    await page.keyboard.press('r');
    await page.waitForSelector('[data-section="usage"]');
    const models = await page.$$eval('[data-section="usage"] tbody tr', (rows) =>
      rows.map((row) => [...row.children].map(({ textContent }) => textContent)),
    );
    expect(models.map(([name, calls]) => [name, calls])).toEqual([
      ...report.usage.models.map(({ model, calls }) => [model, String(calls)]),
      ['all', String(report.usage.calls)],
    ]);
    expect(said).toEqual([]);
    await page.close();
  });

  testWith('chromium', 'is drawn in the categories that its segments have, at fifty places', async () => {
    const snapshot = await served?.get<Snapshot>('/api/runs/run-4/snapshot');
    if (snapshot === undefined) throw new Error('no snapshot');
    const { page } = await open('/run/run-4');
    // The report comes last, and what it adds takes room.
    await page.waitForSelector('[data-section="money"], .below');
    await waitForLanes(page);
    const { width, height } = await page.$eval('canvas.lanes', (canvas) => ({ width: canvas.clientWidth, height: canvas.clientHeight }));
    const gutterPx = await gutterOf(page);
    const lengthMs = (snapshot.run.endMs ?? snapshot.now) - snapshot.startMs;
    const rowPx = snapshot.lanes.count <= 8 ? 28 : Math.max(3, Math.min(28, Math.floor(height / snapshot.lanes.count)));
    const perMs = (width - gutterPx) / lengthMs;
    // Wide enough that a place in its first third is in no letter, and plain: a hatch has two colours.
    const plain = segmentsOf(snapshot).filter(
      ({ start, end, category }) => (end - start) * perMs > 40 && !COLOURS[category].form.includes('hatch'),
    );
    expect(plain.length).toBeGreaterThan(10);
    const step = Math.max(1, Math.floor(plain.length / 50));
    const seen: unknown[] = [];
    const expected: unknown[] = [];
    for (let at = 0; at < plain.length && seen.length < 50; at += step) {
      const { lane, start, end, category } = plain[at]!;
      const y = lane * rowPx + Math.floor(rowPx / 2) - 1;
      if (y >= height) continue;
      const { r, g, b } = pale(category, 'light');
      const inBitmap = `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
      expected.push([lane, start, category, rowPx >= 11 ? COLOURS[category].light : inBitmap]);
      seen.push([lane, start, category, await pixelAt(page, gutterPx + (start + (end - start) / 4) * perMs, y)]);
    }
    expect(seen).toEqual(expected);
    await page.close();
  });

  testWith('chromium', 'is opened, walked through and left by keys alone, and the focus is never lost', async () => {
    const { page, said } = await open();
    await page.waitForSelector('table.rows a');
    for (let presses = 0; presses < 20 && !(await page.evaluate(() => document.activeElement?.tagName === 'A')); presses++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await waitForLanes(page);
    for (let presses = 0; presses < 30 && (await focused(page)) !== 'lanes'; presses++) await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('lanes');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await textOf(page, '#announcement')).toMatch(/^Lane \d+.*: .+/);
    // An empty part of a lane has no task: the next activity of one has.
    for (let steps = 0; steps < 40 && !/^Lane \d+, /.test(await textOf(page, '#announcement')); steps++)
      await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.waterfall tbody button');
    expect(await page.evaluate(() => location.hash)).toContain('sel=task:');
    expect(await focused(page)).toBe('lanes');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => location.hash)).toMatch(/[?&]t=\d+-\d+/);
    await page.focus('.waterfall tbody button');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.span-panel dl');
    expect(await textOf(page, '.span-panel dl')).toContain('Trace');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.span-panel', { hidden: true });
    expect(await focused(page)).toBe('lanes');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.drawer', { hidden: true });
    await page.keyboard.press('0');
    expect(await page.evaluate(() => location.hash)).not.toMatch(/[?&]t=/);
    for (const [key, selector] of [
      ['t', 'table.rows[aria-rowcount]'],
      ['t', 'canvas.lanes'],
      ['?', 'dialog'],
    ] as const) {
      await page.keyboard.press(key);
      await page.waitForSelector(selector);
    }
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { hidden: true });
    expect(said).toEqual([]);
    await page.close();
  });

  testWith('chromium', 'is at the same place after a reload and in another tab, and the token is nowhere in the address', async () => {
    const { page } = await open('/run/run-3/table?q=type%3Anothing&only=1');
    await page.waitForSelector('#filter');
    const token = served?.token ?? '';
    const address = await page.evaluate(() => location.href);
    expect(address).not.toContain(token);
    expect(await page.title()).not.toContain(token);
    expect(await page.evaluate(() => document.referrer + JSON.stringify(history.state))).not.toContain(token);
    await page.reload();
    await page.waitForSelector('table.rows[aria-rowcount="1"]');
    expect(await page.$eval('#filter', (input) => (input as HTMLInputElement).value)).toBe('type:nothing');
    expect(await page.evaluate(() => location.href)).toBe(address);
    // Without the token it is a stranger's tab.
    const stranger = await openPage(address);
    await stranger.page.evaluate(() => {
      sessionStorage.clear();
      location.reload();
    });
    await stranger.page.waitForSelector('.failure');
    expect(await textOf(stranger.page, '.failure h1')).toBe('No access: open the address that swarmscope printed.');
    await Promise.all([page.close(), stranger.page.close()]);
  });

  testWith('chromium', 'beside another one: figures, both pictures, what changed', async () => {
    const { page, said } = await open('/diff/run-3/run-4');
    await page.waitForSelector('[data-what="difference"]');
    const [a, b] = (await Promise.all(['run-3', 'run-4'].map((id) => reportOf(home, id)))) as [RunReport, RunReport];
    const differenceMs = b.run.wallMs - a.run.wallMs;
    const words =
      differenceMs === 0 ? 'took as long as' : `is ${duration(Math.abs(differenceMs))} ${differenceMs > 0 ? 'slower' : 'faster'} than`;
    expect(await textOf(page, '[data-what="difference"]')).toContain(`B (random 4) ${words}`);
    expect(await page.$$eval('canvas.still', (found) => found.length)).toBe(2);
    expect(said).toEqual([]);
    await page.close();
  });

  testWith('chromium', 'that is not stored is said to be so', async () => {
    const { page } = await open('/run/no-such-run');
    await page.waitForSelector('.failure');
    expect(await textOf(page, '.failure')).toContain('This run is not stored here.');
    await page.close();
  });
});

describe('everyone', () => {
  const states: readonly (readonly [string, string, string])[] = [
    ['the list of runs', '', 'table.rows a'],
    ['the board', '/run/run-3', '.slowest, .legend'],
    ['a task', '/run/run-3?sel={task}', '.waterfall tbody button'],
    ['the table', '/run/run-3/table', 'table.rows tbody tr'],
    ['the report', '/run/run-3/report', '[data-section="usage"], .report section'],
    ['two runs', '/diff/run-3/run-4', '[data-what="difference"]'],
    ['a review', '/review/run-3,run-4', '[data-what="reviewed"]'],
    ['a run that is not there', '/run/none', '.failure'],
  ];

  testWith('chromium', 'axe finds nothing in any state, light and dark', async () => {
    const found: string[] = [];
    const snapshot = await served?.get<Snapshot>('/api/runs/run-3/snapshot');
    for (const [name, route, selector] of states) {
      const { page } = await open(route.replace('{task}', `task:${snapshot?.tasks.id[0] ?? ''}`));
      await page.waitForSelector(selector);
      for (const theme of ['light', 'dark']) {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
        await page.waitForSelector(`html[data-theme="${theme}"]`);
        found.push(...(await axeFindings(page)).map((finding) => `${name}, ${theme}: ${finding}`));
        await keepPicture(page, `${name} ${theme}`);
      }
      // Colours that the system forces, and a wish for less motion: all that was there is there.
      const text = await page.$eval('#page', ({ textContent }) => textContent);
      await page.emulateMediaFeatures([
        { name: 'forced-colors', value: 'active' },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ]);
      expect((await page.$eval('#page', ({ textContent }) => textContent)).length).toBe(text.length);
      expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
      await keepPicture(page, `${name} forced colours`);
      await page.close();
    }
    expect(found).toEqual([]);
  });

  testWith('chromium', 'has all of it in 320 pixels and at 200 %, without scrolling sideways', async () => {
    for (const size of [
      { width: 320, height: 640 },
      { width: 720, height: 450 },
    ]) {
      for (const [name, route, selector] of states.filter(([state]) => state !== 'a task')) {
        const { page } = await open(route, size);
        await page.waitForSelector(selector);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect([route, size.width, overflow <= 0]).toEqual([route, size.width, true]);
        await keepPicture(page, `${name} ${size.width}`);
        await page.close();
      }
    }
  });
});
