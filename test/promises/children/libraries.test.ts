/**
 * Libraries that start processes and run git: their results are the same with the preload, and what they start is seen
 * in the task around it.
 */
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { dist, freshFolder, missingNeed, runTwice, startSink, testWith, type ProgramResult } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { EXPECTED, NEED_PS } from './libraries/expected.ts';
import { installLibraries } from './libraries/install.ts';
import { ancestry, FETCH_MINUTES, NODE_VERSIONS, nodeBinary, patient, withoutIds } from './support.ts';

/** Without ps(1) zx fails in a way that ends the program. */
const leftOut = missingNeed('ps') === undefined ? [] : NEED_PS;

/** The programs beside the libraries that they use. */
function programFolder(): string {
  const folder = freshFolder('libraries');
  cpSync(join(import.meta.dirname, 'libraries', 'programs'), folder, { recursive: true });
  symlinkSync(installLibraries(), join(folder, 'node_modules'));
  return folder;
}

/** What each case gave, by its name. */
function linesOf({ stdout }: ProgramResult): Map<string, unknown> {
  const lines = stdout.split('\n').filter((line) => line.startsWith('['));
  return new Map(lines.map((line) => JSON.parse(line) as [string, unknown]));
}

/** Its name, and how it ended where that was not well: an exit code, a signal, or why it never started. */
function described({ name, attributes }: SpanRow): string {
  const end = attributes['process.exit.code'] ?? attributes['swarmscope.process.signal'] ?? attributes['error.type'];
  return end === 0 ? name : `${name}: ${String(end)}`;
}

/** What lies below a task, each kind once, with its number. */
function below(spans: readonly SpanRow[], task: string): string[] {
  const counts = new Map<string, number>();
  for (const span of spans) {
    if (span.name.startsWith('run_task') || ancestry(spans, span).at(-1) !== `run_task ${task}`) continue;
    counts.set(described(span), (counts.get(described(span)) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => (count === 1 ? text : `${text} x${count}`));
}

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  let plain: ProgramResult;
  let loaded: ProgramResult;
  let spans: readonly SpanRow[];
  beforeAll(async () => {
    const file = join(programFolder(), 'run.mjs');
    const sink = await startSink();
    ({ plain, loaded } = await runTwice({
      node: nodeBinary(version),
      file,
      args: leftOut,
      // simple-git 4 refuses to hand on any variable of git.
      env: { ...patient, API: join(dist, 'index.mjs'), GIT_CONFIG_NOSYSTEM: undefined },
      loadedEnv: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
      preload: 'NODE_OPTIONS',
      normalise: withoutIds,
    }));
    await sink.close();
    spans = spansOf(sink);
  }, FETCH_MINUTES);

  test('the program ends the same and prints the same on stderr', () => {
    expect({ code: loaded.code, signal: loaded.signal, stderr: loaded.stderr }).toEqual({ code: 0, signal: null, stderr: plain.stderr });
    expect(plain.code).toBe(0);
    expect([...linesOf(loaded).keys()]).toEqual([...EXPECTED.keys()].filter((name) => !leftOut.includes(name)));
  });

  const expectSameResult = (name: string): void => {
    const before = linesOf(plain).get(name);
    expect(before).toBeDefined();
    expect(before).not.toHaveProperty('thrown');
    expect(linesOf(loaded).get(name)).toEqual(before);
    expect(below(spans, name).sort()).toEqual([...(EXPECTED.get(name) ?? [])].sort());
  };
  test.each([...EXPECTED.keys()].filter((name) => !NEED_PS.includes(name)))('%s', expectSameResult);
  for (const name of NEED_PS) testWith('ps', name, () => expectSameResult(name));
});
