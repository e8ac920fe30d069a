// The file functions of own-files.ts do what Node's functions of the same names do, as far as we use them.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ownFiles } from '../../src/own-files.ts';

const own = ownFiles(fs);
let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-files-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** What comes of a call: its value, or the code of its error. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

describe('reading', () => {
  const contents = { empty: '', short: 'grüße', large: 'x'.repeat(100_000), bytes: Buffer.from([0, 255, 128, 10]) };

  test.each(Object.entries(contents))('%s content is read as Node reads it', (name, content) => {
    writeFileSync(at(name), content);
    for (const options of [undefined, 'utf8', 'latin1', { encoding: 'utf8' }, { encoding: 'base64' }, { flag: 'r' }] as const)
      expect(own.readFileSync(at(name), options)).toEqual(readFileSync(at(name), options));
  });

  test('files that report no size are read whole, and descriptors from their position', () => {
    expect(own.readFileSync('/proc/self/mounts', 'latin1')).toBe(readFileSync('/proc/self/mounts', 'latin1'));
    writeFileSync(at('stands'), 'one two');
    const fd = openSync(at('stands'), 'r');
    fs.readSync(fd, Buffer.alloc(4), 0, 4, null);
    expect(own.readFileSync(fd).toString()).toBe('two');
    closeSync(fd);
  });

  test.each(['nothing', '.'])('reading %s fails as it does in Node', (name) => {
    expect(outcome(() => own.readFileSync(at(name)))).toBe(outcome(() => readFileSync(at(name))));
  });
});

describe('writing', () => {
  test.each([
    ['text', 'grüße'],
    ['bytes', Buffer.from([0, 255, 1])],
    ['a part of bytes', new Uint8Array([1, 2, 3, 4]).subarray(1, 3)],
    ['nothing', ''],
  ])('%s is written with its mode, and not over an existing file', (name, data) => {
    const [path, theirs] = [at(`own ${name}`), at(`theirs ${name}`)];
    const options = { mode: 0o600, flag: 'wx' };
    own.writeFileSync(path, data, options);
    writeFileSync(theirs, data, options);
    expect(readFileSync(path)).toEqual(readFileSync(theirs));
    expect(statSync(path).mode).toBe(statSync(theirs).mode);
    expect(outcome(() => own.writeFileSync(path, data, options))).toBe('EEXIST');
  });

  test('writing replaces what was there', () => {
    own.writeFileSync(at('again'), 'longer');
    own.writeFileSync(at('again'), Buffer.from('new'));
    expect(readFileSync(at('again'), 'utf8')).toBe('new');
  });
});

describe('removing', () => {
  test('a tree is removed, and not what its links lead to', () => {
    mkdirSync(at('tree', 'deep', 'deeper'), { recursive: true });
    mkdirSync(at('elsewhere'));
    writeFileSync(at('elsewhere', 'kept'), '');
    writeFileSync(at('tree', 'deep', 'file'), '');
    symlinkSync(at('elsewhere'), at('tree', 'deep', 'link'));
    own.rmSync(at('tree'), { recursive: true, force: true });
    expect(existsSync(at('tree'))).toBe(false);
    expect(readdirSync(at('elsewhere'))).toEqual(['kept']);
  });

  test('a missing file is an error without force', () => {
    expect(outcome(() => own.rmSync(at('nothing'), { recursive: true, force: true }))).toBeUndefined();
    expect(outcome(() => own.rmSync(at('nothing')))).toBe('ENOENT');
  });

  test('a folder is removed only with recursive', () => {
    mkdirSync(at('folder'));
    expect(outcome(() => own.rmSync(at('folder'), { force: true }))).toMatch(/^E(?:ISDIR|PERM)$/);
    expect(existsSync(at('folder'))).toBe(true);
  });
});
