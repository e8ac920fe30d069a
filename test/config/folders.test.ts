/** Where our folders are, for homes and temporary folders of every kind. */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { cacheFolder, dataFolder, homeProblem, stateFolder, temporaryFolder } from '../../src/config/folders.ts';
import { readSettings } from '../../src/config/settings/index.ts';

const base = mkdtempSync(join(tmpdir(), 'swarmscope-folders-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const instead = join(tmpdir(), `swarmscope-home-${process.getuid?.() ?? 'user'}`);

function made(name: string, mode = 0o700): string {
  const path = join(base, name);
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
  return path;
}

const foldersOf = (environment: Record<string, string>): string[] => {
  const settings = readSettings(environment);
  return [cacheFolder(settings), stateFolder(settings), dataFolder(settings)];
};

describe('the home folder', () => {
  test('that is there and can be written holds our folders, and nothing is said', () => {
    const home = made('home');
    expect(foldersOf({ HOME: home })).toEqual(['.cache', '.local/state', '.local/share'].map((below) => join(home, below, 'swarmscope')));
    expect(homeProblem(readSettings({ HOME: home }))).toBeUndefined();
  });

  const file = join(base, 'file');
  writeFileSync(file, '');
  test.each([
    ['is empty', ''],
    ['is relative', 'some/where'],
    ['is a dot', '.'],
    ['is not there', join(base, 'not', 'there')],
    ['is a file', file],
    ['is below a file', join(file, 'below')],
    ['is a device', '/dev/null'],
  ])('that %s is replaced by a private folder below the temporary one, and that is said', (_title, home) => {
    const folders = foldersOf({ HOME: home });
    for (const folder of folders) expect(folder.startsWith(`${instead}/`)).toBe(true);
    expect(lstatSync(instead).mode & 0o777).toBe(0o700);
    expect(homeProblem(readSettings({ HOME: home }))?.text).toContain(instead);
  });

  test('whose name begins as that of the private folder is an ordinary one', () => {
    const home = `${instead}beside`;
    mkdirSync(home, { recursive: true });
    expect(homeProblem(readSettings({ HOME: home }))).toBeUndefined();
    rmSync(home, { recursive: true });
  });

  test('where each folder is named is not needed, and nothing is said', () => {
    const named = { HOME: '', XDG_CACHE_HOME: base, XDG_STATE_HOME: base, XDG_DATA_HOME: base };
    expect(foldersOf(named)).toEqual(Array.from({ length: 3 }, () => join(base, 'swarmscope')));
    expect(homeProblem(readSettings(named))).toBeUndefined();
  });

  test('that others can change holds what is read, and not what is executed', () => {
    const home = made('open', 0o777);
    const [cache, state, data] = foldersOf({ HOME: home });
    expect([state, data]).toEqual([join(home, '.local/state/swarmscope'), join(home, '.local/share/swarmscope')]);
    expect(cache).toBe(join(instead, '.cache/swarmscope'));
    expect(homeProblem(readSettings({ HOME: home }))?.text).toMatch(/other users can change it: a part of ours is kept in/);
  });
});

test('a relative XDG folder is ignored as its specification says, and named', () => {
  const home = made('relative');
  const environment = { HOME: home, XDG_CACHE_HOME: 'cache', XDG_STATE_HOME: './state', XDG_DATA_HOME: '~/data' };
  expect(foldersOf(environment)).toEqual(foldersOf({ HOME: home }));
  expect(readSettings(environment).problems.map(({ env }) => env)).toEqual(['XDG_CACHE_HOME', 'XDG_STATE_HOME', 'XDG_DATA_HOME']);
});

test('the temporary folder is the first that is absolute, a folder, and can be written', () => {
  const good = made('tmp');
  const file = join(base, 'no-folder');
  writeFileSync(file, '', { mode: 0o700 });
  const link = join(base, 'link');
  symlinkSync(good, link);
  expect(temporaryFolder({ TMPDIR: good })).toBe(good);
  expect(temporaryFolder({ TMPDIR: link })).toBe(link);
  for (const TMPDIR of ['relative', '', '.', file, join(base, 'gone'), '/dev/null'])
    expect([temporaryFolder({ TMPDIR }), temporaryFolder({ TMPDIR, TEMP: good })]).toEqual(['/tmp', good]);
  expect(readSettings({ TMPDIR: 'relative' }).problems).toEqual([{ env: 'TMPDIR', expected: 'an absolute path', received: 'relative' }]);
});
