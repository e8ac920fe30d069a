/** The private copy of the preload is whole, ours, and made anew where it is not. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { copyStates, preloadCopy } from '../../../src/observers/child-process/preload-copy.ts';
import { freshFolder, repository, testWith } from '../../harness/index.ts';

const from = freshFolder('package');
const contents: Record<string, string> = { 'register.cjs': 'register', 'arming.cjs': 'arming '.repeat(9_000), 'recorder.cjs': 'recorder' };
for (const [name, text] of Object.entries(contents)) writeFileSync(join(from, name), text);

let base = '';
let cache = '';
beforeEach(() => {
  base = freshFolder('cache');
  cache = join(base, 'swarmscope');
});

const make = (): string => dirname(preloadCopy(from, cache, '1.2.3').copy);

function assertWhole(folder: string): void {
  for (const [name, text] of Object.entries(contents)) {
    expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
    expect(lstatSync(join(folder, name)).mode).toBe(0o100600);
  }
  expect(readdirSync(folder).sort()).toEqual([...Object.keys(contents), 'sizes.json'].sort());
  expect(copyStates(cache).copies).toEqual([{ name: expect.stringMatching(/^1\.2\.3-/) as unknown, version: '1.2.3', problem: undefined }]);
}

test('it holds every file of the package and their sizes, for its owner alone', () => {
  const { copy, sizes } = preloadCopy(from, cache, '1.2.3');
  assertWhole(dirname(copy));
  expect(sizes).toEqual(Object.fromEntries(Object.entries(contents).map(([name, text]) => [name, text.length])));
  for (const folder of [cache, join(cache, 'preload'), dirname(copy)]) expect(lstatSync(folder).mode & 0o777).toBe(0o700);
  const before = lstatSync(copy).ino;
  expect(make()).toBe(dirname(copy));
  expect(lstatSync(copy).ino).toBe(before);
});

/** What happens to a file of the copy. */
const harms: readonly (readonly [string, (file: string) => void])[] = [
  ['is lost', (file) => rmSync(file)],
  ['is cut', (file) => truncateSync(file, 3)],
  ['is empty', (file) => truncateSync(file, 0)],
  ['has grown', (file) => writeFileSync(file, 'more', { flag: 'a' })],
  ['has other bytes of the same length', (file) => writeFileSync(file, 'x'.repeat(lstatSync(file).size))],
  ['can be written by others', (file) => chmodSync(file, 0o666)],
  ['is a FIFO', (file) => (rmSync(file), void execFileSync('mkfifo', [file]))],
  ['is a link', (file) => (rmSync(file), symlinkSync(join(from, 'register.cjs'), file))],
  ['is a folder', (file) => (rmSync(file), void mkdirSync(join(file, 'below'), { recursive: true }))],
];

describe.each([...Object.keys(contents), 'sizes.json'])('where %s', (name) => {
  test.each(harms)('%s, doctor knows it, a process that runs from the copy hands nothing on, and the next one mends it', (_title, harm) => {
    const folder = make();
    harm(join(folder, name));
    expect(copyStates(cache).copies).toEqual([expect.objectContaining({ problem: expect.stringMatching(/whole|content/) as unknown })]);
    const isSeenBySize = !_title.startsWith('has other bytes') || name === 'sizes.json';
    if (isSeenBySize) expect(() => preloadCopy(folder, cache, '1.2.3')).toThrow(/not whole/);
    expect(make()).toBe(folder);
    assertWhole(folder);
  });
});

describe('what is left of failures', () => {
  const old = new Date(Date.now() - 120_000);

  test('of processes that were killed is removed when the copy is mended, and what others write now is not', () => {
    const folder = make();
    rmSync(join(folder, 'arming.cjs'));
    const [left, busy, earlier] = [
      join(folder, 'arming.cjs.1-a.part'),
      join(folder, 'arming.cjs.2-b.part'),
      join(cache, 'preload/.new-abc'),
    ];
    for (const file of [left, busy]) writeFileSync(file, 'half');
    mkdirSync(earlier);
    for (const path of [left, earlier]) utimesSync(path, old, old);
    make();
    expect([left, busy, earlier].map((path) => existsSync(path))).toEqual([false, true, false]);
  });

  test('of a full disk is nothing, however often it is tried; with space there is a copy', () => {
    const program = `import { preloadCopy } from ${JSON.stringify(pathToFileURL(join(repository, 'src/observers/child-process/preload-copy.ts')).href)};
      try { preloadCopy(${JSON.stringify(from)}, ${JSON.stringify(cache)}, '1.2.3') } catch (error) { console.log(error.code) }`;
    for (let round = 0; round < 3; round++) {
      // No file larger than 16 KiB can be written, in blocks of 512 bytes.
      const { stdout } = spawnSync(
        'sh',
        ['-c', 'trap "" XFSZ; ulimit -f 32; exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', program],
        { encoding: 'utf8' },
      );
      expect(stdout).toBe('EFBIG\n');
      const [copy = '', ...more] = readdirSync(join(cache, 'preload'));
      expect([more, readdirSync(join(cache, 'preload', copy))]).toEqual([[], ['register.cjs']]);
    }
    assertWhole(make());
  });

  test('of other versions is removed when it has not been used for thirty days, beyond the newest sixteen', () => {
    const ancient = new Date(Date.now() - 40 * 86_400_000);
    for (let version = 1; version <= 20; version++) {
      const folder = join(cache, 'preload', `0.${version}.0-${'0'.repeat(12)}`);
      mkdirSync(folder, { recursive: true });
      const time = version > 18 ? new Date() : new Date(ancient.getTime() + version * 1_000);
      utimesSync(folder, time, time);
    }
    writeFileSync(join(cache, 'preload', 'notes'), 'mine');
    make();
    const left = readdirSync(join(cache, 'preload'));
    expect(left).toHaveLength(17);
    for (const name of ['notes', `0.20.0-${'0'.repeat(12)}`, `0.19.0-${'0'.repeat(12)}`]) expect(left).toContain(name);
    expect(left).not.toContain(`0.1.0-${'0'.repeat(12)}`);
  });
});

test('ten processes that make it at once all have it, and nothing else is left', () => {
  const program = `import { preloadCopy } from ${JSON.stringify(pathToFileURL(join(repository, 'src/observers/child-process/preload-copy.ts')).href)};
    console.log(preloadCopy(${JSON.stringify(from)}, ${JSON.stringify(cache)}, '1.2.3').copy)`;
  const all = `for n in 1 2 3 4 5 6 7 8 9 10; do "$0" --input-type=module -e "$1" & done; wait`;
  const { stdout, stderr } = spawnSync('sh', ['-c', all, process.execPath, program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect([new Set(stdout.trim().split('\n')).size, stdout.trim().split('\n').length]).toEqual([1, 10]);
  assertWhole(dirname(stdout.split('\n')[0] ?? ''));
});

test('a package whose files are gone makes no copy', () => {
  expect(() => preloadCopy(join(from, 'gone'), cache, '1.2.3')).toThrow(/gone from/);
  expect(existsSync(cache)).toBe(false);
});

describe('a folder above it', () => {
  test('that everybody can change is refused, before anything is written, also by a process that runs from the copy', () => {
    chmodSync(base, 0o777);
    expect(() => make()).toThrow(`not safe: other users can change ${base}`);
    expect(readdirSync(base)).toEqual([]);
    chmodSync(base, 0o700);
    const folder = make();
    chmodSync(base, 0o777);
    expect(() => preloadCopy(folder, cache, '1.2.3')).toThrow(`not safe: other users can change ${base}`);
    expect(copyStates(cache).unsafe).toBe(`other users can change ${base}`);
    chmodSync(base, 0o1777);
    expect(make()).toBe(folder);
  });

  test('that a link leads through is looked at, too', () => {
    const open = freshFolder('open');
    chmodSync(open, 0o777);
    mkdirSync(join(open, 'data'), { mode: 0o700 });
    symlinkSync(join(open, 'data'), cache);
    expect(() => make()).toThrow(`not safe: other users can change ${open}`);
  });

  testWith('root', 'that belongs to another user is refused, as is a file of his in the copy', () => {
    const folder = make();
    chownSync(join(folder, 'arming.cjs'), 54_321, 54_321);
    expect(() => preloadCopy(folder, cache, '1.2.3')).toThrow(/not whole: arming\.cjs/);
    assertWhole(make());
    chownSync(base, 54_321, 54_321);
    expect(() => make()).toThrow(`not safe: ${base} belongs to another user`);
  });
});
