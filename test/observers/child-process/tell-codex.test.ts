/** What npm's launcher of codex finds among its arguments. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readSettings } from '../../../src/config/settings/index.ts';
import { tellCodex } from '../../../src/observers/child-process/tell-codex.ts';
import { freshFolder } from '../../harness/run-program.ts';

const underRun = readSettings({ SWARMSCOPE_ENDPOINT: 'http://127.0.0.1:4000/KEY', SWARMSCOPE_AGENTS: 'on' });

function told(script: string, args: readonly string[], settings = underRun): string[] {
  const argv = ['node', script, ...args];
  tellCodex(() => settings, argv);
  return argv.slice(2);
}

function launcher(): { script: string; link: string } {
  const folder = freshFolder('codex');
  const bin = join(folder, 'node_modules/@openai/codex/bin');
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(folder, 'node_modules/.bin'));
  writeFileSync(join(bin, 'codex.js'), '');
  const link = join(folder, 'node_modules/.bin/codex');
  symlinkSync('../@openai/codex/bin/codex.js', link);
  return { script: join(bin, 'codex.js'), link };
}

test('it is told where to send, by its path and by a link, before its own arguments', () => {
  const { script, link } = launcher();
  for (const started of [script, link]) {
    const args = told(started, ['exec', 'do it']);
    expect(args.slice(-2)).toEqual(['exec', 'do it']);
    expect(args.slice(0, 2)).toEqual(['-c', 'otel.exporter={otlp-http={endpoint="http://127.0.0.1:4000/KEY/v1/logs",protocol="binary"}}']);
    expect(args).toHaveLength(10);
  }
});

test('it is told once, and not where the user tells it himself', () => {
  const { script } = launcher();
  const once = told(script, ['exec']);
  expect(told(script, once)).toEqual(once);
  expect(told(script, ['-c', 'otel.exporter="none"'])).toEqual(['-c', 'otel.exporter="none"']);
});

test.each([
  ['another program of that name', '/work/codex.js', underRun],
  ['outside of a run', launcher().script, readSettings({ SWARMSCOPE_AGENTS: 'on' })],
  ['with the telemetry of agents off', launcher().script, readSettings({ SWARMSCOPE_ENDPOINT: 'http://127.0.0.1:4000/KEY' })],
  [
    'with its row switched off',
    launcher().script,
    readSettings({ SWARMSCOPE_ENDPOINT: 'http://127.0.0.1:4000/KEY', SWARMSCOPE_AGENTS: 'on', SWARMSCOPE_CHILD_ENV_OFF: 'codex' }),
  ],
])('nothing is told: %s', (_title, script, settings) => {
  expect(told(script, ['exec'], settings)).toEqual(['exec']);
});

test('no other program reads the settings for it', () => {
  const settings = (): never => {
    throw new Error('read');
  };
  for (const script of ['/app/swarm.js', '/app/codex/index.js', '']) expect(() => tellCodex(settings, ['node', script])).not.toThrow();
});
