// Every attribute of the registry, and some that it does not know, is set through every verb and looked for in the
// bytes that leave.
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { CONTENT_CLASS, type ContentClass } from '../../../src/semconv/index.ts';
import { runProgram, startSink } from '../../harness/index.ts';
import { logsOf, metricPointsOf, openSpansOf, spansOf } from '../../harness/received.ts';
import { escaped, hatch, type Exhibit } from './canaries.ts';

const MAX_NAME = 512;
const MAX_CONTENT = 65_536;

type Class = ContentClass | 'unknown';
const birds = hatch(['never', 'name', 'content', 'unknown']);
const strangers = [
  'app.secret',
  'user.email',
  'enduser.id',
  'url.full',
  'http.request.header.authorization',
  'exception.custom',
  'gen_ai.prompt',
  '',
];
const classes: Readonly<Record<string, Class>> = { ...CONTENT_CLASS, ...Object.fromEntries(strangers.map((name) => [name, 'unknown'])) };
const namesOf = (wanted: Class): string[] => Object.keys(classes).filter((name) => classes[name] === wanted);

/** Each verb is handed the attributes in portions: a span of the SDK holds 128. */
const program = `
const { birds, classes } = JSON.parse(process.env.GIVEN);
const r = globalThis[Symbol.for('swarmscope.runtime.1')].recorder();
const names = Object.keys(classes);
const values = (name) => [birds[classes[name]], [birds[classes[name]]], birds[classes[name]] + 'n'.repeat(70000)];
const verbs = {
  task: (a) => { const t = r.startTask({ type: 't', attributes: a }, 'f'); t.end(); },
  set: (a) => { const t = r.startPhase('p'); t.set(a); t.end({ attributes: a }); },
  agent: (a) => r.startAgent('agent', a).end(),
  tool: (a) => r.startTool({ name: 'tool', attributes: a }).end(),
  wait: (a) => r.startWait('lock', a).end(),
  llm: (a) => { const c = r.startLlmCall({ operation: 'chat', provider: 'openai', attributes: a }); c.learn({ attributes: a }); c.end({ attributes: a }); },
  child: (a) => r.startChildProcess({ executable: 'tool', attributes: a }).end(),
  git: (a) => r.recordGit({ operation: 'status', startTime: r.now(), endTime: r.now(), attributes: a }),
};
for (const verb of Object.values(verbs))
  for (const which of [0, 1, 2])
    for (let at = 0; at < names.length; at += 40)
      verb(Object.fromEntries(names.slice(at, at + 40).map((name) => [name, values(name)[which]])));
`;

interface Walk {
  readonly spans: readonly SpanRow[];
  readonly exhibits: readonly Exhibit[];
}

async function walk(env: Readonly<Record<string, string>> = {}): Promise<Walk> {
  const sink = await startSink();
  const given = { GIVEN: JSON.stringify({ birds, classes }), OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_SPAN_STARTS: 'true' };
  const { code, stderr } = await runProgram({
    files: { 'walk.cjs': program },
    env: { ...given, SWARMSCOPE_EXIT_TIMEOUT: '10000', ...env },
  });
  await sink.close();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(metricPointsOf(sink).length).toBeGreaterThan(0);
  expect(openSpansOf(sink).length + logsOf(sink).length).toBeGreaterThanOrEqual(0);
  return { spans: spansOf(sink), exhibits: sink.requests.map(({ path, body }) => ({ from: path, bytes: body })) };
}

const longest = (spans: readonly SpanRow[], wanted: Class): number =>
  Math.max(
    0,
    ...spans.flatMap(({ attributes }) =>
      Object.entries(attributes).flatMap(([name, value]) =>
        classes[name] === wanted ? [value].flat().map((each) => (typeof each === 'string' ? each.length : 0)) : [],
      ),
    ),
  );
const seen = (spans: readonly SpanRow[]): Set<string> => new Set(spans.flatMap(({ attributes }) => Object.keys(attributes)));

describe('with content off', () => {
  let off: Walk;
  beforeAll(async () => {
    off = await walk();
  });

  test('no attribute of class content leaves, and none that the registry does not know', () => {
    const { content, unknown } = birds;
    expect(escaped({ content, unknown }, off.exhibits)).toEqual([]);
    const found = seen(off.spans);
    expect([...namesOf('content'), ...strangers].filter((name) => found.has(name))).toEqual([]);
  });

  test('every other attribute arrives, so that the case above can fail', () => {
    const found = seen(off.spans);
    expect([...namesOf('name'), ...namesOf('never')].filter((name) => !found.has(name))).toEqual([]);
  });

  test.each(['name', 'never'] as const)('an attribute of class %s is cut to 512 characters', (wanted) => {
    expect(longest(off.spans, wanted)).toBe(MAX_NAME);
  });
});

describe('with content on', () => {
  test('every attribute of class content arrives, cut to 65,536 characters', async () => {
    const on = await walk({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' });
    const found = seen(on.spans);
    expect(namesOf('content').filter((name) => !found.has(name))).toEqual([]);
    expect(longest(on.spans, 'content')).toBe(MAX_CONTENT);
    expect(longest(on.spans, 'name')).toBe(MAX_NAME);
  });
});

const hostile = `
const r = globalThis[Symbol.for('swarmscope.runtime.1')].recorder();
const long = 'x'.repeat(200000);
const odd = [{ a: 1 }, [1, null, { a: '${birds.content}' }], 10n, () => 1, null, new Map(), NaN, new Date(NaN)];
for (const value of odd) r.startTask({ type: 'odd', attributes: { 'swarmscope.pool.name': value, 'gen_ai.prompt.version': 'kept', 'gen_ai.prompt.name': value } }, 'f').end();
r.startTask({ type: long, id: long, pool: long, queue: long, worker: long, dependencies: Array(1000).fill(long), attempt: 2, readyAt: r.now() }, 'f').end({ errorType: long });
r.startPhase(long).end();
r.startAgent(long).end();
r.startTool({ name: long, callId: long, toolType: long }).end();
r.startBatch({ scheduler: long, strategy: long }).end();
r.startChildProcess({ executable: long }).end();
r.startLlmCall({ operation: 'chat', provider: long, requestModel: long, serverAddress: long, toolsOffered: [long] }).end({ responseModel: long, finishReasons: [long], toolsCalled: [long], errorType: long, usage: { inputTokens: 1, outputTokens: 1 } });
r.submitTask(long).cancel();
r.trackPool({ name: long, active: () => 1, limit: () => 2 });
r.trackQueue({ name: long, size: () => 1 });
`;

test('very long names are cut in attributes, span names and metric labels, and an odd value loses only itself', async () => {
  const sink = await startSink();
  const { code } = await runProgram({
    files: { 'hostile.cjs': hostile },
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_SPAN_STARTS: 'true', SWARMSCOPE_EXIT_TIMEOUT: '10000' },
  });
  await sink.close();
  const spans = spansOf(sink);
  expect(code).toBe(0);
  expect(spans.filter(({ attributes }) => attributes['gen_ai.prompt.version'] === 'kept')).toHaveLength(8);
  expect(spans.length).toBeGreaterThanOrEqual(15);
  const texts = [...spans.map(({ attributes }) => attributes), ...metricPointsOf(sink).map(({ attributes }) => attributes)].flatMap(
    (each) => Object.entries(each).flatMap(([name, value]) => [value].flat().map((item) => ({ name, length: String(item).length }))),
  );
  const all = [...texts, ...spans.map(({ name }) => ({ name: 'the span name', length: name.length }))];
  expect(all.filter(({ length }) => length > MAX_NAME)).toEqual([]);
});
