/** Spans of other vocabularies are translated into ours. */
import { describe, expect, test } from '@jest/globals';
import { normaliseSpan } from '../../src/semconv/index.ts';

const claude = (name: string, attributes: Record<string, string | number | boolean>) =>
  normaliseSpan({ name, scopeName: 'com.anthropic.claude_code.tracing', attributes });

describe('a span of Claude Code', () => {
  test('for an LLM request becomes a chat with the total of its input, cache included', () => {
    const span = claude('claude_code.llm_request', {
      model: 'claude-x',
      input_tokens: 10,
      output_tokens: 5,
      cache_read_tokens: 100,
      cache_creation_tokens: 20,
      ttft_ms: 250,
      attempt: 2,
      stop_reason: 'tool_use',
    });
    expect(span).toEqual({
      name: 'chat claude-x',
      kind: 3,
      isNoise: false,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.request.model': 'claude-x',
        'gen_ai.usage.input_tokens': 130,
        'gen_ai.usage.output_tokens': 5,
        'gen_ai.usage.cache_read.input_tokens': 100,
        'gen_ai.usage.cache_write.input_tokens': 20,
        'gen_ai.response.time_to_first_chunk': 0.25,
        'gen_ai.response.finish_reasons': ['tool_call'],
        'http.request.resend_count': 1,
        'swarmscope.dialect': 'claude_code',
      },
    });
  });

  test('that already carries an input count without the cache gets the total', () => {
    const { attributes } = claude('claude_code.llm_request', { input_tokens: 10, cache_read_tokens: 90, 'gen_ai.usage.input_tokens': 10 });
    expect(attributes['gen_ai.usage.input_tokens']).toBe(100);
  });

  test('keeps other values that it already carries under our names', () => {
    const { attributes } = claude('claude_code.llm_request', { model: 'alias', 'gen_ai.request.model': 'claude-x' });
    expect(attributes).toMatchObject({ 'gen_ai.request.model': 'claude-x' });
    expect(attributes).not.toHaveProperty('model');
  });

  test('sends numbers as text and is understood; what is no number is left as it came', () => {
    const { attributes } = claude('claude_code.llm_request', { input_tokens: '10', ttft_ms: 'soon' });
    expect(attributes).toMatchObject({ 'gen_ai.usage.input_tokens': 10, ttft_ms: 'soon' });
    expect(attributes).not.toHaveProperty('gen_ai.response.time_to_first_chunk');
  });

  test('for a tool becomes execute_tool', () => {
    expect(claude('claude_code.tool', { tool_name: 'Bash', tool_use_id: 't1' })).toMatchObject({
      name: 'execute_tool Bash',
      kind: 1,
      attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'Bash', 'gen_ai.tool.call.id': 't1' },
    });
  });

  test('for a tool without a name is named by its operation alone', () => {
    expect(claude('claude_code.tool', {}).name).toBe('execute_tool');
  });

  test.each(['user_temporary', 'user_permanent', 'user_reject', 'user_abort'])('that %s answered is a wait for a human', (source) => {
    expect(claude('claude_code.tool.blocked_on_user', { source, duration_ms: 500 })).toMatchObject({
      name: 'wait human',
      attributes: { 'swarmscope.operation.name': 'wait', 'swarmscope.wait.reason': 'human' },
    });
  });

  test.each([
    {},
    { source: 'config' },
    { source: 'hook' },
    { source: 'classifier' },
    { source: 'unknown' },
    { source: 'user_temporary', duration_ms: 499 },
  ])('that nobody answered by hand is no wait: %j', (attributes) => {
    const told = claude('claude_code.tool.blocked_on_user', attributes);
    expect(told).not.toHaveProperty('name');
    expect(told.attributes).not.toHaveProperty('swarmscope.wait.reason');
  });

  test('that no rule names keeps its name, its kind and its attributes', () => {
    expect(claude('claude_code.hook', { hook: 'x' })).toEqual({
      attributes: { hook: 'x', 'swarmscope.dialect': 'claude_code' },
      isNoise: false,
    });
  });
});

describe('a span of Codex', () => {
  test('that is an internal of the program is noise', () => {
    expect(normaliseSpan({ name: 'handle_responses', scopeName: 'codex_exec', attributes: {} }).isNoise).toBe(true);
  });

  test('for a tool result becomes execute_tool', () => {
    expect(normaliseSpan({ name: 'codex.tool_result', scopeName: 'codex_exec', attributes: { tool_name: 'shell' } })).toMatchObject({
      name: 'execute_tool shell',
      isNoise: false,
    });
  });
});

describe('an event of Codex', () => {
  const request = (status: number) =>
    normaliseSpan({
      name: 'codex.api_request',
      scopeName: 'codex_otel.log_only',
      attributes: { model: 'gpt-x', 'http.response.status_code': status, duration_ms: '22' },
    }).attributes;

  test('for a request is a chat, and its status is an error from 400 on', () => {
    expect(request(400)).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.agent.name': 'codex',
      'gen_ai.request.model': 'gpt-x',
      'http.response.status_code': 400,
      'error.type': '400',
      duration_ms: '22',
      'swarmscope.dialect': 'codex',
    });
    expect(request(399)).not.toHaveProperty('error.type');
  });

  test('for a tool that failed carries an error', () => {
    const result = (success: string) =>
      normaliseSpan({ name: 'codex.tool_result', scopeName: 'codex_otel.log_only', attributes: { tool_name: 'shell', success } })
        .attributes;
    expect(result('false')).toMatchObject({ 'error.type': '_OTHER', 'gen_ai.tool.name': 'shell' });
    expect(result('true')).not.toHaveProperty('error.type');
  });
});

describe('other vocabularies', () => {
  test('OpenInference is translated by the kind of its span', () => {
    const attributes = { 'openinference.span.kind': 'LLM', 'llm.model_name': 'm', 'llm.provider': 'azure', 'llm.token_count.prompt': 7 };
    expect(normaliseSpan({ name: 'ChatCompletion', scopeName: '', attributes })).toMatchObject({
      name: 'chat m',
      kind: 3,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'm',
        'gen_ai.provider.name': 'azure.ai.openai',
        'gen_ai.usage.input_tokens': 7,
      },
    });
  });

  test('OpenLLMetry with names of the old convention is translated by both dialects', () => {
    const attributes = {
      'llm.request.type': 'chat',
      'gen_ai.system': 'OpenAI',
      'gen_ai.request.model': 'm',
      'gen_ai.usage.prompt_tokens': 3,
    };
    const span = normaliseSpan({ name: 'openai.chat', scopeName: '', attributes });
    expect(span).toEqual({
      name: 'chat m',
      kind: 3,
      isNoise: false,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'm',
        'gen_ai.usage.input_tokens': 3,
        'swarmscope.dialect': 'openllmetry',
      },
    });
  });

  test('an entity of OpenLLMetry is named by what its span is', () => {
    const attributes = { 'traceloop.span.kind': 'agent', 'traceloop.entity.name': 'planner' };
    expect(normaliseSpan({ name: 'planner.agent', scopeName: '', attributes })).toMatchObject({
      name: 'invoke_agent planner',
      attributes: { 'gen_ai.agent.name': 'planner' },
    });
  });

  test('legacy cache creation is a cache write, and the old name is gone', () => {
    const attributes = { 'gen_ai.usage.cache_creation.input_tokens': 4 };
    expect(normaliseSpan({ name: 'chat m', scopeName: '', attributes })).toEqual({
      isNoise: false,
      attributes: { 'gen_ai.usage.cache_write.input_tokens': 4, 'swarmscope.dialect': 'gen_ai_legacy' },
    });
  });

  test('a span of ours passes unchanged, in a copy', () => {
    const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' };
    const span = normaliseSpan({ name: 'chat m', scopeName: 'swarmscope', attributes });
    expect(span).toEqual({ attributes, isNoise: false });
    expect(span.attributes).not.toBe(attributes);
  });

  test.each(['constructor', '__proto__', 'toString'])('a value called %s is no entry of a table', (value) => {
    const { attributes } = normaliseSpan({ name: 'x', scopeName: '', attributes: { 'gen_ai.system': value } });
    expect(attributes['gen_ai.provider.name']).toBe(value);
  });
});
