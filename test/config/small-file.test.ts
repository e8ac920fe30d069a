/** What stands in the place of a file and is none never blocks, is not followed and is not read without a bound. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readBytes, readNamed, readOurs, readPrivate, readSmall } from '../../src/config/small-file.ts';
import { appendLine, writeWhole } from '../../src/config/write-whole.ts';
import { repository } from '../harness/index.ts';

const base = mkdtempSync(join(tmpdir(), 'swarmscope-small-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const at = (name: string): string => join(base, name);

writeFileSync(at('file'), 'twelve bytes', { mode: 0o600 });
execFileSync('mkfifo', [at('fifo')]);
mkdirSync(at('folder'));
symlinkSync('/dev/zero', at('endless'));
symlinkSync('fifo', at('link-to-fifo'));
symlinkSync('file', at('link'));
writeFileSync(at('huge'), '', { mode: 0o600 });
truncateSync(at('huge'), 2 ** 40);

const ODD = ['fifo', 'folder', 'endless', 'link-to-fifo', 'gone', 'file/below'];

/** In a process of its own, since a call that waits cannot be given up. */
function inProcess(program: string): string {
  const module = (name: string): string => JSON.stringify(pathToFileURL(join(repository, 'src/config', name)).href);
  const text = `import * as read from ${module('small-file.ts')}; import * as write from ${module('write-whole.ts')};
    const base = ${JSON.stringify(base)}; const tried = (fn) => { try { return fn() ?? 'nothing'; } catch (error) { return error.code; } };
    console.log(JSON.stringify(${program}));`;
  const { stdout, stderr, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', text], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect({ stderr, signal }).toEqual({ stderr: '', signal: null });
  return stdout.trim();
}

describe('reading', () => {
  test('a regular file gives what is in it', () => {
    expect(readSmall(at('file'))?.text).toBe('twelve bytes');
    expect(readBytes(at('file'), 12)?.toString()).toBe('twelve bytes');
    expect(readNamed(at('file')).toString()).toBe('twelve bytes');
    expect(readPrivate(at('file'), 12)?.toString()).toBe('twelve bytes');
    expect(readOurs(at('file'))).toBe('twelve bytes');
    expect(readSmall('/proc/self/stat')?.text).toMatch(/^\d+ \(/);
  });

  test('never waits, and is nothing for a FIFO, a folder, an endless device, a link to one, and what is not there', () => {
    const answers = inProcess(`${JSON.stringify(ODD)}.map((name) => [
      ...['readSmall', 'readOurs'].map((by) => tried(() => read[by](base + '/' + name))),
      ...['readBytes', 'readPrivate'].map((by) => tried(() => read[by](base + '/' + name, 1000))),
      tried(() => read.readNamed(base + '/' + name)) === 'nothing' ? 'read' : 'nothing'])`);
    expect(JSON.parse(answers)).toEqual(ODD.map(() => Array.from({ length: 5 }, () => 'nothing')));
  });

  test('a file that the user names says why it cannot be read', () => {
    const codeOf = (name: string): unknown => {
      try {
        return readNamed(at(name), 100);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code;
      }
    };
    expect(['gone', 'folder', 'fifo', 'huge'].map(codeOf)).toEqual(['ENOENT', 'EFBIG', 'EACCES', 'EFBIG']);
  });

  test('is bounded in bytes: at the bound a file is whole, above it there is its beginning or nothing', () => {
    expect(readBytes(at('file'), 11)).toBeUndefined();
    expect(readPrivate(at('file'), 11)).toBeUndefined();
    expect(readSmall(at('file'), 6)?.text).toBe('twelve');
    expect(readOurs(at('file'), 6)).toBe('twelve');
    expect([readBytes(at('huge'), 1000), readPrivate(at('huge'), 1000)]).toEqual([undefined, undefined]);
    expect([readSmall(at('huge'), 1000)?.text.length, readOurs(at('huge'), 1000)?.length]).toEqual([1000, 1000]);
  });

  test('of our own files follows no link, and takes only what nobody else can have written', () => {
    expect(readSmall(at('link'))?.text).toBe('twelve bytes');
    expect([readOurs(at('link')), readPrivate(at('link'), 100)]).toEqual([undefined, undefined]);
    writeFileSync(at('shared'), 'x', { mode: 0o600 });
    chmodSync(at('shared'), 0o604);
    writeFileSync(at('twice'), 'x', { mode: 0o600 });
    linkSync(at('twice'), at('again'));
    expect([readPrivate(at('shared'), 100), readPrivate(at('twice'), 100)]).toEqual([undefined, undefined]);
  });

  test('a socket is no file', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
    expect([readOurs(at('socket')), readSmall(at('socket'))]).toEqual([undefined, undefined]);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('writing', () => {
  test('a whole file replaces a FIFO or a link, and does not wait or follow it', () => {
    execFileSync('mkfifo', [at('fifo-2')]);
    symlinkSync(at('file'), at('link-2'));
    const written = inProcess(`['fifo-2', 'link-2'].map((name) => tried(() => write.writeWhole(base + '/' + name, 'mine')))`);
    expect(JSON.parse(written)).toEqual(['nothing', 'nothing']);
    for (const name of ['fifo-2', 'link-2']) {
      expect(readFileSync(at(name), 'utf8')).toBe('mine');
      expect(lstatSync(at(name)).mode & 0o777).toBe(0o600);
    }
    expect(readFileSync(at('file'), 'utf8')).toBe('twelve bytes');
  });

  test('what cannot be written is told and leaves nothing behind', () => {
    mkdirSync(at('place/in-the-way/below'), { recursive: true });
    expect(() => writeWhole(at('place/in-the-way'), 'x')).toThrow(/EISDIR|ENOTEMPTY/);
    expect(execFileSync('ls', ['-A', at('place')], { encoding: 'utf8' })).toBe('in-the-way\n');
  });

  test('a line is added, and nothing waits for the reader of a FIFO or follows a link', () => {
    appendLine(at('lines'), 'one');
    appendLine(at('lines'), 'two');
    expect(readFileSync(at('lines'), 'utf8')).toBe('one\ntwo\n');
    symlinkSync('made-through-a-link', at('dangling'));
    const answers = inProcess(
      `['fifo', 'link', 'dangling', 'folder'].map((name) => tried(() => write.appendLine(base + '/' + name, 'x')))`,
    );
    expect(JSON.parse(answers)).toEqual(['ENXIO', 'ELOOP', 'ELOOP', 'EISDIR']);
    expect(existsSync(at('made-through-a-link'))).toBe(false);
  });
});
