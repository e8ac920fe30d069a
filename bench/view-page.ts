/**
 * What the local view costs the browser: a stored run of 50,000 spans, 2,000 tasks and 500 lanes in Debian's Chromium without a GPU. First paint and
 * lanes drawn, at the first look and from what was kept of it; frames while it is zoomed, moved and scrolled by real events; memory.
 * `node bench/view-page.ts [rounds]`, after a build.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, type Browser, type Page } from 'puppeteer-core';
import { writeLargeRun } from '../test/viewer/view/large-run.ts';
import { median } from './rounds.ts';

const rounds = Number(process.argv[2] ?? 3);
const RUN = { spans: 50_000, lanes: 500, perTask: 24 };
const ZOOMS = 120;
const MOVES = 60;
/** As a hand turns a wheel: faster than frames come. */
const EVENT_MS = 12;

interface Opened {
  readonly paintMs: number;
  readonly readyMs: number;
}

interface Driven {
  readonly frameP50: number;
  readonly frameP95: number;
  readonly late: number;
  readonly taskMs: number;
  readonly heapMb: number;
}

/** Run in the page. Resolves with when the lanes of a run that has tasks were drawn. */
const DRAWN = `new Promise((resolve) => {
  const look = () => {
    const told = document.querySelector('[data-tile="Tasks"]')?.textContent ?? '';
    const isDrawn = document.querySelector('canvas.lanes')?.width > 100 && /[1-9]/.test(told);
    requestAnimationFrame(isDrawn ? () => resolve(performance.now()) : look);
  };
  look();
})`;
/** Run in the page. */
const COUNTED = `window.framesAt = []; (function next(ms) { window.framesAt.push(ms); requestAnimationFrame(next); })(performance.now()); undefined`;

async function open(browser: Browser, address: string): Promise<{ page: Page; opened: Opened }> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1440, height: 900 });
  await page.goto(address, { waitUntil: 'domcontentloaded' });
  const readyMs = (await page.evaluate(DRAWN)) as number;
  const paintMs = (await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0]?.startTime`)) as number;
  return { page, opened: { paintMs, readyMs } };
}

async function drive(page: Page): Promise<Driven> {
  const { TaskDuration: before = NaN } = await page.metrics();
  await page.evaluate(COUNTED);
  const box = await (await page.$('canvas.lanes'))?.boundingBox();
  if (box === null || box === undefined) throw new Error('no lanes');
  await page.mouse.move(box.x + box.width / 2, box.y + Math.min(box.height, 300) / 2);
  const turn = async (wheel: { deltaX?: number; deltaY?: number }): Promise<void> => {
    await page.mouse.wheel(wheel);
    await new Promise((resolve) => setTimeout(resolve, EVENT_MS));
  };
  await page.keyboard.down('Control');
  for (let at = 0; at < ZOOMS; at++) await turn({ deltaY: at < ZOOMS / 2 ? -60 : 60 });
  await page.keyboard.up('Control');
  for (let at = 0; at < MOVES; at++) await turn({ deltaX: at < MOVES / 2 ? 80 : -80 });
  for (let at = 0; at < MOVES; at++) await turn({ deltaY: at < MOVES / 2 ? 120 : -120 });
  const frames = (await page.evaluate('window.framesAt')) as number[];
  const { TaskDuration: after = NaN } = await page.metrics();
  const session = await page.createCDPSession();
  await session.send('HeapProfiler.collectGarbage');
  const { JSHeapUsedSize = NaN } = await page.metrics();
  const gaps = frames.slice(1).map((ms, index) => ms - (frames[index] ?? ms));
  const sorted = gaps.toSorted((a, b) => a - b);
  return {
    frameP50: sorted[Math.floor(sorted.length * 0.5)] ?? NaN,
    frameP95: sorted[Math.floor(sorted.length * 0.95)] ?? NaN,
    late: gaps.filter((ms) => ms > 34).length / gaps.length,
    taskMs: ((after - before) * 1_000) / gaps.length,
    heapMb: JSHeapUsedSize / 1024 ** 2,
  };
}

const home = mkdtempSync(join(tmpdir(), 'swarmscope-bench-'));
writeLargeRun(join(home, 'swarmscope'), 'large', RUN);
const command = join(import.meta.dirname, '..', 'dist', 'cli.mjs');
const server = spawn(process.execPath, [command, 'ui', 'large'], {
  env: { ...process.env, XDG_DATA_HOME: home },
  stdio: ['ignore', 'ignore', 'pipe'],
});
const browser = await launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'], protocolTimeout: 600_000 });
try {
  const address = await new Promise<string>((resolve) => {
    let said = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /http:\/\/\S+(?=\s)/.exec(said);
      if (found !== null) resolve(found[0]);
    });
  });
  const cold = await open(browser, address);
  await cold.page.close();
  // The next answer comes when what was found has been kept.
  await (await open(browser, address)).page.close();
  const opens: Opened[] = [];
  const drives: Driven[] = [];
  for (let round = 0; round < rounds; round++) {
    const { page, opened } = await open(browser, address);
    opens.push(opened);
    drives.push(await drive(page));
    await page.close();
  }
  const of = <T>(all: readonly T[], value: (one: T) => number): string => median(all.map(value)).toFixed(1);
  console.log(`${RUN.spans} spans, ${RUN.lanes} lanes, ${rounds} rounds, medians, load ${(loadavg()[0] ?? 0).toFixed(1)}\n
| what | measured | target | gate |\n|---|---|---|---|
| first look: first paint, lanes drawn, ms | ${cold.opened.paintMs.toFixed(0)}, ${cold.opened.readyMs.toFixed(0)} | | |
| first paint, ms | ${of(opens, ({ paintMs }) => paintMs)} | 300 | 1,000 |
| lanes drawn, ms | ${of(opens, ({ readyMs }) => readyMs)} | 500 | 1,500 |
| frame p50, ms | ${of(drives, ({ frameP50 }) => frameP50)} | | |
| frame p95, ms | ${of(drives, ({ frameP95 }) => frameP95)} | 17 | 34 |
| frames over 34 ms, % | ${of(drives, ({ late }) => late * 100)} | | |
| main thread for each frame, ms | ${of(drives, ({ taskMs }) => taskMs)} | 5 | 12 |
| heap of the page, MB | ${of(drives, ({ heapMb }) => heapMb)} | 10 | 20 |`);
} finally {
  await browser.close();
  server.kill('SIGTERM');
  rmSync(home, { recursive: true, force: true });
}
