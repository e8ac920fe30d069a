// The list of runs in a real browser: what is found there, and runs that cannot be shown.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect } from '@jest/globals';
import type { RunReport } from '../../src/analysis/index.ts';
import { duration } from '../../src/analysis/numbers.ts';
import { runPath } from '../../src/viewer/store/index.ts';
import { randomRun } from '../analysis/random-runs.ts';
import { dataHome, reportOf, serve, store, type Served } from '../e2e/ui/served.ts';
import { missingNeed, testWith } from '../harness/index.ts';
import { openPage, textOf, type OpenPage } from './browser.ts';

let served: Served | undefined;
let home = '';

beforeAll(async () => {
  if (missingNeed('chromium') !== undefined) return;
  home = dataHome();
  for (const seed of [3, 4]) {
    const data = randomRun(seed);
    // They are not of one length.
    const endMs = (data.run.endMs ?? 0) + seed * 10_000;
    store(home, { ...data, run: { ...data.run, endMs, id: `run-${seed}`, name: `random ${seed}` } });
  }
  served = await serve(home);
});

async function open(): Promise<OpenPage> {
  if (served === undefined) throw new Error('the server was not started');
  return openPage(`${served.base}/#t=${served.token}`);
}

describe('a run in the list', () => {
  testWith('chromium', 'is found in the list by what it took and cost, with what its report says to change, and reviewed', async () => {
    const reports = (await Promise.all(['run-3', 'run-4'].map((id) => reportOf(home, id)))) as [RunReport, RunReport];
    const { page, said } = await open();
    // What stands in the list is read by and by, without a reload.
    await page.waitForFunction(() => {
      const cells = [...document.querySelectorAll('table.rows tbody td:nth-child(9)')];
      return cells.length === 2 && cells.every(({ textContent }) => textContent !== '–');
    });
    const rows = await page.$$eval('table.rows tbody tr', (found) =>
      found.map(
        (row) => [row.querySelector('a')?.textContent ?? '', row.children[5]?.textContent, row.children[8]?.textContent ?? ''] as const,
      ),
    );
    for (const { run, findings } of reports) {
      const [, length, change = ''] = rows.find(([name]) => name === run.name) ?? [];
      expect(length).toBe(duration(run.wallMs));
      for (const { kind } of findings.slice(0, 3)) expect(change).toContain(kind.replaceAll('_', ' '));
    }
    const [longer, shorter] = reports.toSorted((a, b) => b.run.wallMs - a.run.wallMs).map(({ run }) => run);
    await page.type('#filter', `<${Math.round(((longer?.wallMs ?? 0) + (shorter?.wallMs ?? 0)) / 2)}ms`);
    await page.waitForFunction(() => document.querySelectorAll('table.rows tbody tr').length === 1);
    expect(await textOf(page, 'table.rows tbody a')).toBe(shorter?.name);
    await page.$eval('#filter', (input) => {
      (input as HTMLInputElement).value = '';
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await page.waitForFunction(() => document.querySelectorAll('table.rows tbody tr').length === 2);
    for (const box of await page.$$('tbody input')) await box.click();
    const [compare, review] = await page.$$('.switches button');
    expect([await compare?.evaluate(({ textContent }) => textContent), await review?.evaluate(({ textContent }) => textContent)]).toEqual([
      'Compare',
      'Review 2',
    ]);
    await review?.click();
    await page.waitForSelector('[data-what="reviewed"]');
    expect(await textOf(page, '[data-section="figures"]')).toContain(duration(reports[0].run.wallMs + reports[1].run.wallMs));
    expect(await page.evaluate(() => location.hash)).toBe('#/review/run-3,run-4');
    expect(said).toEqual([]);
    await page.close();
  });
});

describe('what cannot be shown', () => {
  testWith('chromium', 'a damaged run is in the list with the reason, and its page says what to do', async () => {
    const folder = join(home, 'swarmscope');
    mkdirSync(dirname(runPath(folder, 'run-damaged')), { recursive: true, mode: 0o700 });
    writeFileSync(runPath(folder, 'run-damaged'), 'this is no database'.repeat(1_000), { mode: 0o600 });
    const { page, said } = await open();
    await page.waitForSelector('table.rows a');
    const rows = await page.$$eval('table.rows tbody tr', (found) => found.map(({ textContent }) => textContent ?? ''));
    expect(rows.find((row) => row.includes('run-damaged'))).toMatch(/damaged|not a database|cannot be read/i);
    await page.evaluate(() => {
      location.hash = '#/run/run-damaged';
    });
    await page.waitForSelector('.failure');
    expect(await textOf(page, '.failure')).toMatch(/damaged|not a database|cannot be read/i);
    expect(said.filter((line) => line.startsWith('pageerror'))).toEqual([]);
    await page.close();
    rmSync(dirname(runPath(folder, 'run-damaged')), { recursive: true });
  });

  testWith('chromium', 'a run that is deleted while the list shows it is said to be gone', async () => {
    const data = randomRun(5);
    store(home, { ...data, run: { ...data.run, id: 'run-gone', name: 'gone soon' } });
    const { page } = await open();
    await page.waitForFunction(() => [...document.querySelectorAll('table.rows a')].some(({ textContent }) => textContent === 'gone soon'));
    rmSync(dirname(runPath(join(home, 'swarmscope'), 'run-gone')), { recursive: true });
    await page.evaluate(() => {
      location.hash = '#/run/run-gone';
    });
    await page.waitForSelector('.failure');
    expect(await textOf(page, '.failure h1')).toBe('This run is not stored here.');
    await page.close();
  });

  testWith('chromium', 'without a run the list says how to record one', async () => {
    const empty = await serve(dataHome());
    const { page } = await openPage(`${empty.base}/#t=${empty.token}`);
    await page.waitForSelector('main code');
    expect(await textOf(page, 'main')).toContain('No run is stored yet. swarmscope run -- node app.js records one.');
    await page.close();
  });
});
