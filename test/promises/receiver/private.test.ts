// Files on disk are for their owner alone, whatever the umask is and whoever made the folder before.
import { chmodSync, existsSync, lchownSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { assertOwnFolder } from '../../../src/config/private-folder.ts';
import { place, run, untouched, type Place } from './place.ts';

describe('what lies on disk is private', () => {
  test.each(['000', '022', '077'])('under umask %s: files 0600, folders 0700', async (mask) => {
    const here = place();
    expect(await run(here, `umask ${mask}`)).toMatchObject(untouched);
    const wrong: string[] = [];
    const seen = new Set<string>();
    for (const folder of [here.data, join(here.home, 'state', 'swarmscope'), join(here.home, 'cache', 'swarmscope')])
      walk(folder, wrong, seen);
    expect(wrong).toEqual([]);
    expect([...seen].sort()).toEqual(expect.arrayContaining(['.json', '.sqlite']));
  });

  /** Files of the preload's copy are no secret; its folder is closed all the same. */
  function walk(path: string, wrong: string[], seen: Set<string>): void {
    const stat = lstatSync(path);
    const isOpen = stat.isDirectory() ? (stat.mode & 0o777) !== 0o700 : !path.endsWith('.cjs') && (stat.mode & 0o777) !== 0o600;
    if (isOpen) wrong.push(`${path} ${(stat.mode & 0o777).toString(8)}`);
    seen.add(/\.\w+$/.exec(path)?.[0] ?? '');
    if (stat.isDirectory()) for (const name of readdirSync(path)) walk(join(path, name), wrong, seen);
  }

  const runFolder = ({ env }: Place): string => join(env['TMPDIR'] ?? '', `swarmscope-${process.getuid?.() ?? 'user'}`);
  const traps: readonly (readonly [string, (here: Place, victim: string) => void])[] = [
    ['the run folder is a link', (here, victim) => symlinkSync(victim, runFolder(here))],
    ['the run folder is a file', (here) => writeFileSync(runFolder(here), '')],
    ['the data folder is open to all', ({ data }) => (mkdirSync(data, { recursive: true }), chmodSync(data, 0o777))],
  ];
  test.each(traps)('a folder that was there before (%s) is made private or refused', async (_title, lay) => {
    const here = place();
    const victim = join(here.home, 'victim');
    mkdirSync(victim, { mode: 0o755 });
    lay(here, victim);
    const result = await run(here);
    expect(result).toMatchObject(untouched);
    expect(result.stderr).toMatch(/tasks/);
    expect(readdirSync(victim)).toEqual([]);
    expect(statSync(victim).mode & 0o777).toBe(0o755);
    if (existsSync(here.data)) expect(statSync(here.data).mode & 0o077).toBe(0);
  });

  const isRoot = process.getuid?.() === 0;
  const links = ['data/swarmscope/runs', 'state/swarmscope/status', 'tmp/swarmscope-0'];
  const folders = ['data/swarmscope', 'state/swarmscope', 'tmp/swarmscope-0'];
  test('a folder or link of another user in the place of ours is not used', async () => {
    if (!isRoot) return expectRefusal();
    for (const isLink of [true, false]) {
      const here = place();
      const traps = isLink ? links : folders;
      mkdirSync(join(here.home, 'victim'), { mode: 0o755 });
      for (const path of traps) lay(here.home, path, isLink);
      expect(await run(here)).toMatchObject(untouched);
      for (const path of ['victim', ...traps]) expect(readdirSync(join(here.home, path))).toEqual([]);
    }
  });

  test('a link of the user to a folder of the user is followed, so data may lie on another disk', async () => {
    const here = place();
    const disk = join(here.home, 'disk');
    mkdirSync(disk);
    linkAt(here.data, disk);
    expect(await run(here)).toMatchObject(untouched);
    expect(readdirSync(join(disk, 'runs'))).toHaveLength(1);
  });
});

/** Without root nobody can make what is somebody else's; a folder that is everywhere stands in. */
function expectRefusal(): void {
  expect(() => assertOwnFolder('/')).toThrow('belongs to another user');
}

/** Somebody's own: `path` below `home`, open to all, or a link to the victim. */
function lay(home: string, path: string, isLink: boolean): void {
  const full = join(home, path);
  if (isLink) linkAt(full, join(home, 'victim'));
  else mkdirSync(full, { recursive: true });
  lchownSync(full, 12_345, 12_345);
  if (!isLink) chmodSync(full, 0o777);
}

function linkAt(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
