/** Calls of node:child_process as programs make them: what comes of each is what came of it without the preload. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { runTwice, startSink, type ProgramResult } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { FETCH_MINUTES, NODE_VERSIONS, named, nodeBinary, patient, programText, withoutIds } from './support.ts';
import type { SpanRow } from '../../../src/analysis/model.ts';

const files = { 'app.cjs': programText('calls.cjs'), 'forked.cjs': programText('forked.cjs') };

/** By their titles, as the program prints them. */
function sections({ stdout }: ProgramResult): Map<string, string> {
  const parts = stdout.split(/^== /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]));
}

const titles = [...programText('calls.cjs').matchAll(/^ {2}(?:'([^']+)'|(\w+)): (?:async )?\(/gm)].map(
  ([, quoted, bare]) => quoted ?? bare ?? '',
);

// The preload comes by NODE_OPTIONS: given as a flag it stands, rightly, in the program's own `process.execArgv`, which
// `fork` hands on.
describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  let plain: ProgramResult;
  let loaded: ProgramResult;
  let spans: readonly SpanRow[];
  beforeAll(async () => {
    const node = nodeBinary(version);
    const sink = await startSink();
    const env = { ...patient };
    const loadedEnv = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
    ({ plain, loaded } = await runTwice({
      node,
      files,
      env,
      loadedEnv,
      preload: 'NODE_OPTIONS',
      normalise: withoutIds,
    }));
    await sink.close();
    spans = spansOf(sink);
  }, FETCH_MINUTES);

  test('the program ends the same and prints the same on stderr', () => {
    expect({ code: loaded.code, signal: loaded.signal, stderr: loaded.stderr }).toEqual({ code: 0, signal: null, stderr: plain.stderr });
    expect(plain.code).toBe(0);
  });

  test('the calls were recorded', () => {
    expect([...sections(loaded).keys()]).toEqual(titles);
    expect(named(spans, 'sleep').length).toBeGreaterThan(5);
    expect(named(spans, 'no-such-program').length).toBeGreaterThan(3);
  });

  test.each(titles)('%s', (title) => {
    const [before, after] = [sections(plain).get(title), sections(loaded).get(title)];
    expect(before).toBeDefined();
    expect(after).toBe(before);
  });
});
