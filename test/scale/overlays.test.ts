// The overlays of deploy/collector on the one otel-collector.yaml: every combination is valid, small, and agrees with what it is generated from.
import { execFile, spawnSync } from 'node:child_process';
import { cpSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { digitsOf, MAX_SHARDS, renderShards } from '../../tools/deploy/shards.ts';
import { stackBinary } from '../../tools/stack-binaries.ts';
import { freshFolder } from '../harness/index.ts';
import { repository } from '../harness/paths.ts';
import { describeWith, START_LIMIT_MS } from '../harness/stack/index.ts';

const folder = join(repository, 'deploy/collector');
const overlays = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const ROUTES = overlays.filter((name) => name === 'any-gateway.yaml' || name.startsWith('shards-'));

/** Every set of files that one tier may be started with, in their order. */
const agents = ROUTES.flatMap((route) => [
  ['agent.yaml', route],
  ['agent.yaml', route, 'fold.yaml'],
]);
const gateways = [
  ['gateway.yaml'],
  ['gateway.yaml', 'keep.yaml'],
  ['gateway.yaml', 'keep.yaml', 'sample.yaml'],
  ['gateway.yaml', 'keep.yaml', 'thanos.yaml'],
];
/** The doors of the single machine fit on either tier: on the most that each may have. */
const doors = ['otel-collector.tls.yaml', 'otel-collector.token.yaml'].flatMap((door) => [
  ['agent.yaml', 'any-gateway.yaml', 'fold.yaml', door],
  ['gateway.yaml', 'keep.yaml', door],
]);
const combinations: readonly (readonly string[])[] = [...agents, ...gateways, ...doors];
const pathOf = (name: string): string => (name.startsWith('otel-collector') ? join(repository, name) : join(folder, name));

describe('the overlays', () => {
  test('each is part of a combination that is tried', () => {
    expect(overlays.filter((name) => !combinations.flat().includes(name))).toEqual([]);
  });

  test('hold what differs and no more', () => {
    const lines = (name: string): number => readFileSync(join(folder, name), 'utf8').split('\n').length;
    expect(overlays.filter((name) => !name.startsWith('shards-') && lines(name) > 55)).toEqual([]);
  });

  test.each([2, 3, 5, MAX_SHARDS])('%i shards have each last digit of a trace id once', (count) => {
    const digits = Array.from({ length: count }, (_, shard) => digitsOf(shard, count));
    expect([...digits.join('')].sort().join('')).toBe('0123456789abcdef');
    expect(Math.max(...digits.map(({ length }) => length)) - Math.min(...digits.map(({ length }) => length))).toBeLessThanOrEqual(1);
  });

  test.each([1, MAX_SHARDS + 1, 2.5])('%d gateways are refused', (count) => {
    expect(() => renderShards(count)).toThrow('Expected 2 to 16 gateways');
  });

  test('are noticed when the promoted attributes have changed and they have not', () => {
    const root = freshFolder('stale-deploy');
    for (const path of [
      'deploy',
      'prometheus',
      'grafana',
      'alertmanager',
      'tempo.yaml',
      'package.json',
      ...globSync('otel-collector*.yaml', { cwd: repository }),
    ])
      cpSync(join(repository, path), join(root, path), { recursive: true });
    const check = (): number | null =>
      spawnSync(process.execPath, [join(repository, 'tools/generate-deploy.ts'), '--check', '--root', root]).status;
    expect(check()).toBe(0);
    const file = join(root, 'prometheus/prometheus.yml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('service.version,', ''));
    expect(check()).toBe(1);
  });
});

describeWith('collector')('the overlays with the real collector', () => {
  let otelcol: string;
  beforeAll(() => {
    otelcol = stackBinary('otelcol');
  }, START_LIMIT_MS);

  test.each(combinations.map((names) => [names.join(' + '), names] as const))('%s is valid, without a word', async (_, names) => {
    const files = ['otel-collector.yaml', ...names].flatMap((name) => ['--config', pathOf(name)]);
    // The overlay of a token refuses to start without one.
    const own = { ...env, OTLP_TOKEN: 'token-of-the-test' };
    expect(await promisify(execFile)(otelcol, ['validate', ...files], { env: own })).toEqual({ stdout: '', stderr: '' });
  });

  test('a mistyped field of an overlay is refused', async () => {
    const wrong = join(freshFolder('wrong-overlay'), 'gateway.yaml');
    writeFileSync(wrong, readFileSync(pathOf('gateway.yaml'), 'utf8').replace('exclude_dimensions', 'exclude_dimension'));
    const files = ['--config', pathOf('otel-collector.yaml'), '--config', wrong];
    await expect(promisify(execFile)(otelcol, ['validate', ...files])).rejects.toThrow('exclude_dimension');
  });
});
