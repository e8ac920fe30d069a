// Names, settings, status files and stored runs that hold commands to a terminal: no command of ours prints them as such.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { command, place, run } from '../receiver/place.ts';

const HOSTILE = '\u001b]0;owned\u0007\u001b[2J\u009b3J\u202e';
/** Line feeds and printable characters, and none that turns the direction of text. */
const HARMLESS = /^(?:\n|[^\p{Cc}\p{Cf}])*$/u;

/** In each field of text that a file of ours holds. */
function poison(value: unknown): unknown {
  if (typeof value === 'string') return `${value}${HOSTILE}\n  ok      all is well`;
  if (Array.isArray(value)) return value.map(poison);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, poison(member)]));
}

test('no output of ours is obeyed by a terminal, and nobody adds a line to it', async () => {
  const here = place();
  const set = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:1/${HOSTILE}`, SWARMSCOPE_SPAN_STARTS: `x${HOSTILE}` };
  const first = await run(here, 'true', set);
  expect(first).toMatchObject({ code: 7 });
  expect(first.stderr).toMatch(HARMLESS);

  const [id = ''] = readdirSync(join(here.data, 'runs'));
  const database = new DatabaseSync(join(here.data, 'runs', id, 'run.sqlite'));
  for (const [table, column] of [
    ['run', 'name'],
    ['run', 'signal'],
    ['spans', 'name'],
    ['spans', 'service_name'],
  ] as const)
    database.prepare(`UPDATE ${table} SET ${column} = coalesce(${column}, '') || ?`).run(HOSTILE);
  database.close();
  const status = join(here.home, 'state/swarmscope/status');
  mkdirSync(status, { recursive: true });
  const [name = ''] = readdirSync(status);
  const told = JSON.parse(readFileSync(join(status, name), 'utf8')) as { observers: object };
  told.observers = { llm: { isOn: false, why: 'broken' } };
  writeFileSync(join(status, name), JSON.stringify(poison(told)));

  for (const args of [
    ['report'],
    ['runs'],
    ['doctor'],
    ['report', '--json', '-'],
    ['runs', '--json', '-'],
    ['doctor', '--json', '-'],
    ['report', HOSTILE],
    [`x${HOSTILE}`],
  ]) {
    const { stdout, stderr } = await command({ ...here.env, ...set }, ...args);
    expect({ args, stdout, stderr }).toEqual({ args, stdout: expect.stringMatching(HARMLESS), stderr: expect.stringMatching(HARMLESS) });
    expect(stdout).not.toMatch(/^ {2}ok {6}all is well/m);
  }
  const { stdout } = await command(here.env, 'doctor');
  expect(stdout).toContain('switched itself off: broken ]0;owned');
});
