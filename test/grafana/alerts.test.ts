/** Alerts: each has its page, its board, and cases in which it must and must not fire; the real promtool tries them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { boards, groups } from '../../src/grafana/index.ts';
import { missingFor, stackBinary } from '../../tools/stack-binaries.ts';
import { repository } from '../harness/paths.ts';

const alerts = groups.flatMap(({ alerts: own }) => own);
const BUILD_MINUTES = 20 * 60_000;
const missing = missingFor('promtool');
if (missing !== undefined && process.env['CI'] !== undefined) throw new Error(missing);
const withPromtool = missing === undefined ? test : test.skip;
if (missing !== undefined) console.warn(missing);

function promtool(args: readonly string[], cwd: string): string {
  return execFileSync(stackBinary('promtool'), args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

test.each(alerts)('$name has a page, a board, and fires in one case and not in another', (alert) => {
  const page = join(repository, 'docs/runbooks', `${alert.name}.md`);
  expect(existsSync(page)).toBe(true);
  for (const heading of ['## What it means', '## Likely causes', '## What to look at', '## What to do']) expect(readFileSync(page, 'utf8')).toContain(heading);
  expect(boards.map(({ uid }) => uid)).toContain(alert.board);
  expect(alert.name).toMatch(/^([A-Z][a-z]+)+$/);
  expect(alert.summary).not.toContain('\n');
  expect(alert.cases.some(({ fires }) => fires)).toBe(true);
  if (alert.severity !== 'none') expect(alert.cases.some(({ fires }) => !fires)).toBe(true);
});

test('no name is given twice', () => {
  expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
});

withPromtool(
  'promtool finds no fault in the rules',
  () => {
    expect(promtool(['check', 'rules', '--lint=all', 'swarmscope.rules.yaml'], join(repository, 'prometheus/rules'))).toContain('SUCCESS');
  },
  BUILD_MINUTES,
);

withPromtool(
  'every alert fires where it must and is silent where it must be',
  () => {
    expect(promtool(['test', 'rules', 'swarmscope.test.yaml'], join(repository, 'prometheus/tests'))).toContain('SUCCESS');
  },
  BUILD_MINUTES,
);
