/** Which git has Trace2 events: by its file, else by the output of `git version`. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { canTrace, hasTrace2 } from '../../../src/observers/child-process/git-version.ts';

test.each([
  ['git version 2.22.0', true],
  ['git version 2.21.4', false],
  ['git version 3.0.1', true],
  ['git version 1.99', false],
  ['git version 2.39.5 (Apple Git-154)', true],
  ['nonsense', true],
])('"%s" can trace: %s', (version, can) => {
  expect(canTrace(version)).toBe(can);
});

const folder = mkdtempSync(join(tmpdir(), 'git-version-'));
let cases = 0;

/** A program `git` of this content, in a folder of its own. */
function launchOf(content: string | Buffer) {
  const path = mkdtempSync(join(folder, 'bin-'));
  writeFileSync(join(path, 'git'), content);
  chmodSync(join(path, 'git'), 0o755);
  return { file: 'git', args: ['status'], cwd: undefined, environment: { PATH: path }, isSync: true } as unknown as Parameters<
    typeof hasTrace2
  >[0];
}
const cacheOf = (): string => join(folder, `cache-${(cases += 1)}`);
const padded = (...names: string[]): Buffer =>
  Buffer.concat([Buffer.alloc(262_140), ...names.map((name) => Buffer.from(`${name}\0`)), Buffer.alloc(9)]);

test.each([
  ['a recent one, with the name across two pieces', padded('GIT_TRACE_SETUP', 'GIT_TRACE2_EVENT'), true],
  ['an old one', padded('GIT_TRACE_SETUP'), false],
  ['another program', padded('nothing'), undefined],
  ['a script', '#!/bin/sh\nexec /usr/bin/git "$@"\n', undefined],
])('of its file: %s', (_, content, expected) => {
  const cache = cacheOf();
  expect(hasTrace2(launchOf(content), () => cache)).toBe(expected);
  expect(existsSync(join(cache, 'programs.json'))).toBe(expected !== undefined);
});

test('what is known of a file lies in the cache folder, until another file is in its place', () => {
  const cache = cacheOf();
  const launch = launchOf(padded('GIT_TRACE_SETUP'));
  hasTrace2(launch, () => cache);
  const [path = '', entry] =
    Object.entries(JSON.parse(readFileSync(join(cache, 'programs.json'), 'utf8')) as Record<string, unknown[]>)[0] ?? [];
  writeFileSync(join(cache, 'programs.json'), JSON.stringify({ [path]: [entry?.[0], entry?.[1], true] }), { mode: 0o600 });
  // By another search path, since this process remembers what it has seen.
  const again = (PATH: string) => hasTrace2({ ...launch, environment: { PATH } }, () => cache);
  expect(again(`${launch.environment['PATH']}:/a`)).toBe(true);
  writeFileSync(path, padded('GIT_TRACE_SETUP', 'x'));
  expect(again(`${launch.environment['PATH']}:/b`)).toBe(false);
});

test('a git that is not there counts as a recent one: it reports nothing', () => {
  expect(hasTrace2({ ...launchOf(''), environment: { PATH: '/nowhere' } }, cacheOf)).toBe(true);
});
