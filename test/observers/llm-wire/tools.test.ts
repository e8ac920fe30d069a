/** Tools as the wire tells them, in every protocol: the span between the call that asked and the request with the result. */
import { describe, expect, test } from '@jest/globals';
import { createPricing, type Pricing } from '../../../src/pricing/index.ts';
import { SPOKEN, type Asked, type Given } from './conversations.ts';
import { startCalls } from './calls.ts';

const look: Asked = { id: 'call_1', name: 'look_up' };
const write: Asked = { id: 'call_2', name: 'write' };

describe.each(Object.entries(SPOKEN))('%s', (name, spoken) => {
  function start() {
    const { call, spans, advance, recorder } = startCalls();
    const conversation = (first: string) => {
      const messages: object[] = spoken.user(first);
      return {
        messages,
        ask(calls: readonly Asked[]): void {
          call({ url: spoken.url, asked: spoken.body(messages), answered: spoken.reply(calls) });
          if (calls.length > 0) messages.push(...spoken.answer('so', calls));
        },
        give(...given: readonly Given[]): void {
          messages.push(...spoken.results(given));
        },
      };
    };
    const tools = () =>
      spans()
        .filter((span) => span.attributes['gen_ai.operation.name'] === 'execute_tool')
        .map((span) => [span.name, Math.round(span.duration[0] * 1_000 + span.duration[1] / 1e6), span.attributes['error.type']]);
    const calls = () => spans().filter((span) => span.attributes['gen_ai.provider.name'] !== undefined);
    return { call, conversation, tools, calls, advance, recorder, spans };
  }

  test('what is offered and asked for stands on the call; a tool lasts from the answer to the request with its result', () => {
    const { conversation, tools, calls, advance, spans } = start();
    const one = conversation('hello');
    one.ask([look]);
    advance(100);
    one.give(look);
    one.ask([]);
    expect(tools()).toEqual([['execute_tool look_up', 100, undefined]]);
    expect(spans().find((span) => span.name === 'execute_tool look_up')?.attributes['swarmscope.tool.inferred']).toBe(true);
    expect(calls().map((span) => span.attributes['swarmscope.tool.called.names'])).toEqual([['look_up'], undefined]);
    for (const { attributes } of calls())
      expect(attributes).toMatchObject({ 'swarmscope.tool.offered.names': ['look_up', 'write'], 'swarmscope.tool.available.count': 2 });
  });

  test('several calls of one answer are several tools, in whatever order their results come', () => {
    const { conversation, tools, advance } = start();
    const one = conversation('hello');
    one.ask([look, write]);
    advance(100);
    one.give(write, look);
    one.ask([]);
    expect(
      tools()
        .map(([tool]) => tool)
        .sort(),
    ).toEqual(['execute_tool look_up', 'execute_tool write']);
  });

  test('a result that never comes is no tool', () => {
    const { conversation, tools, advance } = start();
    const one = conversation('hello');
    one.ask([look, write]);
    advance(100);
    one.give(write);
    one.ask([]);
    conversation('something else').ask([]);
    expect(tools().map(([tool]) => tool)).toEqual(['execute_tool write']);
  });

  test('old results that are sent with every later request are told once, also when the process changes in between', () => {
    const { conversation, tools, advance } = start();
    const one = conversation('hello');
    one.ask([look]);
    advance(100);
    one.give(look);
    one.ask([write]);
    advance(50);
    one.give(write);
    one.ask([]);
    one.messages.push(...spoken.answer('done', []), ...spoken.user('go on'));
    one.ask([]);
    one.ask([]);
    expect(tools()).toEqual([
      ['execute_tool look_up', 100, undefined],
      ['execute_tool write', 50, undefined],
    ]);
    // Another process never saw who asked: it tells nothing, and nothing wrong.
    const other = start();
    other.call({ url: spoken.url, asked: spoken.body(one.messages), answered: spoken.reply([]) });
    expect(other.tools()).toEqual([]);
  });

  test('two conversations at once, whose calls have one id, keep their tools apart', () => {
    const { conversation, tools, advance } = start();
    const [one, two] = [conversation('first'), conversation('second')];
    one.ask([look]);
    advance(100);
    two.ask([look]);
    advance(100);
    two.give(look);
    two.ask([]);
    advance(100);
    one.give(look);
    one.ask([]);
    expect(tools().map(([, ms]) => ms)).toEqual([100, 320]);
  });

  test(spoken.tellsErrors ? 'a tool that failed is an error' : 'has no word for a tool that failed: its result is one as any other', () => {
    const { conversation, tools } = start();
    const one = conversation('hello');
    one.ask([look, write]);
    one.give({ ...look, isError: true }, write);
    one.ask([]);
    expect(tools().map(([tool, , error]) => [tool, error])).toEqual([
      ['execute_tool look_up', spoken.tellsErrors ? '_OTHER' : undefined],
      ['execute_tool write', undefined],
    ]);
  });

  test('a tool that the program or a framework tells itself is told once', () => {
    const { conversation, tools, recorder } = start();
    const one = conversation('hello');
    one.ask([look]);
    recorder.startTool({ name: look.name, callId: name === 'Ollama' ? undefined : look.id }).end();
    one.give(look);
    one.ask([]);
    expect(tools()).toHaveLength(1);
  });

  const streamed = spoken.stream([look, write]);
  if (streamed.text !== '')
    test('calls whose arguments come in pieces of a stream, cut anywhere', () => {
      const { call, conversation, tools, calls, advance } = start();
      const one = conversation('hello');
      call({
        url: spoken.streamUrl ?? spoken.url,
        asked: spoken.body(one.messages, true),
        answeredText: streamed.text,
        answerHeaders: { 'content-type': streamed.type },
      });
      one.messages.push(...spoken.answer('so', [look, write]));
      advance(100);
      one.give(look, write);
      one.ask([]);
      expect(calls()[0]?.attributes['swarmscope.tool.called.names']).toEqual(['look_up', 'write']);
      expect(tools().map(([tool]) => tool)).toEqual(['execute_tool look_up', 'execute_tool write']);
    });
});

/** The published prices, and not those of the tests. */
const loadPricing = (): Pricing => createPricing();
const ANTHROPIC = 'https://api.anthropic.com/v1/messages';
const GEMINI = 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent';
const CONVERSE = 'https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-premier-v1%3A0/converse';
const XAI = 'https://api.x.ai/v1/chat/completions';
const RESPONSES = 'https://api.openai.com/v1/responses';
const serverUse = (id: string, name: string): object => ({ type: 'server_tool_use', id, name, input: {} });

interface OfService {
  readonly url: string;
  readonly tools: object;
  readonly answered: object;
  readonly offered: readonly string[] | undefined;
  readonly ran: readonly string[] | undefined;
  /** Why there is no price, where there is none. */
  readonly unpriced?: string;
}

/** Each runs once or more, and nobody sends a result; an answer is repeated in the next request as it came. */
const OF_SERVICES: Readonly<Record<string, OfService>> = {
  'Anthropic web search, web fetch, code execution and MCP': {
    url: ANTHROPIC,
    tools: {
      tools: [
        { type: 'web_search_20250305', name: 'web_search' },
        { type: 'web_fetch_20250910', name: 'web_fetch' },
        { type: 'code_execution_20250825', name: 'code_execution' },
        { type: 'mcp_toolset', mcp_server_name: 'tickets' },
        { type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' },
      ],
    },
    answered: {
      type: 'message',
      role: 'assistant',
      content: [
        serverUse('srvtoolu_1', 'web_search'),
        { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
        serverUse('srvtoolu_2', 'web_fetch'),
        { type: 'web_fetch_tool_result', tool_use_id: 'srvtoolu_2', content: {} },
        { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'find_ticket', server_name: 'tickets', input: {} },
        { type: 'mcp_tool_result', tool_use_id: 'mcptoolu_1', is_error: true, content: [] },
        serverUse('srvtoolu_3', 'tool_search_tool_regex'),
      ],
      stop_reason: 'end_turn',
      usage: { input_tokens: 10, output_tokens: 5, server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 } },
    },
    offered: ['web_search', 'web_fetch', 'code_execution', 'tickets', 'tool_search_tool_regex'],
    ran: ['web_search', 'web_fetch', 'find_ticket', 'tool_search_tool_regex'],
  },
  'OpenAI web search, file search, code interpreter, image generation and MCP': {
    url: RESPONSES,
    tools: {
      tools: ['web_search', 'file_search', 'code_interpreter', 'image_generation']
        .map((type) => ({ type }))
        .concat({ type: 'mcp', server_label: 'tickets' } as never),
    },
    answered: {
      object: 'response',
      status: 'completed',
      output: [
        { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search' } },
        { type: 'file_search_call', id: 'fs_1', status: 'completed' },
        { type: 'code_interpreter_call', id: 'ci_1', status: 'completed', code: 'CANARY' },
        { type: 'image_generation_call', id: 'ig_1', status: 'completed' },
        { type: 'mcp_call', id: 'mcp_1', name: 'find_ticket', server_label: 'tickets', arguments: '{}', output: 'CANARY' },
      ],
      usage: { input_tokens: 10, output_tokens: 5 },
    },
    offered: ['web_search', 'file_search', 'code_interpreter', 'image_generation', 'tickets'],
    ran: ['web_search', 'file_search', 'code_interpreter', 'image_generation', 'find_ticket'],
    unpriced: 'file search',
  },
  "Gemini's search, code execution and URL context": {
    url: GEMINI,
    tools: { tools: [{ googleSearch: {} }, { codeExecution: {} }, { urlContext: {} }] },
    answered: {
      candidates: [
        {
          content: { role: 'model', parts: [{ executableCode: { code: 'CANARY' } }, { codeExecutionResult: { output: 'CANARY' } }] },
          groundingMetadata: { webSearchQueries: ['CANARY', 'more'] },
          urlContextMetadata: { urlMetadata: [] },
          finishReason: 'STOP',
        },
      ],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5 },
    },
    offered: ['google_search', 'code_execution', 'url_context'],
    ran: ['google_search', 'url_context', 'code_execution'],
    unpriced: 'google search',
  },
  "Nova's grounding and code interpreter": {
    url: CONVERSE,
    tools: { toolConfig: { tools: [{ systemTool: { name: 'nova_grounding' } }, { systemTool: { name: 'nova_code_interpreter' } }] } },
    answered: {
      output: {
        message: {
          role: 'assistant',
          content: [
            { toolUse: { toolUseId: 'tooluse_1', name: 'nova_grounding', type: 'server_tool_use', input: {} } },
            { toolResult: { toolUseId: 'tooluse_1', type: 'nova_grounding_result', content: [], status: 'error' } },
          ],
        },
      },
      stopReason: 'end_turn',
      usage: { inputTokens: 10, outputTokens: 5 },
    },
    offered: ['nova_grounding', 'nova_code_interpreter'],
    ran: ['nova_grounding'],
  },
  "xAI's live search": {
    url: XAI,
    tools: { search_parameters: { mode: 'on' } },
    answered: {
      choices: [{ message: { content: 'ok' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 5, num_sources_used: 3 },
    },
    offered: undefined,
    ran: undefined,
    unpriced: 'live search',
  },
};

test.each(Object.entries(OF_SERVICES))('%s are told by name, counted, and are no tool of the program', (_, row) => {
  const { url, tools, answered, offered, ran, unpriced } = row;
  const { call, spans, advance } = startCalls({ loadPricing });
  const models: Readonly<Record<string, object>> = {
    [ANTHROPIC]: { model: 'claude-sonnet-4-5' },
    [RESPONSES]: { model: 'gpt-5' },
    [XAI]: { model: 'grok-4' },
  };
  const { content, output, candidates } = answered as { content?: unknown; output?: unknown; candidates?: { content: object }[] };
  const user = { role: 'user', content: [{ type: 'text', text: 'hello' }], parts: [{ text: 'hello' }] };
  const message = (output as { message?: object } | undefined)?.message ?? candidates?.[0]?.content ?? { role: 'assistant', content };
  for (const messages of [[user], [user, message, user]]) {
    const input = Array.isArray(output) && messages.length > 1 ? [user, ...(output as object[]), user] : messages;
    call({ url, asked: { ...models[url], ...tools, messages, contents: messages, ...(url === RESPONSES ? { input } : {}) }, answered });
    advance(100);
  }
  expect(spans()).toHaveLength(2);
  for (const { attributes } of spans()) {
    expect(attributes).toMatchObject({ ...(ran && { 'swarmscope.tool.provider.names': ran, 'swarmscope.tool.called.names': ran }) });
    expect(attributes['swarmscope.tool.offered.names']).toEqual(offered);
    if (unpriced === undefined) expect(attributes['swarmscope.cost.amount']).toEqual(expect.any(Number));
    else expect(attributes['swarmscope.cost.unpriced']).toBe(unpriced);
  }
  expect(JSON.stringify(spans().map(({ attributes }) => attributes))).not.toContain('CANARY');
});

test("Anthropic's web searches have their published price", () => {
  const { call, spans } = startCalls({ loadPricing });
  const usage = { input_tokens: 10, output_tokens: 5 };
  const answered = { type: 'message', content: [], stop_reason: 'end_turn' };
  const asked = { model: 'claude-sonnet-4-5', messages: [] };
  call({ url: ANTHROPIC, asked, answered: { ...answered, usage } });
  call({ url: ANTHROPIC, asked, answered: { ...answered, usage: { ...usage, server_tool_use: { web_search_requests: 3 } } } });
  const [without, searched] = spans().map(({ attributes }) => Number(attributes['swarmscope.cost.amount']));
  expect((searched ?? 0) - (without ?? 0)).toBeCloseTo(0.03, 9);
});
