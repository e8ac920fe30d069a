/** The private folder of a run in friendly and unfriendly places. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { here } from '../../src/config/process-mark.ts';
import { isRootAlive } from '../../src/root/root-mark.ts';
import { createRunFolder, openRunFolder, type RunFolder } from '../../src/root/run-folder.ts';
import { closeAtEnd, testWith } from '../harness/index.ts';

let base = '';
let made: RunFolder[] = [];
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'swf-'));
  made = [];
});
afterEach(() => {
  for (const folder of made) folder.remove();
  rmSync(base, { recursive: true, force: true });
});

function create(at: string): RunFolder {
  const result = createRunFolder(at);
  if (!('folder' in result)) throw new Error(result.reason);
  made.push(result.folder);
  return result.folder;
}

const parent = (): string => join(base, `swarmscope-${process.getuid?.()}`);
const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('the folder, its parent and what is in it are ours alone', () => {
  const { path, finals } = create(base);
  expect(dirname(path)).toBe(parent());
  expect([parent(), path, finals, join(path, 'git')].map(modeOf)).toEqual([0o700, 0o700, 0o700, 0o700]);
  expect(modeOf(join(path, 'pid'))).toBe(0o600);
  expect(isRootAlive(path)).toBe(true);
});

test('a parent that others could enter is closed to them', () => {
  mkdirSync(parent());
  chmodSync(parent(), 0o777);
  create(base);
  expect(modeOf(parent())).toBe(0o700);
});

test('a parent that is a link is not used: the folder is a fresh one', () => {
  const elsewhere = join(base, 'elsewhere');
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, parent());
  const { path } = create(base);
  expect(dirname(path)).toBe(base);
  expect(modeOf(path)).toBe(0o700);
});

test('where the socket path would be too long, or the place is no folder, /tmp is taken', () => {
  const long = join(base, 'x'.repeat(100));
  mkdirSync(long);
  expect(Buffer.byteLength(create(long).channel)).toBeLessThanOrEqual(103);
  const file = join(base, 'file');
  writeFileSync(file, '');
  expect(dirname(create(file).path)).toBe('/tmp');
});

test('folders of dead roots go, those of living ones and unmarked fresh ones stay', () => {
  const dead = create(base).path;
  // Above the largest pid Linux gives.
  writeFileSync(join(dead, 'pid'), '{"pid":4194305}');
  const alive = create(base).path;
  const fresh = join(parent(), 'fresh');
  mkdirSync(fresh);
  create(base);
  expect([dead, alive, fresh].map((path) => existsSync(path))).toEqual([false, true, true]);
});

describe('a root that cannot be seen from here', () => {
  const DAY_MS = 86_400_000;
  const space = 'pid:[1] time:[2]';
  const { boot } = here();

  /** The folder of such a root, whose mark was renewed so long ago. */
  function unseen(mark: { space?: string; boot?: string | undefined }, ageMs: number): RunFolder {
    const folder = create(base);
    const file = join(folder.path, 'pid');
    writeFileSync(file, JSON.stringify({ pid: process.pid, ticks: '1', ...mark }));
    const seconds = (Date.now() - ageMs) / 1_000;
    utimesSync(file, seconds, seconds);
    return folder;
  }

  testWith('Linux namespaces', 'in another container is a root that lives, for those that it handed its folder to', () => {
    const { path, channel } = unseen({ space, boot }, 0);
    expect(openRunFolder(path)).toMatchObject({ path, channel });
  });

  testWith('Linux namespaces', 'keeps its folder while its mark is young, or its socket takes connections', async () => {
    const young = unseen({ space, boot }, 0.9 * DAY_MS);
    const listening = unseen({ space, boot }, 400 * DAY_MS);
    const connected = new Promise((resolve) => {
      const server = createServer(resolve).listen(listening.channel, () => create(base));
      closeAtEnd(() => server.close());
    });
    await connected;
    expect([young, listening].map(({ path }) => existsSync(path))).toEqual([true, true]);
  });

  testWith('Linux namespaces', 'loses it when the mark is old and nobody listens', async () => {
    const [refusing, without] = [unseen({ space, boot }, 1.1 * DAY_MS), unseen({ space, boot }, 1.1 * DAY_MS)];
    await new Promise<void>((resolve) => {
      const server = createServer().listen(refusing.channel, () => {
        // As a killed root leaves it: the file without a listener.
        renameSync(refusing.channel, `${refusing.channel}.kept`);
        server.close(() => {
          renameSync(`${refusing.channel}.kept`, refusing.channel);
          resolve();
        });
      });
    });
    create(base);
    while (existsSync(refusing.path) || existsSync(without.path)) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  testWith('Linux namespaces', 'of another machine, or of this one before it was started again, keeps it for seven days', () => {
    const [last, first] = [unseen({ boot: 'another' }, 6.9 * DAY_MS), unseen({ boot: 'another' }, 7.1 * DAY_MS)];
    create(base);
    expect([last, first].map(({ path }) => existsSync(path))).toEqual([true, false]);
  });

  test('hides no folder of a dead root among thousands that stay', () => {
    for (let index = 0; index < 1_000; index++) mkdirSync(join(parent(), `fresh-${index}`), { recursive: true });
    const dead = create(base).path;
    writeFileSync(join(dead, 'pid'), '{"pid":4194305}');
    for (let starts = 0; existsSync(dead); starts++) {
      expect(starts).toBeLessThan(500);
      create(base);
    }
  });
});

describe('a folder that was handed down', () => {
  test('is taken while its root lives, whole and private', () => {
    const { path, channel } = create(base);
    expect(openRunFolder(path)).toMatchObject({ path, channel });
  });

  test.each([
    ['', () => ''],
    ['a relative path', () => 'run'],
    ['a missing folder', () => join(base, 'missing')],
    [
      'a folder that others can enter',
      () => {
        const { path } = create(base);
        chmodSync(path, 0o755);
        return path;
      },
    ],
    [
      'a link',
      () => {
        const link = join(base, 'link');
        symlinkSync(create(base).path, link);
        return link;
      },
    ],
    [
      'a folder whose pid file is nonsense',
      () => {
        const { path } = create(base);
        writeFileSync(join(path, 'pid'), '{"pid":"1"}');
        return path;
      },
    ],
    [
      'a folder whose pid was given to another process',
      () => {
        const { path } = create(base);
        writeFileSync(join(path, 'pid'), JSON.stringify({ pid: process.pid, ticks: '1' }));
        return path;
      },
    ],
  ])('%s is refused', (_, make) => {
    expect(openRunFolder(make())).toBeUndefined();
  });
});
