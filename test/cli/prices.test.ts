// `swarmscope prices`: what it shows, what it fetches and keeps, and what it says where it cannot.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitForUpdate } from '@pydantic/genai-prices';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { parseCommandLine } from '../../src/cli/arguments.ts';
import { allCommands } from '../../src/cli/commands/index.ts';
import { tableVersion } from '../../src/pricing/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'swarmscope-prices-command-'));
const file = join(folder, 'data.json');
const kept = join(folder, 'cache', 'swarmscope', 'prices.json');
const before = { ...process.env };
let server: Server;
let said = '';

beforeAll(async () => {
  writeFileSync(file, JSON.stringify(await waitForUpdate()));
  Object.assign(process.env, { XDG_CACHE_HOME: join(folder, 'cache'), HOME: folder });
  delete process.env['SWARMSCOPE_PRICES'];
  server = createServer(({ url }, answer) => {
    if (url?.startsWith('/data.json') === true) answer.end(readFileSync(file));
    else if (url === '/endless') for (let piece = 0; piece < 20; piece++) answer.write(Buffer.alloc(1_048_576, 32));
    else if (url === '/page') answer.end('<html>');
    else answer.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  jest.spyOn(process.stdout, 'write').mockImplementation((text, ...more) => {
    said += String(text);
    const done = more.at(-1);
    if (typeof done === 'function') done();
    return true;
  });
});
afterEach(() => rmSync(join(folder, 'cache'), { recursive: true, force: true }));
afterAll(() => {
  jest.restoreAllMocks();
  process.env = before;
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

async function run(...argv: readonly string[]): Promise<string> {
  said = '';
  const commands = await allCommands();
  const { command, ...line } = parseCommandLine(['prices', ...argv], commands);
  expect(await command.run(line, commands)).toBe(0);
  return said;
}

const at = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

test('tells which table is in use', async () => {
  expect(await run()).toContain(tableVersion);
  expect(said).toContain('the built-in one');
});

test('shows what a model costs at each provider that has it', async () => {
  expect(await run('show', 'claude-sonnet-4-5')).toMatch(/anthropic +3, above 200000: 6 .*\n +azure/);
});

test.each(['a file', 'an address'])('fetches from %s, and keeps it for this user alone', async (where) => {
  const from = where === 'a file' ? file : at('/data.json?key=secret');
  expect(await run('refresh', '--from', from)).toMatch(/^Prices of \d+ models at 17 providers: genai-prices \d{4}-\d\d-\d\d [\da-f]{8}\./);
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  expect(readFileSync(kept, 'utf8')).not.toContain('secret');
  expect(await run()).toContain('fetched from');
  expect(await run('show', 'gpt-4.1-mini')).not.toContain(tableVersion);
});

test.each<[what: string, argv: () => readonly string[], code: string, text: string]>([
  ['a model that nobody has', () => ['show', 'no-such-model'], 'PRICES', 'No price of no-such-model is known'],
  ['a file that is not there', () => ['refresh', '--from', join(folder, 'nowhere')], 'FILE', 'ENOENT'],
  ['a file that is something else', () => ['refresh', '--from', __filename], 'PRICES', 'These are no prices'],
  ['a page', () => ['refresh', '--from', at('/page')], 'PRICES', 'These are no prices'],
  ['an address without anything', () => ['refresh', '--from', at('/nothing')], 'NETWORK', 'it answered 404'],
  ['an answer without an end', () => ['refresh', '--from', at('/endless')], 'NETWORK', 'larger than'],
  ['nobody who answers', () => ['refresh', '--from', 'http://127.0.0.1:1/'], 'NETWORK', '--from FILE'],
  ['an address that is not encrypted', () => ['refresh', '--from', 'http://prices.example/'], 'NETWORK', 'only https'],
  ['another word', () => ['frobnicate'], 'USAGE', 'Expected show'],
  ['a source of what is shown', () => ['show', '--from', file], 'USAGE', 'Expected show'],
])('of %s it says what is wrong, and changes nothing', async (_what, argv, code, text) => {
  const failure = await run(...argv()).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code, message: expect.stringContaining(text) as never });
  expect(statSync(kept, { throwIfNoEntry: false })).toBeUndefined();
});
