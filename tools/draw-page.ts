/**
 * Takes the pictures of the local view that the documentation shows: runs the demo, opens its stored run in Debian's Chromium, and writes
 * docs/pictures/ui-*.webp. Nothing is retouched; what is on a picture is what the page showed.
 *
 * node tools/draw-page.ts [--data FOLDER]   # FOLDER: a data folder whose last run is shown instead of a new one
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launch, type Page } from 'puppeteer-core';

const root = join(import.meta.dirname, '..');
const command = join(root, 'dist/cli.mjs');
const out = join(root, 'docs/pictures');
/** All of them together: a page that is read on a slow line. */
const MAX_KB = 300;

const { values } = parseArgs({ options: { data: { type: 'string' } } });

interface Picture {
  readonly name: string;
  readonly theme: 'light' | 'dark';
  readonly height: number;
  /** Brings the page into the state that is shown; it is on the board of the run. */
  readonly prepare: (page: Page) => Promise<unknown>;
}

const pictures: readonly Picture[] = [
  { name: 'ui-board', theme: 'light', height: 800, prepare: (page) => page.waitForSelector('.slowest') },
  {
    name: 'ui-task',
    theme: 'dark',
    height: 800,
    prepare: async (page) => {
      await (await page.waitForSelector('.slowest button'))?.click();
      await page.waitForSelector('.waterfall tbody button');
      const buttons = await page.$$('.waterfall tbody button');
      for (const button of buttons) {
        if (!/^chat /.test(await button.evaluate(({ textContent }) => textContent ?? ''))) continue;
        await button.click();
        break;
      }
      await page.waitForSelector('.span-panel dl');
    },
  },
  {
    name: 'ui-table',
    theme: 'light',
    height: 560,
    prepare: async (page) => {
      await page.focus('canvas.lanes');
      await page.keyboard.press('t');
      await page.waitForFunction(`document.querySelector('table.rows tbody td:last-child')?.textContent?.includes('$')`);
    },
  },
];

function demo(home: string): void {
  const args = [command, 'run', '--name', 'demo', '--', process.execPath, join(root, 'examples/swarm/main.mjs')];
  const { status } = spawnSync(process.execPath, args, { cwd: root, env: { ...process.env, XDG_DATA_HOME: home }, stdio: 'ignore' });
  if (status !== 0) throw new Error(`the demo ended with ${String(status)}`);
}

const folder = mkdtempSync(join(tmpdir(), 'swarmscope-pictures-'));
const home = values.data ?? folder;
if (values.data === undefined) demo(home);
const server = spawn(process.execPath, [command, 'ui', 'latest'], {
  env: { ...process.env, XDG_DATA_HOME: home },
  stdio: ['ignore', 'ignore', 'pipe'],
});
const browser = await launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+\/#\S+(?=\s)/.exec(said);
      if (found !== null) resolve(found[0]);
    });
    server.once('exit', () => {
      reject(new Error(said));
    });
  });
  mkdirSync(out, { recursive: true });
  let kilobytes = 0;
  for (const { name, theme, height, prepare } of pictures) {
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
    await page.goto(address);
    await page.waitForSelector('canvas.lanes');
    await prepare(page);
    const path = join(out, `${name}.webp`) as `${string}.webp`;
    await page.screenshot({ path, type: 'webp', quality: 80 });
    const kb = statSync(path).size / 1024;
    kilobytes += kb;
    console.log(`docs/pictures/${name}.webp: ${kb.toFixed(0)} KB`);
    await page.close();
  }
  if (kilobytes > MAX_KB) throw new Error(`the pictures have ${kilobytes.toFixed(0)} KB together; at most ${MAX_KB}`);
} finally {
  await browser.close();
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
