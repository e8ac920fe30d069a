// States of a run, each in a real browser: what is said in words, and a picture of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { CATEGORIES } from '../../src/analysis/categories.ts';
import type { Need, Snapshot } from '../../src/viewer/wire.ts';
import { dist, ensureBuilt, requireBuilt, testWith } from '../harness/index.ts';
import { keepPicture, openPage } from './browser.ts';
import { snapshotOf, type MadeLane } from './made-runs.ts';
import { startToldServer } from './told-server.ts';

const lane = (label: string): MadeLane => ({
  tasks: [
    {
      label,
      parts: [
        ['llm', 4_000],
        ['wait:lock', 2_000],
        ['tool', 3_000],
      ],
    },
  ],
});
const one = snapshotOf([lane('alone')]);
const live: Snapshot = { ...one, run: { ...one.run, state: 'live', endMs: undefined } };
const silent: Need = {
  ...{ id: 's', kind: 'silent', isUrgent: true, text: '1 task is silent: alone in chat m' },
  ...{ since: 4_000, lanes: [0], tasks: [0] },
};

interface State {
  readonly name: string;
  readonly snapshot: Snapshot;
  /** Selector, and what is said there. */
  readonly says: readonly (readonly [selector: string, text: string])[];
}

const states: readonly State[] = [
  {
    name: 'a run with one lane and no LLM call',
    snapshot: one,
    says: [
      ['[data-tile="Money"]', 'no LLM call seen'],
      ['[data-tile="Tasks"]', '1 task'],
    ],
  },
  {
    name: 'a run of five hundred lanes',
    snapshot: snapshotOf(Array.from({ length: 500 }, (_, at) => lane(`task ${at}`))),
    says: [['[data-tile="Tasks"]', '500 tasks']],
  },
  {
    name: 'a run that was killed',
    snapshot: {
      ...one,
      run: { ...one.run, state: 'cut', exitCode: undefined },
      tasks: { ...one.tasks, state: ['cut'] },
      totals: { ...one.totals, tasks: { running: 0, done: 0, failed: 0, cut: 1 } },
    },
    says: [
      ['.state', 'killed: it ended without a word'],
      ['[data-tile="Tasks"]', '1 cut off'],
    ],
  },
  {
    name: 'a page of another version',
    snapshot: { ...one, version: '99.0.0' },
    says: [['.banner', 'the server is 99.0.0: reload the page']],
  },
  {
    name: 'a stuck task',
    snapshot: {
      ...live,
      needs: [silent],
      verdict: { word: 'no', rule: 'silent', reason: silent.text },
      open: [{ lane: 0, task: 0, category: CATEGORIES.indexOf('llm'), name: 'chat m', since: 4_000, sign: 4_000 }],
    },
    says: [
      ['[data-tile="Is it OK?"]', 'No'],
      ['.need.urgent', 'alone in chat m'],
      ['.below', 'chat m'],
    ],
  },
  { name: 'a run without spans', snapshot: snapshotOf([]), says: [['.nothing', 'This run has no spans']] },
  {
    name: 'what was not read',
    snapshot: { ...one, notes: ['Of 9 spans the first 5 were read.'] },
    says: [['.banner', 'the first 5 were read']],
  },
];

testWith('chromium', 'each state is said in words', async () => {
  ensureBuilt();
  const html = readFileSync(requireBuilt(join(dist, 'view.html')), 'utf8');
  for (const { name, snapshot, says } of states) {
    const server = await startToldServer(html, snapshot);
    const { page, said } = await openPage(`${server.url}/#/run/made-run`);
    await page.waitForSelector('.tile');
    for (const [selector, text] of says) {
      await page.waitForFunction(
        (at: string, wanted: string) => document.querySelector(at)?.textContent?.includes(wanted) === true,
        {},
        selector,
        text,
      );
    }
    await keepPicture(page, name);
    expect([name, said.filter((line) => line.startsWith('pageerror'))]).toEqual([name, []]);
    await page.close();
  }
});
