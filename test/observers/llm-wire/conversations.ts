/** One conversation with tools as each protocol writes it: what is asked, what a model answers, what a tool gives back. */
export interface Asked {
  readonly id: string;
  readonly name: string;
}

export interface Given extends Asked {
  readonly isError?: boolean;
}

export interface Spoken {
  readonly url: string;
  readonly streamUrl?: string;
  /** How a request tells that a tool failed; undefined where the protocol has no word for it. */
  readonly tellsErrors: boolean;
  /** `messages`: all before, as `user`, `answer` and `results` made them. */
  body(messages: readonly object[], isStream?: boolean): object;
  user(text: string): object[];
  answer(text: string, calls: readonly Asked[]): object[];
  results(given: readonly Given[]): object[];
  /** What comes back: the same answer as a body, and as a stream whose arguments come in pieces. */
  reply(calls: readonly Asked[]): object;
  stream(calls: readonly Asked[]): { readonly type: string; readonly text: string };
}

const ARGUMENTS = ['{"what":', '"x"}'];
const INPUT = { what: 'x' };
const sse = (events: readonly (object | string)[]): { type: string; text: string } => ({
  type: 'text/event-stream',
  text: events.map((event) => (typeof event === 'string' ? event : `data: ${JSON.stringify(event)}`)).join('\n\n') + '\n\n',
});
const named = (events: readonly { type: string }[]): { type: string; text: string } =>
  sse(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}`));
const TOOLS = ['look_up', 'write'];

const functionCall = ({ id, name }: Asked) => ({ id, type: 'function', function: { name, arguments: ARGUMENTS.join('') } });
const openaiTools = TOOLS.map((name) => ({ type: 'function', function: { name, parameters: {} } }));

const openaiChat: Spoken = {
  url: 'https://api.openai.com/v1/chat/completions',
  tellsErrors: false,
  body: (messages, stream = false) => ({ model: 'gpt-5', messages, tools: openaiTools, stream }),
  user: (content) => [{ role: 'user', content }],
  answer: (content, calls) => [{ role: 'assistant', content, ...(calls.length === 0 ? {} : { tool_calls: calls.map(functionCall) }) }],
  results: (given) => given.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'found' })),
  reply: (calls) => ({
    id: 'r',
    choices: [{ message: { content: 'ok', tool_calls: calls.map(functionCall) }, finish_reason: 'tool_calls' }],
  }),
  stream: (calls) =>
    sse([
      ...calls.flatMap(({ id, name }, index) => [
        { choices: [{ index: 0, delta: { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] } }] },
        ...ARGUMENTS.map((text) => ({ choices: [{ index: 0, delta: { tool_calls: [{ index, function: { arguments: text } }] } }] })),
      ]),
      { choices: [{ index: 0, delta: {}, finish_reason: calls.length === 0 ? 'stop' : 'tool_calls' }] },
      'data: [DONE]',
    ]),
};

const responseItem = ({ id, name }: Asked) => ({ type: 'function_call', id: `fc_${id}`, call_id: id, name, arguments: ARGUMENTS.join('') });
const openaiResponses: Spoken = {
  url: 'https://api.openai.com/v1/responses',
  tellsErrors: false,
  body: (input, stream = false) => ({
    model: 'gpt-5',
    input,
    tools: TOOLS.map((name) => ({ type: 'function', name, parameters: {} })),
    stream,
  }),
  user: (content) => [{ role: 'user', content }],
  answer: (text, calls) => [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }, ...calls.map(responseItem)],
  results: (given) => given.map(({ id }) => ({ type: 'function_call_output', call_id: id, output: 'found' })),
  reply: (calls) => ({ id: 'resp_1', object: 'response', status: 'completed', output: calls.map(responseItem) }),
  stream: (calls) =>
    named([
      { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } } as { type: string },
      ...calls.flatMap((call, output_index) => [
        { type: 'response.output_item.added', output_index, item: { ...responseItem(call), arguments: '' } },
        ...ARGUMENTS.map((delta) => ({ type: 'response.function_call_arguments.delta', output_index, item_id: `fc_${call.id}`, delta })),
        { type: 'response.output_item.done', output_index, item: responseItem(call) },
      ]),
      { type: 'response.completed', response: { id: 'resp_1', status: 'completed', output: calls.map(responseItem) } } as { type: string },
    ]),
};

const toolUse = ({ id, name }: Asked) => ({ type: 'tool_use', id, name, input: INPUT });
const anthropic: Spoken = {
  url: 'https://api.anthropic.com/v1/messages',
  tellsErrors: true,
  body: (messages, stream = false) => ({
    model: 'claude-test',
    max_tokens: 9,
    messages,
    tools: TOOLS.map((name) => ({ name, input_schema: {} })),
    stream,
  }),
  user: (content) => [{ role: 'user', content }],
  answer: (text, calls) => [{ role: 'assistant', content: [{ type: 'text', text }, ...calls.map(toolUse)] }],
  results: (given) => [
    {
      role: 'user',
      content: given.map(({ id, isError }) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: 'found',
        ...(isError ? { is_error: true } : {}),
      })),
    },
  ],
  reply: (calls) => ({
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    content: calls.map(toolUse),
    stop_reason: calls.length === 0 ? 'end_turn' : 'tool_use',
  }),
  stream: (calls) =>
    named([
      { type: 'message_start', message: { id: 'msg_1', model: 'claude-test', usage: { input_tokens: 1 } } } as { type: string },
      ...calls.flatMap((call, index) => [
        { type: 'content_block_start', index, content_block: { ...toolUse(call), input: {} } },
        ...ARGUMENTS.map((partial_json) => ({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } })),
        { type: 'content_block_stop', index },
      ]),
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 1 } } as { type: string },
      { type: 'message_stop' },
    ]),
};

const geminiCall = ({ id, name }: Asked) => ({ functionCall: { id, name, args: INPUT } });
const gemini: Spoken = {
  url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent',
  streamUrl: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
  tellsErrors: true,
  body: (contents) => ({ contents, tools: [{ functionDeclarations: TOOLS.map((name) => ({ name })) }] }),
  user: (text) => [{ role: 'user', parts: [{ text }] }],
  answer: (text, calls) => [{ role: 'model', parts: [{ text }, ...calls.map(geminiCall)] }],
  results: (given) => [
    {
      role: 'user',
      parts: given.map(({ id, name, isError }) => ({
        functionResponse: { id, name, response: isError ? { error: 'no' } : { output: 'found' } },
      })),
    },
  ],
  reply: (calls) => ({ candidates: [{ content: { parts: calls.map(geminiCall) }, finishReason: 'STOP' }] }),
  stream: (calls) =>
    sse(
      calls
        .map((call) => ({ candidates: [{ content: { parts: [geminiCall(call)] } }] }))
        .concat({ candidates: [{ finishReason: 'STOP' }] } as never),
    ),
};

const converseUse = ({ id, name }: Asked) => ({ toolUse: { toolUseId: id, name, input: INPUT } });
const converse: Spoken = {
  url: 'https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse',
  tellsErrors: true,
  body: (messages) => ({ messages, toolConfig: { tools: TOOLS.map((name) => ({ toolSpec: { name, inputSchema: {} } })) } }),
  user: (text) => [{ role: 'user', content: [{ text }] }],
  answer: (text, calls) => [{ role: 'assistant', content: [{ text }, ...calls.map(converseUse)] }],
  results: (given) => [
    {
      role: 'user',
      content: given.map(({ id, isError }) => ({
        toolResult: { toolUseId: id, content: [{ text: 'found' }], status: isError ? 'error' : 'success' },
      })),
    },
  ],
  reply: (calls) => ({
    output: { message: { role: 'assistant', content: calls.map(converseUse) } },
    stopReason: calls.length === 0 ? 'end_turn' : 'tool_use',
  }),
  stream: () => ({ type: '', text: '' }),
};

const ollamaCall = ({ name }: Asked) => ({ function: { name, arguments: INPUT } });
/** Ollama names no call: a result belongs to the call by its place. */
const ollama: Spoken = {
  url: 'http://127.0.0.1:11434/api/chat',
  tellsErrors: false,
  body: (messages, stream = false) => ({ model: 'qwen3', messages, tools: openaiTools, stream }),
  user: (content) => [{ role: 'user', content }],
  answer: (content, calls) => [{ role: 'assistant', content, tool_calls: calls.map(ollamaCall) }],
  results: (given) => given.map(({ name }) => ({ role: 'tool', tool_name: name, content: 'found' })),
  reply: (calls) => ({
    model: 'qwen3',
    message: { role: 'assistant', content: '', tool_calls: calls.map(ollamaCall) },
    done: true,
    done_reason: 'stop',
  }),
  stream: (calls) => ({
    type: 'application/x-ndjson',
    text: [
      ...calls.map((call) => ({
        model: 'qwen3',
        message: { role: 'assistant', content: '', tool_calls: [ollamaCall(call)] },
        done: false,
      })),
      { model: 'qwen3', message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  }),
};

const cohere: Spoken = {
  ...openaiChat,
  url: 'https://api.cohere.com/v2/chat',
  body: (messages, stream = false) => ({ model: 'command-a-03-2025', messages, tools: openaiTools, stream }),
  reply: (calls) => ({
    id: 'r',
    message: {
      role: 'assistant',
      ...(calls.length === 0 ? { content: [{ type: 'text', text: 'ok' }] } : { tool_calls: calls.map(functionCall) }),
    },
    finish_reason: calls.length === 0 ? 'COMPLETE' : 'TOOL_CALL',
  }),
  stream: (calls) =>
    named([
      { type: 'message-start', id: 'r', delta: { message: { role: 'assistant' } } } as { type: string },
      ...calls.flatMap(({ id, name }, index) => [
        { type: 'tool-call-start', index, delta: { message: { tool_calls: { id, type: 'function', function: { name, arguments: '' } } } } },
        ...ARGUMENTS.map((text) => ({
          type: 'tool-call-delta',
          index,
          delta: { message: { tool_calls: { function: { arguments: text } } } },
        })),
        { type: 'tool-call-end', index },
      ]),
      { type: 'message-end', delta: { finish_reason: 'TOOL_CALL', usage: { tokens: { input_tokens: 1, output_tokens: 1 } } } } as {
        type: string;
      },
    ]),
};

const mistralCall = ({ id, name }: Asked) => ({ type: 'function.call', tool_call_id: id, name, arguments: ARGUMENTS.join('') });
const mistralConversations: Spoken = {
  url: 'https://api.mistral.ai/v1/conversations',
  tellsErrors: false,
  body: (inputs, stream = false) => ({ model: 'mistral-medium-latest', inputs, tools: openaiTools, stream }),
  user: (content) => [{ type: 'message.input', role: 'user', content }],
  answer: (content, calls) => (calls.length === 0 ? [{ type: 'message.output', role: 'assistant', content }] : calls.map(mistralCall)),
  results: (given) => given.map(({ id }) => ({ type: 'function.result', tool_call_id: id, result: 'found' })),
  reply: (calls) => ({ conversation_id: 'conv_1', outputs: mistralConversations.answer('ok', calls) }),
  stream: (calls) =>
    named([
      { type: 'conversation.response.started' },
      ...calls.flatMap(({ id, name }) =>
        ARGUMENTS.map((text) => ({ type: 'function.call.delta', tool_call_id: id, name, arguments: text })),
      ),
      { type: 'conversation.response.done' },
    ]),
};

const interactionCall = ({ id, name }: Asked) => ({ type: 'function_call', id, name, arguments: INPUT });
const interactions: Spoken = {
  url: 'https://generativelanguage.googleapis.com/v1beta/interactions',
  tellsErrors: false,
  body: (input, stream = false) => ({
    model: 'gemini-2.5-flash',
    input,
    tools: TOOLS.map((name) => ({ type: 'function', name, parameters: {} })),
    stream,
  }),
  user: (text) => [{ type: 'user_input', content: [{ type: 'text', text }] }],
  answer: (text, calls) =>
    calls.length === 0 ? [{ type: 'model_output', content: [{ type: 'text', text }] }] : calls.map(interactionCall),
  results: (given) => given.map(({ id, name }) => ({ type: 'function_result', call_id: id, name, result: 'found' })),
  reply: (calls) => ({ id: 'r', status: calls.length === 0 ? 'completed' : 'requires_action', steps: interactions.answer('ok', calls) }),
  stream: () => ({ type: '', text: '' }),
};

const invoke = (model: string, spoken: Spoken, more: object = {}): Spoken => ({
  ...spoken,
  body: (messages) => ({ ...spoken.body(messages), ...more }),
  url: `https://bedrock-runtime.us-east-1.amazonaws.com/model/${model}/invoke`,
  stream: () => ({ type: '', text: '' }),
});

export const SPOKEN: Readonly<Record<string, Spoken>> = {
  'OpenAI chat': openaiChat,
  'OpenAI responses': openaiResponses,
  Anthropic: anthropic,
  Gemini: gemini,
  'Bedrock Converse': converse,
  'Bedrock InvokeModel, Anthropic': invoke('anthropic.claude-sonnet-4-5-20250929-v1%3A0', anthropic, {
    anthropic_version: 'bedrock-2023-05-31',
  }),
  'Bedrock InvokeModel, Nova': invoke('amazon.nova-lite-v1%3A0', converse),
  Ollama: ollama,
  Cohere: cohere,
  'Mistral conversations': mistralConversations,
  'Gemini interactions': interactions,
};
