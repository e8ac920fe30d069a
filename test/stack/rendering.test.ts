// How the repository's files become those of a test: nothing of the container is left in them, and a string that is gone is a fault.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { freshFolder } from '../harness/index.ts';
import { composeCall } from '../harness/stack/compose.ts';
import { PARTS, PORT_NAMES, type PartName, type Ports, type Setting, type StackOptions } from '../harness/stack/parts.ts';
import { Log } from '../harness/stack/program.ts';
import { replaceAll, scaleDurations } from '../harness/stack/replace.ts';

const ports = Object.fromEntries(PORT_NAMES.map((name, index) => [name, 20_000 + index])) as Ports;
const names = Object.keys(PARTS) as PartName[];

function setting(options: StackOptions = {}, parts: readonly PartName[] = names): Setting {
  return { options, parts, ports, folder: freshFolder('rendered'), sinkUrl: 'http://127.0.0.1:1' };
}

/** All files of a rendered part, one after the other. */
function render(part: PartName, options?: StackOptions, parts?: readonly PartName[]): string {
  const rendered = setting(options, parts);
  PARTS[part].render(rendered);
  const files = readdirSync(rendered.folder, { recursive: true, encoding: 'utf8' }).map((name) => join(rendered.folder, name));
  return files
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

describe.each(names)('the files and the call of %s', (part) => {
  test('name no address of a deployment that somebody could listen on, and no folder of a container', () => {
    const { args, env } = PARTS[part].call(setting());
    const said = [...args, ...Object.values(env)].join('\n');
    expect(said).not.toMatch(/\/etc\/|\/var\/|=\/prometheus|=\/alertmanager|0\.0\.0\.0/);
    if (part === 'collector') return;
    // Links of alerts are for people.
    const text = render(part).replaceAll(/^\s*(#|dashboard:|runbook_url:).*$/gm, '');
    const told = text
      .split('\n')
      .filter((line) => /\/var\/tempo|0\.0\.0\.0|(localhost|tempo|otel-collector|alertmanager|grafana):\d/.test(line));
    expect(told).toEqual([]);
  });

  test('keep the flags of docker-compose.yml', () => {
    const flags = (args: readonly string[]): string[] => args.map((arg) => arg.replace(/=.*/, ''));
    expect(flags(PARTS[part].call(setting()).args)).toEqual(expect.arrayContaining(flags(composeCall(PARTS[part].service).args)));
  });
});

test('a program that is no part of the stack is not scraped and not told of alerts', () => {
  expect(render('prometheus')).toContain(`127.0.0.1:${ports.alertmanager}`);
  const alone = render('prometheus', {}, ['prometheus']);
  expect(alone).not.toContain(`127.0.0.1:${ports.alertmanager}`);
  expect(alone.match(/job_name: \w+/g)).toEqual(['job_name: prometheus', 'job_name: gpu']);
});

test('the times of alerts are scaled, and nothing else of a rule', () => {
  const scaled = scaleDurations('  for: 5m\n  keep_firing_for: 1h\n  expr: rate(x[5m]) for: 5m\n', ['for', 'keep_firing_for'], 0.01);
  expect(scaled).toBe('  for: 3000ms\n  keep_firing_for: 36000ms\n  expr: rate(x[5m]) for: 5m\n');
  const rules = (forScale: number): string => render('prometheus', { prometheus: { forScale } });
  expect(rules(1).match(/^\s+for: \d+ms$/gm)?.length).toBeGreaterThan(30);
  expect(rules(1)).not.toMatch(/^\s+for: \d+[smh]$/m);
  expect(rules(0).match(/^\s+for: 0ms$/gm)?.length).toBe(rules(1).match(/^\s+for: \d+ms$/gm)?.length);
});

test('a string that is gone is a fault, by name', () => {
  expect(replaceAll('a.yaml', 'port: 1, other: 1', { ': 1': ': 2' })).toBe('port: 2, other: 2');
  expect(() => replaceAll('a.yaml', 'port: 1', { 'port: 3': 'port: 2' })).toThrow('a.yaml no longer holds "port: 3"');
});

test('a log keeps the end of what was said', () => {
  const log = new Log();
  for (let index = 0; index < 30; index += 1) log.add(String(index % 10).repeat(100_000));
  const text = log.text();
  expect(text.slice(0, text.indexOf('\n'))).toBe('(1000000 characters before this are dropped)');
  expect([text.at(-2_000_000), text.at(-1), text.length - text.indexOf('\n') - 1]).toEqual(['0', '9', 2_000_000]);
});
