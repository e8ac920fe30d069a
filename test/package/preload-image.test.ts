/** The image of the preload: what its Dockerfile puts in is what a pod needs, and works from a read-only folder. */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { bundles } from '../../tools/build/bundles.ts';
import type { SpanRow } from '../../src/analysis/model.ts';
import { ensureBuilt, freshFolder, outsideTrace, repository, runProgram, startModels, startSink } from '../harness/index.ts';
import { spansOf } from '../harness/received.ts';

const dockerfile = readFileSync(join(repository, 'deploy/preload/Dockerfile'), 'utf8');

/** Source in the repository by its path in the image `volume`. */
function contents(): Map<string, string> {
  const [volume = ''] = dockerfile.split(/^FROM busybox/m);
  const copied = [...volume.matchAll(/^COPY --chmod=444 (.+) (\/\S*)$/gm)].flatMap(([, sources = '', target = '']) =>
    sources.split(' ').map((source): [string, string] => [target.endsWith('/') ? `${target}${basename(source)}` : target, source]),
  );
  return new Map(copied);
}

/** A pod's view of the image: files that nobody can write, in a folder that nobody can write. */
function mounted(): string {
  const folder = join(freshFolder('image'), 'swarmscope');
  mkdirSync(folder);
  for (const [path, source] of contents()) {
    copyFileSync(join(repository, source), join(folder, path));
    chmodSync(join(folder, path), 0o444);
  }
  chmodSync(folder, 0o555);
  return folder;
}

/** A call of a model, and a program below that makes one too. */
const CALL = `fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
  method: 'POST', headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'hello' }] }),
}).then((answer) => answer.text())`;
const SWARM = `${CALL}.then(() => require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(CALL)}]));`;

/** What a pod that was given the image sends. */
async function spansOfPod(env: Readonly<Record<string, string>>): Promise<SpanRow[]> {
  const [sink, models] = await Promise.all([startSink(), startModels()]);
  const ran = await runProgram({
    preload: 'none',
    files: { 'swarm.cjs': SWARM },
    env: { ...models.env, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000', ...env },
  });
  expect(ran).toMatchObject({ code: 0, stdout: '', stderr: '' });
  return spansOf(sink);
}

const callsOf = (spans: readonly SpanRow[]): SpanRow[] => spans.filter(({ name }) => name === 'chat gpt-5.4-mini');

describe('the image of the preload', () => {
  beforeAll(() => ensureBuilt());

  test('holds every bundle that rides in a program, the licences, and nothing else', () => {
    const riding = bundles.map(({ output }) => output).filter((output) => output.endsWith('.cjs') && output !== 'dist/index.cjs');
    expect([...contents().values()].sort()).toEqual(
      [...riding, 'LICENSE', 'dist/THIRD_PARTY_NOTICES.txt', 'deploy/preload/autoinstrumentation.cjs'].sort(),
    );
  });

  test('is pinned and runs as nobody', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases).toEqual(['scratch', expect.stringMatching(/^busybox:\d+\.\d+\.\d+$/)]);
    expect(dockerfile).toMatch(/^USER 65534:65534$/m);
  });

  test('is what its builder is given', () => {
    const lines = readFileSync(join(repository, 'deploy/preload/Dockerfile.dockerignore'), 'utf8').trim().split('\n');
    const patterns = lines
      .filter((line) => line.startsWith('!'))
      .map((line) => new RegExp(`^${line.slice(1).replaceAll('.', '\\.').replace('*', '[^/]+')}$`));
    for (const source of contents().values()) expect(patterns.some((pattern) => pattern.test(source))).toBe(true);
  });

  test.each([
    ['as a volume, behind the options that a pod brings along', '--no-warnings --require', 'register.cjs'],
    ['as the Operator requires it', '--require', 'autoinstrumentation.js'],
  ])('records a swarm and its children %s', async (_, flags, file) => {
    const folder = mounted();
    const spans = await spansOfPod({ NODE_OPTIONS: `${flags} ${join(folder, file)}` });
    const calls = callsOf(spans);
    expect(calls).toHaveLength(2);
    expect(new Set(calls.map(({ traceId }) => traceId)).size).toBe(1);
    // Nothing was written beside the files.
    expect(readdirSync(folder).sort()).toEqual([...contents().keys()].map((path) => basename(path)).sort());
  });

  test('joins the pods of one pipeline that are given one TRACEPARENT', async () => {
    const NODE_OPTIONS = `--require ${join(mounted(), 'register.cjs')}`;
    const pods = await Promise.all([1, 2].map(() => spansOfPod({ NODE_OPTIONS, ...outsideTrace })));
    const [, trace, parent] = outsideTrace.TRACEPARENT.split('-');
    for (const spans of pods) {
      expect(callsOf(spans)).toHaveLength(2);
      expect(spans.every(({ traceId }) => traceId === trace)).toBe(true);
      expect(spans.some(({ parentSpanId }) => parentSpanId === parent)).toBe(true);
    }
    const ids = pods.flat().map(({ spanId }) => spanId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
