/** Which LLM spans are one call: what two senders saw of one exchange, and never two answers that look alike. */
import { describe, expect, it } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import type { SpanRow } from '../../src/analysis/model.ts';
import * as words from '../../src/semconv/index.ts';
import { agent, llm, run, span, task, tokens, type SpanSketch } from './hand-built.ts';

interface Told extends Omit<SpanSketch, 'id' | 'attributes'> {
  responseId?: string;
  output?: number;
  server?: string;
  port?: number;
}

let made = 0;
function call({ responseId, output = 5, server, port, ...where }: Told): SpanRow {
  const told = Object.entries({
    [words.ATTR_GEN_AI_RESPONSE_ID]: responseId,
    [words.ATTR_SERVER_ADDRESS]: server,
    [words.ATTR_SERVER_PORT]: port,
  }).filter((each): each is [string, string | number] => each[1] !== undefined);
  return span({ id: `call${(made += 1)}`, ...where, attributes: llm({ ...tokens(10, output), ...Object.fromEntries(told) }) });
}

function counted(spans: readonly SpanRow[]): number[] {
  const { calls, duplicates } = analyse(run(1000, spans)).usage;
  return [calls, duplicates];
}

/** As many calls, `parallel` at a time, each of one second. */
function stream(count: number, parallel: number, told: (index: number) => Omit<Told, 'from'>): SpanRow[] {
  return [...Array(count).keys()].map((index) => {
    const from = Math.floor(index / parallel) + (index % parallel) / 100;
    return call({ from, to: from + 1, ...told(index) });
  });
}

describe('two answers that look alike are two calls', () => {
  // Ollama draws from 999 numbers: the generator of Park and Miller, so that every run of the test draws the same.
  let seed = 42;
  const draw = (): string => `chatcmpl-${(seed = (seed * 48_271) % 2_147_483_647) % 999}`;

  it.each<[string, (index: number) => Omit<Told, 'from'>]>([
    ['one of 999 ids, drawn by a server', () => ({ responseId: draw() })],
    ['one of 999 ids, in several processes', (index) => ({ responseId: draw(), pid: index % 4, server: '127.0.0.1', port: 11_434 })],
    ['one id for all, from a cache', () => ({ responseId: 'chatcmpl-1' })],
    ['one id for all, in several processes', (index) => ({ responseId: 'chatcmpl-1', pid: index % 4, server: 'cache', port: 80 })],
    ['one id for all, in several processes, by two senders', (index) => ({ responseId: 'chatcmpl-1', pid: index, scope: `x${index % 2}` })],
  ])('%s', (_title, told) => {
    expect(counted(stream(300, 4, told))).toEqual([300, 0]);
  });

  it('one id at two times, by two senders', () => {
    expect(counted([call({ from: 0, to: 4, responseId: 'r' }), call({ from: 3, to: 6, scope: 'x', responseId: 'r' })])).toEqual([2, 0]);
  });

  it('equal counts in one agent, by two senders that tell different ids of one kind', () => {
    const inAgent = { parent: 'a', from: 0, to: 4 };
    const spans = [call({ ...inAgent, responseId: 'chatcmpl-1' }), call({ ...inAgent, scope: 'x', responseId: 'chatcmpl-2' })];
    expect(counted([span({ id: 'a', from: 0, to: 4, attributes: agent() }), ...spans])).toEqual([2, 0]);
  });
});

describe('an exchange that was seen twice is one call', () => {
  it('by process and model, as far as two clocks of one machine agree', () => {
    const wire = call({ from: 10, to: 10.002, pid: 1 });
    const isOne = (from: number, to: number): boolean => counted([wire, call({ from, to, pid: 1, scope: 'x' })])[0] === 1;
    // In seconds: the other clock is 6 ms behind, and 6.1.
    expect([isOne(9.99, 9.996), isOne(9.99, 9.9959)]).toEqual([true, false]);
  });

  it('by its id: each of two senders saw each of the calls', () => {
    const told = (scope: string) => stream(40, 4, (index) => ({ scope, responseId: `r${index % 3}` }));
    expect(counted([...told('swarmscope'), ...told('x')])).toEqual([40, 40]);
  });

  it('by its id: one of two senders did not see some of the calls', () => {
    const wire = stream(40, 4, () => ({ responseId: 'chatcmpl-1' }));
    const own = stream(40, 4, () => ({ scope: 'x', responseId: 'chatcmpl-1' })).filter((_, index) => index % 4 === 0);
    expect(counted([...wire, ...own])).toEqual([40, 10]);
  });

  it('by its id: three senders saw it, one of them in a process that is not known', () => {
    const seen = (scope: string, pid?: number) => ({ ...call({ from: 0, to: 4, scope, responseId: 'r' }), pid });
    expect(counted([seen('swarmscope', 1), seen('x', 1), seen('y')])).toEqual([1, 2]);
  });

  it('by agent, time and output, although the agent tells the id of its request', () => {
    const told = (scope: string, prefix: string): SpanRow[] =>
      [0, 1, 2].map((index) => call({ parent: 'a', from: 0, to: 4 + index, scope, responseId: `${prefix}_${index}` }));
    const spans = [span({ id: 'a', from: 0, to: 9, attributes: agent() }), ...told('swarmscope', 'msg'), ...told('claude_code', 'req')];
    expect(counted(spans)).toEqual([3, 3]);
    expect(counted([...spans, call({ parent: 'a', from: 0, to: 4, scope: 'claude_code', responseId: 'req_4' })])).toEqual([4, 3]);
  });

  it.each<[string, Partial<Told>, number]>([
    ['a gateway of the run passed it on to another server', {}, 1],
    ['not when both went to one server', { port: 4000 }, 2],
    ['not when it began earlier', { from: 0 }, 2],
    ['not when it counts other tokens', { output: 6 }, 2],
    ['not in the same process', { pid: 1 }, 2],
  ])('by its id: %s', (_title, inner, expected) => {
    const server = { server: '127.0.0.1', responseId: 'r' };
    const outer = call({ from: 1, to: 4, pid: 1, port: 4000, ...server });
    expect(counted([outer, call({ from: 2, to: 3, pid: 2, port: 443, ...server, ...inner })])[0]).toBe(expected);
  });
});

describe("a call that the program's own telemetry tells as well is one call, of what the preload saw", () => {
  const model = { [words.ATTR_GEN_AI_REQUEST_MODEL]: 'text-embedding-3-small' };
  const without = (where: Omit<SpanSketch, 'id' | 'attributes'>): SpanRow =>
    span({ id: `call${(made += 1)}`, ...where, attributes: llm(model) });
  const wire = { scope: 'swarmscope', pid: 1 };
  const own = { scope: '@opentelemetry/instrumentation-openai', pid: 1 };

  it('without an id, by process, model and time', () => {
    expect(counted([without({ from: 0, to: 4, ...own }), without({ from: 1, to: 3, ...wire })])).toEqual([1, 1]);
    expect(counted([without({ from: 0, to: 4, ...own, pid: 2 }), without({ from: 1, to: 3, ...wire })])).toEqual([2, 0]);
    expect(counted([{ ...without({ from: 0, to: 4, ...own }), pid: undefined }, without({ from: 1, to: 3, ...wire })])).toEqual([2, 0]);
    expect(counted([without({ from: 0, to: 4, ...own }), without({ from: 4, to: 6, ...wire })])).toEqual([2, 0]);
    expect(counted([without({ from: 0, to: 4, ...own }), without({ from: 1, to: 3, ...own, scope: 'x' })])).toEqual([2, 0]);
  });

  it('without an id, each of several at once', () => {
    const several = (who: typeof wire, late: number): SpanRow[] =>
      [0, 1, 2].map((index) => without({ from: index + late, to: index + 5 - late, ...who }));
    expect(counted([...several(own, 0), ...several(wire, 0.1)])).toEqual([3, 3]);
  });

  it('by the span that it took place in, of which three attempts are three calls', () => {
    const around = { ...without({ from: 0, to: 9, ...own }), pid: undefined };
    const request = span({
      id: 'http',
      from: 0,
      to: 9,
      parent: around.spanId,
      scope: '@opentelemetry/instrumentation-http',
      attributes: {},
    });
    const links = [{ traceId: request.traceId, spanId: request.spanId }];
    const attempts = [0, 3, 6].map((from) => ({ ...without({ from, to: from + 1, ...wire }), links }));
    expect(counted([around, request, ...attempts])).toEqual([3, 0]);
  });

  it('not by a link to another attempt of our own', () => {
    const first = without({ from: 0, to: 1, ...wire });
    const links = [{ traceId: first.traceId, spanId: first.spanId }];
    expect(counted([first, { ...without({ from: 2, to: 3, ...wire }), links }])).toEqual([2, 0]);
  });
});

describe('a call that the gateway saw as well', () => {
  const inAgent = { parent: 'a', from: 0, to: 4 };
  const anAgent = (pid: number, id = 'a'): SpanRow =>
    span({ id, from: 0, to: 9, attributes: { ...agent(), [words.ATTR_PROCESS_PID]: pid } });
  /** Sent by the supervisor (pid 1), of a process that it names. */
  const gateway = (told: Told, pid: number, more: Record<string, string | number> = {}): SpanRow => {
    const row = call(told);
    return { ...row, attributes: { ...row.attributes, [words.ATTR_PROCESS_PID]: pid, ...more } };
  };
  const own = (told: Told, more: Record<string, string | number> = {}): SpanRow => {
    const row = { ...call({ scope: 'com.anthropic.claude_code', ...told }), pid: undefined };
    return { ...row, attributes: { ...row.attributes, [words.ATTR_SWARMSCOPE_DIALECT]: 'claude_code', ...more } };
  };
  const requestId = (id: string) => ({ [words.ATTR_SWARMSCOPE_INFERENCE_REQUEST_ID]: id });

  it.each<[string, SpanRow, SpanRow, number]>([
    ['by the id of its request', gateway(inAgent, 7, requestId('req_1')), own({ ...inAgent, output: 6 }, requestId('req_1')), 1],
    ['by the id of its answer', gateway({ ...inAgent, responseId: 'msg_1' }, 7), own({ ...inAgent, responseId: 'msg_1' }), 1],
    ['by process, model, output and time', gateway({ ...inAgent, parent: undefined }, 7), own(inAgent), 1],
    ['whatever the agent adds to the model', gateway(inAgent, 7), own(inAgent, { [words.ATTR_GEN_AI_REQUEST_MODEL]: 'm-1[1m]' }), 1],
    ['not of another model', gateway(inAgent, 7), own(inAgent, { [words.ATTR_GEN_AI_REQUEST_MODEL]: 'm-2' }), 2],
    ['not of another process', gateway({ ...inAgent, parent: undefined }, 8), own(inAgent), 2],
    ['not with another request id', gateway(inAgent, 7, requestId('req_1')), own(inAgent, requestId('req_2')), 2],
    ['not at another time', gateway({ ...inAgent, from: 5, to: 8 }, 7), own(inAgent), 2],
    ['not twice by the gateway', gateway(inAgent, 7), gateway(inAgent, 7), 2],
  ])('%s', (_title, one, other, expected) => {
    expect(counted([anAgent(7), one, other])[0]).toBe(expected);
  });

  it('each of many at once, one to one', () => {
    const told = (make: (told: Told) => SpanRow): SpanRow[] => [0, 1, 2, 3].map((index) => make({ parent: 'a', from: index / 10, to: 4 }));
    expect(counted([anAgent(7), ...told((each) => gateway(each, 7)), ...told(own)])).toEqual([4, 4]);
    expect(counted([anAgent(7), ...told((each) => gateway(each, 7)), ...told(own).slice(0, 3)])).toEqual([4, 3]);
  });

  it('has the counts of the gateway, what else the agent knows, and says where they disagree', () => {
    const spans = [
      anAgent(7),
      gateway({ ...inAgent, output: 20 }, 7, requestId('req_1')),
      own({ ...inAgent, output: 22 }, { ...requestId('req_1'), [words.ATTR_GEN_AI_CONVERSATION_ID]: 's' }),
    ];
    const { usage } = analyse(run(10, spans));
    expect(usage).toMatchObject({ calls: 1, duplicates: 1, tokens: { output: 20 } });
    expect(usage.disagreements).toEqual([{ fact: 'output_tokens', used: 'gateway', other: 'agent', calls: 1, usedSum: 20, otherSum: 22 }]);
  });

  it('and a session file: three tellers, one call', () => {
    const file = gateway({ ...inAgent, scope: 'swarmscope.sessions', responseId: 'msg_1' }, 7, requestId('req_1'));
    expect(counted([anAgent(7), gateway({ ...inAgent, responseId: 'msg_1' }, 7), own(inAgent, requestId('req_1')), file])).toEqual([1, 2]);
  });

  const fromFile = (told: Told, more: Record<string, string | number> = {}): SpanRow => {
    const row = call({ scope: 'swarmscope.sessions', parent: 'a', pid: 7, ...told });
    return { ...row, attributes: { ...row.attributes, [words.ATTR_SWARMSCOPE_AGENT_SESSION_EVIDENCE]: 'file', ...more } };
  };

  it('a session file that counted other tokens is the same call, and the others keep their word', () => {
    const { usage, agents } = analyse(run(10, [anAgent(7), own({ ...inAgent, output: 22 }), fromFile({ from: 0, to: 4, output: 20 })]));
    expect(usage).toMatchObject({ calls: 1, duplicates: 1, tokens: { output: 22 } });
    expect(usage.disagreements).toEqual([
      { fact: 'output_tokens', used: 'agent', other: 'session file', calls: 1, usedSum: 22, otherSum: 20 },
    ]);
    expect(agents).toMatchObject([{ knownBy: ['agent', 'session file'], sessionBy: 'file' }]);
  });

  it.each<[string, SpanRow, number]>([
    ['of another process of its agent', fromFile({ from: 0, to: 4, pid: 8 }), 1],
    ['that tells only when the answer was written', fromFile({ from: 4.1, to: 4.1, output: 20 }), 1],
    ['of another agent', fromFile({ from: 0, to: 4, parent: undefined, pid: 9 }), 2],
    ['of another model', fromFile({ from: 0, to: 4, output: 20 }, { [words.ATTR_GEN_AI_REQUEST_MODEL]: 'm-2' }), 2],
    ['of another time', fromFile({ from: 7, to: 9 }), 2],
  ])('a session file %s', (_title, file, expected) => {
    expect(counted([anAgent(7), own(inAgent), file])[0]).toBe(expected);
  });
});

describe('two instruments of one program that tell each call beside each other', () => {
  const instrument = (scope: string, index: number): SpanRow => ({
    ...call({ from: index, to: index + 0.9, scope, output: 7, ...(scope === 'langchain' ? {} : { responseId: `chatcmpl-${index}` }) }),
    pid: undefined,
  });
  const both = [0, 1, 2, 3, 4].flatMap((index) => [instrument('langchain', index), instrument('openai', index)]);

  it('tell five calls, not ten', () => {
    expect(counted(both)).toEqual([5, 5]);
  });

  it('tell ten in two traces: nothing says that these are one program', () => {
    expect(counted(both.map((row) => (row.scopeName === 'openai' ? { ...row, traceId: 'b'.repeat(32) } : row)))).toEqual([10, 0]);
  });
});

describe('a call that was read in the kernel', () => {
  const kernel = (told: Told): SpanRow => {
    const row = { ...call({ scope: 'agentsight', ...told }), pid: undefined, traceId: 'c'.repeat(32) };
    return { ...row, attributes: { ...row.attributes, [words.ATTR_SWARMSCOPE_DIALECT]: 'agentsight' } };
  };

  it('is the one that the process told at the same time, and else a call of its own', () => {
    expect(counted([call({ from: 0, to: 4, pid: 5 }), kernel({ from: 0, to: 4 })])).toEqual([1, 1]);
    expect(
      counted([call({ from: 0, to: 4, pid: 5, responseId: 'msg_1' }), kernel({ from: 0, to: 4, responseId: 'msg_1', output: 4 })]),
    ).toEqual([1, 1]);
    expect(counted([call({ from: 0, to: 4, pid: 5 }), kernel({ from: 5, to: 9 })])).toEqual([2, 0]);
    expect(counted([call({ from: 0, to: 4, pid: 5 }), call({ from: 0, to: 4, pid: 6 }), kernel({ from: 0, to: 4 })])).toEqual([2, 1]);
  });
});

it('all sections count the same calls', () => {
  const spans = [
    span({ id: 't', from: 0, to: 10, attributes: task('t') }),
    span({ id: 'around', parent: 't', from: 0, to: 4, scope: 'x', attributes: llm() }),
    call({ parent: 'around', from: 0, to: 4, responseId: 'r' }),
    call({ parent: 't', from: 0, to: 4, scope: 'y', responseId: 'r' }),
  ];
  const report = analyse(run(10, spans));
  const inDurations = report.categories.find(({ name }) => name === 'llm')?.count;
  expect([report.usage.calls, report.slowest[0]?.llmCalls, inDurations]).toEqual([1, 1, 1]);
});
