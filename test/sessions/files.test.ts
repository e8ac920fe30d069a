// How a session file is read: as it grows, within bounds, and whatever else stands in its place.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openLibrary, type Library } from '../../src/sessions/index.ts';
import { freshFolder } from '../harness/index.ts';
import { callsOf, homeWith, read } from './reading.ts';

const PATH = '.claude/projects/p/one.jsonl';
const row = (id: number, output = 7): object => ({
  type: 'assistant',
  sessionId: 'one',
  uuid: `u${id}`,
  timestamp: new Date(Date.UTC(2026, 10, 30) + id * 1_000).toISOString(),
  message: { id: `msg_${id}`, model: 'claude-sonnet-4-5', content: [], usage: { input_tokens: 1, output_tokens: output } },
});
const line = (id: number): string => `${JSON.stringify(row(id))}\n`;

function open(home: string, limits: Parameters<typeof openLibrary>[0] = {}): Library {
  const library = openLibrary(limits);
  library.look([{ home, environment: {} }], 0);
  return library;
}

describe('a file that grows', () => {
  test('is read from where the last look ended, and half a row waits for its end', () => {
    const home = homeWith({ [PATH]: line(1) + line(2).slice(0, 30) });
    const library = open(home);
    library.read({ bytes: Infinity });
    expect(callsOf(library)).toHaveLength(1);
    appendFileSync(join(home, PATH), line(2).slice(30) + line(3));
    library.read({ bytes: Infinity });
    expect(callsOf(library)).toHaveLength(3);
    expect(library.store.counts).toMatchObject({ rows: 3, unreadableRows: 0 });
  });

  test('costs nothing while it does not, and only its new bytes when it does', () => {
    const home = homeWith({ [PATH]: Array.from({ length: 5_000 }, (_, at) => line(at)).join('') });
    const library = open(home);
    library.read({ bytes: Infinity });
    const still = { bytes: 1_000_000 };
    library.read(still);
    expect(still.bytes).toBe(1_000_000);
    appendFileSync(join(home, PATH), line(6_000));
    const grown = { bytes: 1_000_000 };
    library.read(grown);
    expect(1_000_000 - grown.bytes).toBe(line(6_000).length);
  });

  test('is read anew where another one has its name, without a call told twice', () => {
    const home = homeWith({ [PATH]: line(1) + line(2) });
    const library = open(home);
    library.read({ bytes: Infinity });
    writeFileSync(join(home, 'other'), line(2) + line(3));
    renameSync(join(home, 'other'), join(home, PATH));
    library.read({ bytes: Infinity });
    expect(callsOf(library)).toHaveLength(3);
  });

  test('that is long tells first what stands at its end, then all of it as the budget allows', () => {
    const home = homeWith({ [PATH]: Array.from({ length: 2_000 }, (_, at) => line(at)).join('') });
    const library = open(home, { limits: { longBytes: 100_000, tailBytes: 20_000 } });
    library.read({ bytes: 30_000 });
    expect(library.store.sessions.get('claude:one')?.lastMs).toBe(Date.UTC(2026, 10, 30) + 1_999_000);
    expect(library.isComplete()).toBe(false);
    while (!library.isComplete()) library.read({ bytes: 300_000 });
    expect(callsOf(library)).toHaveLength(2_000);
    expect(library.store.counts.rows).toBe(2_000);
  });
});

describe('a file that is none', () => {
  test('rows that are cut, no JSON, no object or deeply nested are counted', () => {
    const rows = [line(1), '{"type":"assis\n', 'not json\n', '[1,2]\n', `${'['.repeat(100_000)}\n`, '\u0000\u0000\n', '\n', line(2)];
    const library = read({ home: homeWith({ [PATH]: rows.join('') }) });
    expect(callsOf(library)).toHaveLength(2);
    expect(library.store.counts.unreadableRows).toBe(5);
  });

  test('a row that is too long is left out, and those after it are read', () => {
    const home = homeWith({ [PATH]: `${line(1)}{"type":"${'x'.repeat(900_000)}"}\n${line(2)}` });
    const library = open(home, { limits: { maxRowBytes: 300_000 } });
    library.read({ bytes: Infinity });
    expect(callsOf(library)).toHaveLength(2);
    expect(library.store.counts.overlongRows).toBe(1);
  });

  test('values of the wrong kind are absent: no count, time or name is taken from them', () => {
    const odd = [{ input_tokens: -1, output_tokens: 1.5 }, { input_tokens: '12', output_tokens: 1e300 }, [], 'x', 7];
    const rows = odd.map((usage, at) => ({ ...row(at), message: { id: `msg_${at}`, model: 'm'.repeat(at === 0 ? 999 : 1), usage } }));
    const library = read({ home: homeWith({ [PATH]: [...rows, { ...row(9), timestamp: 12 }, { ...row(10), timestamp: {} }] }) });
    expect(callsOf(library).flatMap(({ tokens }) => [tokens.inputTokens, tokens.outputTokens])).toEqual([undefined, undefined]);
  });

  test('pipes, links and folders in the place of a session are counted and not opened', () => {
    const home = freshFolder('home');
    const folder = dirname(join(home, PATH));
    mkdirSync(join(folder, 'folder.jsonl'), { recursive: true });
    execFileSync('mkfifo', [join(folder, 'pipe.jsonl')]);
    symlinkSync('/etc/passwd', join(folder, 'link.jsonl'));
    writeFileSync(join(home, PATH), line(1));
    const library = read({ home });
    expect(callsOf(library)).toHaveLength(1);
    expect(library.store.counts.unreadableFiles).toBe(2);
  });
});

test('more files than are held are counted as left out', () => {
  const home = homeWith({ [PATH]: line(1), '.claude/projects/p/two.jsonl': line(2), '.claude/projects/p/three.jsonl': line(3) });
  const library = open(home, { maxFiles: 2 });
  library.read({ bytes: Infinity });
  expect(library.store.counts.leftOut).toBe(1);
});
