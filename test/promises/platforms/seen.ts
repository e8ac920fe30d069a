/** Runs a program on a platform without and with the preload: the same to its user, and what it did arrived. */
import { expect } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { runProgram, startModels, startSink, type Preload, type ProgramOptions, type ProgramResult } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';

/** For tests that may have to install Node or the tools first. */
export const FETCH_MINUTES = 10 * 60_000;

/**
 * Source that asks the model over `fetch` and holds its answer, `pong`, in `answer`; plain enough for every module
 * format and language.
 */
export const asks = `
const response = await fetch(process.env['OPENAI_BASE_URL'] + '/chat/completions', {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
  body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'ping' }] }),
});
const answer = (await response.json()).choices[0].message.content;
`;

export interface Platform extends ProgramOptions {
  /** Replaces what differs between any two runs: times above all. */
  readonly normalise?: (output: string) => string;
  /** Threads are ended while their request is on the wire: then it is sent again, with the same span ids. */
  readonly mayArriveTwice?: boolean;
  /** What the preload is loaded by; default NODE_OPTIONS, as in a user's shell. */
  readonly preload?: Preload;
}

export interface Recorded {
  readonly spans: readonly SpanRow[];
  readonly loaded: ProgramResult;
}

/**
 * Same stdout, stderr and exit code 0 both times; `stdout` is in it; `calls` calls of the model arrived, no more; 0
 * does not look.
 */
export async function expectRecorded(platform: Platform, stdout: string, calls = 1): Promise<Recorded> {
  const { normalise = (output) => output, mayArriveTwice = false, ...options } = platform;
  const sink = await startSink();
  const models = await startModels();
  const timeoutMs = options.timeoutMs ?? 300_000;
  try {
    const env = { ...models.env, ...options.env };
    const plain = await runProgram({ ...options, timeoutMs, env, preload: 'none' });
    const loaded = await runProgram({
      ...options,
      timeoutMs,
      preload: options.preload ?? 'NODE_OPTIONS',
      env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' },
    });
    const seen = (result: ProgramResult): unknown => ({
      code: result.code,
      stdout: normalise(tidy(result.stdout)),
      stderr: normalise(tidy(result.stderr)),
    });
    expect(plain.stdout + plain.stderr).toContain(stdout);
    expect(plain.code).toBe(0);
    expect(seen(loaded)).toEqual(seen(plain));
    await sink.arrived(() => callsIn(spansOf(sink)).length >= calls);
    const seenCalls = callsIn(spansOf(sink));
    const arrived = mayArriveTwice ? new Set(seenCalls.map(({ spanId }) => spanId)).size : seenCalls.length;
    if (calls > 0) expect({ arrived, seenCalls }).toMatchObject({ arrived: calls });
    return { spans: spansOf(sink), loaded };
  } finally {
    await sink.close();
    await models.close();
  }
}

function callsIn(spans: readonly SpanRow[]): SpanRow[] {
  return spans.filter(({ name }) => name === 'chat gpt-4o');
}

/** Folders that are new for every run, and process ids in warnings. */
export function tidy(output: string): string {
  return output
    .replaceAll(/(?:\/private)?(?:\/[\w.-]+)*\/swarmscope-(program|home)-\w{6}/g, '<$1>')
    .replaceAll(/\(node:\d+\)/g, '(node:PID)');
}
