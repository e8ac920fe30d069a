/** A call of a session file as a span: what the file tells, by what it is known to be that process', and nothing that is absent. */
import { expect, it } from '@jest/globals';
import { spanOfFileCall } from '../../src/analysis/index.ts';
import { EVIDENCES } from '../../src/sessions/match.ts';
import { T0 } from './hand-built.ts';

const told = {
  ...{ spanId: 'b'.repeat(16), place: { traceId: 'a'.repeat(32), spanId: 'c'.repeat(16) }, serviceName: 'swarm', pid: 7, sessionId: 's-1' },
  ...{ startMs: T0, endMs: T0 + 900, by: 'file', tokens: {}, cost: undefined },
};

it('hangs below the process of its agent, and has what the file tells', () => {
  const tokens = { inputTokens: 700, outputTokens: 30, cacheReadTokens: 5, reasoningTokens: 2 };
  const span = spanOfFileCall({
    ...told,
    model: 'm-1',
    provider: 'anthropic',
    responseId: 'msg_1',
    requestId: 'req_1',
    tokens,
    cost: 0.25,
  });
  expect(span).toMatchObject({
    ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentSpanId: 'c'.repeat(16), pid: 7, startMs: T0, endMs: T0 + 900 },
    ...{ name: 'chat m-1', kind: 3, isError: false, scopeName: 'swarmscope.sessions' },
  });
  expect(span.attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'm-1',
    'gen_ai.response.model': 'm-1',
    'gen_ai.response.id': 'msg_1',
    'swarmscope.inference.request.id': 'req_1',
    'gen_ai.conversation.id': 's-1',
    'swarmscope.agent.session.evidence': 'file',
    'gen_ai.usage.input_tokens': 700,
    'gen_ai.usage.output_tokens': 30,
    'gen_ai.usage.cache_read.input_tokens': 5,
    'gen_ai.usage.reasoning.output_tokens': 2,
    'swarmscope.cost.amount': 0.25,
    'swarmscope.cost.currency': 'USD',
    'swarmscope.cost.source': 'local',
  });
});

it('what the file does not tell is absent', () => {
  const span = spanOfFileCall(told);
  expect(span.name).toBe('chat');
  expect(Object.keys(span.attributes).sort()).toEqual([
    'gen_ai.conversation.id',
    'gen_ai.operation.name',
    'swarmscope.agent.session.evidence',
  ]);
});

it('says by what the file is known to be its own', () => {
  expect([...EVIDENCES].sort()).toEqual(['argument', 'child', 'file', 'folder', 'pid-file']);
  for (const by of EVIDENCES) expect(spanOfFileCall({ ...told, by }).attributes['swarmscope.agent.session.evidence']).toBe(by);
});
