/** Each alert has its page, its board, and cases in which it must and must not fire (test/stack/rules.test.ts runs them). */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { boards, groups } from '../../src/grafana/index.ts';
import { repository } from '../harness/paths.ts';

const alerts = groups.flatMap(({ alerts: own }) => own);

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
