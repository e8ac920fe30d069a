// A run that goes on, in a real browser: what is told is on the screen, and what goes wrong on the way is said and made good.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect } from '@jest/globals';
import type { Page } from 'puppeteer-core';
import { COLOURS } from '../../src/viewer/web/colours.ts';
import type { LaneChanges, Need, OpenWork, Snapshot, Totals } from '../../src/viewer/wire.ts';
import { dist, ensureBuilt, missingNeed, requireBuilt, testWith } from '../harness/index.ts';
import { gutterOf, openPage, pixelAt, textOf, waitForLanes } from './browser.ts';
import { snapshotOf } from './made-runs.ts';
import { startToldServer, type ToldServer } from './told-server.ts';

/** The right edge of a young run stands at ten seconds. */
const EDGE_MS = 10_000;
const made = snapshotOf([
  { tasks: [{ label: 'first', parts: [['llm', 2_000]] }] },
  { tasks: [{ label: 'second', parts: [['tool', 2_000]] }] },
]);
const open: readonly OpenWork[] = [0, 1].map((lane) => ({
  lane,
  task: lane,
  category: made.g.c[lane] ?? 0,
  since: 0,
  sign: 2_000,
  name: 'chat',
}));
/** Its clock stands: two seconds after the start, whenever it is asked. */
const live: Snapshot = {
  ...made,
  run: { id: 'made-run', name: 'made run', command: 'node made.js', state: 'live' },
  open,
  totals: { ...made.totals, busy: 2, tasks: { running: 2, done: 0, failed: 0, cut: 0 }, nowBy: [{ category: 'llm', lanes: 2 }] },
};
const number = (category: (typeof made.categories)[number]): number => made.categories.indexOf(category);
const change = (
  lane: number,
  from: number,
  parts: readonly (readonly [category: (typeof made.categories)[number], ms: number])[],
): LaneChanges => ({
  l: [lane],
  f: [from],
  k: [parts.length],
  c: parts.map(([category]) => number(category)),
  s: parts.map(() => 0),
  d: parts.map(([, ms]) => ms),
  t: parts.map(() => lane),
});

let html = '';
let server: ToldServer;

beforeAll(() => {
  ensureBuilt();
  html = readFileSync(requireBuilt(join(dist, 'view.html')), 'utf8');
});

beforeEach(async () => {
  if (missingNeed('chromium') === undefined) server = await startToldServer(html, live);
});

async function watch(): Promise<{ page: Page; said: string[] }> {
  const { page, said } = await openPage(`${server.url}/#/run/made-run`);
  await waitForLanes(page);
  return { page, said };
}

/** Waits until the place of this moment in this lane has this colour. */
async function waitForColour(page: Page, lane: number, ms: number, colour: string): Promise<void> {
  const width = await page.$eval('canvas.lanes', (canvas) => canvas.clientWidth);
  const gutterPx = await gutterOf(page);
  const x = gutterPx + (ms / EDGE_MS) * (width - gutterPx);
  for (let last = ''; last !== colour; last = await pixelAt(page, x, lane * 28 + 4)) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }
}

const waitForText = (page: Page, selector: string, text: string): Promise<unknown> =>
  page.waitForFunction(
    (at: string, wanted: string) => document.querySelector(at)?.textContent?.includes(wanted) === true,
    {},
    selector,
    text,
  );

testWith('chromium', 'a run with too many segments is drawn from all of those in view, and says what is merged', async () => {
  const merged: Snapshot = {
    ...made,
    mergedMs: 5,
    notes: ['300000 segments are too many to be sent at once: those up to 5 ms are part of the one before.'],
  };
  const told = await startToldServer(html, merged, (asked) => {
    const [from, to, px] = ['from', 'to', 'px'].map((name) => Number(asked.get(name))) as [number, number, number];
    const [firstLane = 0, lastLane = 0] = (asked.get('lanes') ?? '').split('-').map(Number);
    // The left half of each lane is git, of the right half nothing is known.
    const letter = String.fromCharCode('A'.charCodeAt(0) + number('git'));
    const row = letter.repeat(Math.floor(px / 2)).padEnd(px, '.');
    return { from, to, px, firstLane, rows: Array.from({ length: lastLane - firstLane + 1 }, () => row) };
  });
  const { page, said } = await openPage(`${told.url}/#/run/made-run`);
  await waitForLanes(page);
  await waitForText(page, '.banner', 'those up to 5 ms are part of the one before');
  await waitForText(page, '.banner', 'What is in view is drawn from all of them');
  const [width, gutterPx] = [await page.$eval('canvas.lanes', (canvas) => canvas.clientWidth), await gutterOf(page)];
  const at = (share: number): Promise<string> => pixelAt(page, gutterPx + share * (width - gutterPx), 4);
  expect([await at(0.1), await at(0.4), await at(0.9)]).toEqual([COLOURS.git.light, COLOURS.git.light, '#ffffff']);
  // Another part is asked for anew, and until it has come what is merged is drawn.
  await page.focus('canvas.lanes');
  await page.keyboard.press('w');
  for (let asked = 0; asked < 2; asked = told.asked.get('tiles') ?? 0)
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  expect(said.filter((line) => line.startsWith('pageerror'))).toEqual([]);
  await page.close();
});

describe('a living run', () => {
  testWith('chromium', 'shows a frame in the pixels that it is about, and what is late, double or out of order ends the same', async () => {
    const { page, said } = await watch();
    await waitForText(page, '.state', 'live');
    server.tell({ w: change(0, 1_000, [['git', 900]]), open: [] });
    await waitForColour(page, 0, 1_500, COLOURS.git.light);
    await waitForColour(page, 0, 500, COLOURS.llm.light);
    // Told again from an earlier moment on, then what came before that, then the same once more.
    server.tell({
      w: change(0, 500, [
        ['tool', 700],
        ['git', 700],
      ]),
    });
    server.tell({
      w: change(1, 0, [
        ['startup', 800],
        ['tool', 1_100],
      ]),
    });
    server.tell({
      w: change(0, 500, [
        ['tool', 700],
        ['git', 700],
      ]),
    });
    await waitForColour(page, 0, 1_000, COLOURS.tool.light);
    await waitForColour(page, 0, 1_600, COLOURS.git.light);
    await waitForColour(page, 1, 300, COLOURS.startup.light);
    expect(said).toEqual([]);
    await page.close();
  });

  testWith('chromium', 'tells what needs someone, in words to a screen reader too, and leads there', async () => {
    const { page } = await watch();
    const need: Need = { id: 'h', kind: 'human', isUrgent: true, text: '1 task waits for a human', since: 500, lanes: [1], tasks: [1] };
    server.tell({ needs: [need], verdict: { word: 'no', rule: 'human', reason: need.text } });
    await waitForText(page, '.need.urgent', need.text);
    await waitForText(page, '#announcement', need.text);
    await waitForText(page, '[data-tile="Is it OK?"]', 'No');
    expect(await page.title()).toMatch(/^No · /);
    await page.focus('canvas.lanes');
    await page.keyboard.press('n');
    await waitForText(page, '.drawer h2', 'second');
    expect(await page.evaluate(() => location.hash)).toContain(`sel=task:${made.tasks.id[1]}`);
    // A live finding has a card with what it says, since when, and the tasks that show it, until it is withdrawn.
    const text = 'first has asked for the same 5 times';
    const finding: Need = { id: 'tool_loop/1', kind: 'finding', isUrgent: true, text, since: 1_500, lanes: [0], tasks: [0] };
    server.tell({ needs: [finding], verdict: { word: 'no', rule: 'finding', reason: text } });
    await waitForText(page, '.need.urgent[data-need="finding"] p', text);
    expect(await textOf(page, '[data-need="finding"] .mark')).toBe('!');
    expect(await page.$('[data-need="human"]')).toBeNull();
    await waitForText(page, '[data-need="finding"]', 'first');
    await waitForText(page, '#announcement', text);
    server.tell({ needs: [], verdict: { word: 'yes', rule: 'none', reason: '' } });
    await waitForText(page, 'aside.needs', 'Nothing needs you.');
    expect(await page.$('[data-need="finding"]')).toBeNull();
    await page.close();
  });

  testWith('chromium', 'does not move what one looks at: zoomed or paused it stands still until one goes back to now', async () => {
    const { page } = await watch();
    const ticks = (): Promise<(string | null)[]> => page.$$eval('.tick', (found) => found.map(({ textContent }) => textContent));
    const before = await ticks();
    await page.focus('canvas.lanes');
    await page.keyboard.press('w');
    await waitForText(page, '.banner', 'Not following');
    const zoomed = await ticks();
    expect(zoomed).not.toEqual(before);
    const totals: Totals = { ...live.totals, spans: 77_000 };
    server.tell({ now: made.startMs + 60_000, w: change(0, 2_000, [['llm', 58_000]]), totals });
    await waitForText(page, '[data-tile="Seen"]', '77.0k spans');
    expect(await ticks()).toEqual(zoomed);
    await page.keyboard.press('f');
    await page.waitForSelector('.banner', { hidden: true });
    await page.waitForFunction(() => [...document.querySelectorAll('.tick')].some(({ textContent }) => textContent === '0:50'));
    await page.keyboard.press(' ');
    const paused = await ticks();
    server.tell({ now: made.startMs + 600_000, totals: { ...totals, spans: 78_000 } });
    await waitForText(page, '[data-tile="Seen"]', '78.0k spans');
    await waitForText(page, '.banner', 'Paused');
    expect(await ticks()).toEqual(paused);
    await page.close();
  });

  testWith('chromium', 'says that the connection is lost, keeps what it has, and goes on by number when the server is back', async () => {
    const { page } = await watch();
    server.setDown(true);
    await waitForText(page, '.banner', 'Connection lost, trying again');
    await waitForText(page, '.state', 'connection lost');
    expect(await textOf(page, '[data-tile="Tasks"] .main')).toBe('2 running');
    server.tell({ w: change(0, 1_000, [['git', 900]]), open: [] });
    server.setDown(false);
    await page.waitForSelector('.banner', { hidden: true });
    await waitForColour(page, 0, 1_500, COLOURS.git.light);
    expect(server.asked.get('snapshot')).toBe(1);
    await page.close();
  });

  testWith('chromium', 'fetches the snapshot anew where frames were missed', async () => {
    const { page } = await watch();
    const other = snapshotOf([{ tasks: [{ label: 'other', parts: [['git', 2_000]] }] }]);
    server.hold({ ...live, ...other, run: live.run, open: [], totals: live.totals });
    server.tell({ reset: true });
    await waitForColour(page, 0, 1_000, COLOURS.git.light);
    expect(server.asked.get('snapshot')).toBe(2);
    await page.close();
  });

  testWith('chromium', 'ends: the stored picture takes its place, and nothing is asked any more', async () => {
    const { page } = await watch();
    const ended = { ...made, run: { ...made.run, exitCode: 3 } };
    server.hold(ended);
    server.tell({ end: ended.run });
    await waitForText(page, '.state', 'ended, exit code 3');
    await waitForText(page, '[data-tile="Was it OK?"]', 'Yes');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.tick')].every(({ textContent }) => textContent?.startsWith('0:0') === true),
    );
    expect(server.streams.size).toBe(0);
    await page.close();
  });

  testWith('chromium', 'of which nothing came yet shows the command, and after ten seconds what may be wrong', async () => {
    const none = snapshotOf([]);
    server.hold({ ...none, now: none.startMs + 3_000, run: live.run });
    const { page } = await openPage(`${server.url}/#/run/made-run`);
    await waitForText(page, '.nothing', 'Waiting for the first span');
    expect(await textOf(page, '.nothing')).toContain('node made.js');
    expect(await textOf(page, '.nothing')).not.toContain('doctor');
    server.tell({ now: none.startMs + 12_000, totals: none.totals });
    await waitForText(page, '.nothing', 'swarmscope doctor');
    await page.close();
  });

  testWith('chromium', 'is followed by twelve tabs: four by streams, the others by asking, and none stalls', async () => {
    const tabs: Page[] = [];
    for (let count = 0; count < 12; count++) tabs.push((await watch()).page);
    // A tab in the back lets go of its stream: all of these are told that they are seen.
    await Promise.all(tabs.map((page) => page.evaluate(() => undefined)));
    server.tell({ totals: { ...live.totals, spans: 4_321_000 } });
    const front = tabs[11]!;
    await front.bringToFront();
    await waitForText(front, '[data-tile="Seen"]', '4.32M spans');
    expect(server.streams.size).toBeLessThanOrEqual(4);
    for (const page of tabs) {
      await page.bringToFront();
      await waitForText(page, '[data-tile="Seen"]', '4.32M spans');
    }
    expect(server.streams.size).toBeLessThanOrEqual(4);
    await Promise.all(tabs.map((page) => page.close()));
  });
});
