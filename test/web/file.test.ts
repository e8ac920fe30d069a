// The page as one file, opened from disk by a real browser: it shows what is in it, and asks nobody for anything.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect } from '@jest/globals';
import { COLOURS } from '../../src/viewer/web/colours.ts';
import type { FileData } from '../../src/viewer/wire.ts';
import { dist, ensureBuilt, freshFolder, requireBuilt, testWith } from '../harness/index.ts';
import { gutterOf, openPage, pixelAt, textOf, waitForLanes, type OpenPage } from './browser.ts';
import { fileDataOf, pageWith, snapshotOf, type MadeLane } from './made-runs.ts';

const LANES_MS = 20_000;
const lanes: readonly MadeLane[] = [
  {
    tasks: [
      {
        label: 'first',
        parts: [
          ['llm', 8_000],
          ['tool', 4_000],
          ['git', 8_000],
        ],
      },
    ],
  },
  {
    tasks: [
      {
        label: 'second',
        type: 'review',
        parts: [
          ['startup', 5_000],
          ['wait:dependency', 5_000],
          ['other', 10_000],
        ],
      },
    ],
  },
];

let html = '';

function open(data: FileData, hash = ''): Promise<OpenPage> {
  const file = join(freshFolder('page'), 'run.html');
  writeFileSync(file, pageWith(html, data));
  return openPage(`${pathToFileURL(file).href}${hash}`);
}

describe('a file with a run in it', () => {
  beforeAll(() => {
    ensureBuilt();
    html = readFileSync(requireBuilt(join(dist, 'view.html')), 'utf8');
  });

  testWith('chromium', 'opens from disk without a request, and draws each category in its colour', async () => {
    const { page, requests, said } = await open(fileDataOf(snapshotOf(lanes)));
    await waitForLanes(page);
    const gutterPx = await gutterOf(page);
    const plotPx = await page.$eval('canvas.lanes', (canvas) => canvas.clientWidth).then((width) => width - gutterPx);
    for (const [lane, { tasks }] of lanes.entries()) {
      let ms = 0;
      for (const [category, lengthMs] of tasks.flatMap(({ parts }) => parts)) {
        // A third of its length: the letter stands in the middle.
        const x = gutterPx + ((ms + lengthMs / 3) / LANES_MS) * plotPx;
        expect([category, await pixelAt(page, x, lane * 28 + 13)]).toEqual([category, COLOURS[category].light]);
        ms += lengthMs;
      }
    }
    expect(await textOf(page, '[data-tile="Tasks"] .main')).toBe('2 tasks');
    expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
    expect(requests.filter((url) => url.startsWith('file:'))).toHaveLength(1);
    expect(said).toEqual([]);
    await page.close();
  });

  testWith('chromium', 'shows names of other programs as text, whatever they hold', async () => {
    const names = [
      '</script><script>document.title = "owned"</script>',
      '<img src=x onerror="document.title = \'owned\'">',
      'javascript:alert(1)',
      `\u202egnirts\u202c\u200b\u0007${'x'.repeat(10_000)}`,
    ];
    const made = snapshotOf(names.map((label) => ({ tasks: [{ label, type: label, parts: [['llm', 1_000]] }] })));
    const { page, said } = await open(fileDataOf({ ...made, run: { ...made.run, name: names[0] ?? '', command: names[1] ?? '' } }));
    await waitForLanes(page);
    await page.focus('canvas.lanes');
    await page.keyboard.press('t');
    await page.waitForSelector('table.rows tbody tr');
    const shown = await page.$$eval('table.rows tbody tr td:nth-child(2) button', (cells) => cells.map(({ textContent }) => textContent));
    expect(shown).toEqual(names);
    expect(await page.title()).not.toBe('owned');
    expect(await page.$$eval('#page img, #page script', (found) => found.length)).toBe(0);
    expect(said).toEqual([]);
    await page.close();
  });

  testWith('chromium', 'says so when its data is damaged', async () => {
    const file = join(freshFolder('page'), 'run.html');
    writeFileSync(file, html.replace('id="swarmscope-data">', 'id="swarmscope-data">H4sIAAAA'));
    const { page } = await openPage(pathToFileURL(file).href);
    await page.waitForSelector('.failure');
    expect(await textOf(page, '.failure')).toContain('The data in this file cannot be read');
    await page.close();
  });
});
