// The demo, watched live by a real browser from its first spans to its report.
import { afterEach, expect } from '@jest/globals';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import type { RunReport } from '../../src/analysis/index.ts';
import { duration, money, plural } from '../../src/analysis/numbers.ts';
import { addressOf, dataHome, reportOf } from '../e2e/ui/served.ts';
import { commandFile, ensureBuilt, repository, startProgram, testWith, type RunningProgram } from '../harness/index.ts';
import { openPage, textOf, waitForLanes } from './browser.ts';

let program: RunningProgram | undefined;
afterEach(() => {
  program?.child.kill('SIGTERM');
});

/** Waits as long as the demo may take on a machine that does much else. */
const LONG_MS = 240_000;
const waitFor = (page: Page, selector: string, pattern: RegExp): Promise<unknown> =>
  page.waitForFunction(
    (at: string, source: string) => new RegExp(source).test(document.querySelector(at)?.textContent ?? ''),
    { timeout: LONG_MS },
    selector,
    pattern.source,
  );

testWith('chromium', 'the demo is followed from its first task to the report, and what stays is the stored run', async () => {
  ensureBuilt();
  const home = dataHome();
  const args = ['run', '--ui', '--name', 'demo', '--', process.execPath, join(repository, 'examples/swarm/main.mjs')];
  program = startProgram({ file: commandFile, preload: 'none', args, env: { XDG_DATA_HOME: home } });
  const [, port = '', token = ''] = await addressOf(program);
  const { page, said } = await openPage(`http://127.0.0.1:${port}/#t=${token}`);
  await waitForLanes(page);
  await waitFor(page, '.state', /live/);
  await waitFor(page, '[data-tile="Tasks"] .main', /[1-9]\d* running/);
  await waitFor(page, '[data-section="lane-time"]', /LLM/);
  await waitFor(page, '[data-tile="Money"] .detail', /refused/);
  await waitFor(page, '[data-tile="Money"] .main', /^\$/);
  await waitFor(page, '.legend', /waiting: barrier/);
  await waitFor(page, '.state', /ended, exit code 0/);
  await page.waitForSelector('.slowest li');
  const id = /#\/run\/([^/?]+)/.exec(await page.evaluate(() => location.hash))?.[1] ?? '';
  const report = (await reportOf(home, id)) as RunReport;
  expect(await textOf(page, '[data-what="length"]')).toBe(duration(report.run.wallMs));
  expect(await textOf(page, '[data-tile="Tasks"] .main')).toBe(plural(report.lanes.occupants, 'task'));
  expect(await textOf(page, '[data-tile="Money"] .main')).toBe(money(report.usage.cost.amount ?? NaN, 'USD'));
  const times = await page.$$eval('[data-section="lane-time"] tbody td:nth-child(2)', (cells) =>
    cells.map(({ textContent }) => textContent),
  );
  expect(times).toEqual(report.laneTime.byCategory.map(({ ms }) => duration(ms)));
  // The straggler and what the run cost are named without a click.
  expect(await textOf(page, '.slowest li button')).toBe(report.slowest[0]?.name);
  expect(said).toEqual([]);
  await page.close();
});
