// Debian's Chromium, driven by puppeteer-core: one browser for the tests of a file.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { constants, runInThisContext } from 'node:vm';
import { afterAll } from '@jest/globals';
import type { Browser, Page } from 'puppeteer-core';
import { repository } from '../harness/index.ts';

type Puppeteer = typeof import('puppeteer-core');

/** The package is an ES module that jest's own loader does not read; Node's does. */
const importByNode = runInThisContext('(name) => import(name)', {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}) as (name: string) => Promise<Puppeteer>;
const WAIT_MS = 120_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Promise<Browser> | undefined;

/** Of this file's tests; started with the first page. */
function theBrowser(): Promise<Browser> {
  browser ??= launch();
  return browser;
}

async function launch(): Promise<Browser> {
  const puppeteer = await importByNode('puppeteer-core');
  // Root has no sandbox, and what the pages show is ours.
  const args = ['--no-sandbox', '--disable-gpu', '--force-device-scale-factor=1', '--disable-background-networking'];
  return puppeteer.launch({ executablePath: '/usr/bin/chromium', args, protocolTimeout: WAIT_MS, timeout: WAIT_MS });
}

afterAll(async () => {
  await (await browser)?.close();
});

export interface OpenPage {
  readonly page: Page;
  /** What the page asked for over any network, and what it wrote to the console. */
  readonly requests: string[];
  readonly said: string[];
}

export async function openPage(url: string, size = { width: 1440, height: 900 }): Promise<OpenPage> {
  const page = await (await theBrowser()).newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.setViewport(size);
  const requests: string[] = [];
  const said: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`pageerror: ${String(error)}`));
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: WAIT_MS });
  return { page, requests, said };
}

/** Waits until the lanes are drawn, and two pictures more. */
export async function waitForLanes(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const canvas = document.querySelector('canvas.lanes');
    return canvas instanceof HTMLCanvasElement && canvas.width > 100 && document.querySelectorAll('.tick').length > 0;
  });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Colour of the lanes' canvas at a place in CSS pixels, as `#rrggbb`. */
export function pixelAt(page: Page, x: number, y: number): Promise<string> {
  return page.evaluate(
    (left: number, top: number) => {
      const canvas = document.querySelector('canvas.lanes') as HTMLCanvasElement;
      const ratio = canvas.width / canvas.clientWidth;
      const copy = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      copy?.drawImage(canvas, Math.floor(left * ratio), Math.floor(top * ratio), 1, 1, 0, 0, 1, 1);
      const [r = 0, g = 0, b = 0] = copy?.getImageData(0, 0, 1, 1).data ?? [];
      return `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
    },
    x,
    y,
  );
}

/** Where the axis of the lanes begins, in CSS pixels from the left edge of their canvas: before it are their names. */
export function gutterOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const left = (selector: string): number => document.querySelector(selector)?.getBoundingClientRect().left ?? NaN;
    return left('.ruler') - left('canvas.lanes');
  });
}

/** Keeps what the page shows, for whoever looks at a run of the tests: `.cache/pictures/NAME.webp`. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = join(repository, '.cache', 'pictures');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${join(folder, name.replaceAll(/[^a-z0-9]+/gi, '-'))}.webp`, type: 'webp', quality: 70 });
}

/** Text of the first element that the selector finds. */
export function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => element.textContent ?? '');
}

/** Serious findings of axe, in words. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const tool = (
      window as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> } }
    ).axe;
    const { violations } = await tool.run();
    return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}
