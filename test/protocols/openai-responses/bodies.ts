/** Responses, their items and the events of their streams, as OpenAI writes them. */
import { expect } from '@jest/globals';

export const model = 'gpt-5-mini-2025-08-07';
export const usage = {
  input_tokens: 328,
  input_tokens_details: { cached_tokens: 256, cache_write_tokens: 0 },
  output_tokens: 52,
  output_tokens_details: { reasoning_tokens: 32 },
  total_tokens: 380,
};
export const usageRead = expect.objectContaining({
  inputTokens: 328,
  outputTokens: 52,
  cacheReadTokens: 256,
  reasoningTokens: 32,
}) as never;

export const message = (text: string): object => ({
  id: 'msg_1',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', annotations: [], logprobs: [], text }],
});
export const reasoning = {
  id: 'rs_1',
  type: 'reasoning',
  summary: [{ type: 'summary_text', text: 'canary-thought' }],
  encrypted_content: 'CANARYSECRET',
};
export const weatherCall = {
  id: 'fc_1',
  type: 'function_call',
  status: 'completed',
  arguments: '{"location":"canary-city"}',
  call_id: 'call_abc123',
  name: 'get_weather',
};
export const codeCall = {
  id: 'ctc_1',
  type: 'custom_tool_call',
  status: 'completed',
  input: 'canary-code',
  call_id: 'call_def456',
  name: 'run_code',
};
export const search = {
  id: 'ws_1',
  type: 'web_search_call',
  status: 'completed',
  action: { type: 'search', query: 'canary-query', sources: [{ type: 'url', url: 'https://canary.example' }] },
};
export const opened = {
  id: 'ws_2',
  type: 'web_search_call',
  status: 'completed',
  action: { type: 'open_page', url: 'https://canary.example' },
};
export const mcp = {
  id: 'mcp_1',
  type: 'mcp_call',
  server_label: 'canary-server',
  name: 'ask_question',
  arguments: '{"q":"canary"}',
  output: 'canary-output',
  error: null,
};

export const response = (output: readonly object[], more: object = {}): object => ({
  id: 'resp_67ccd2bed1ec8190b14f964abc054267',
  object: 'response',
  created_at: 1_741_476_542,
  status: 'completed',
  background: false,
  completed_at: 1_741_476_544,
  error: null,
  incomplete_details: null,
  instructions: 'canary-instruction',
  max_output_tokens: null,
  model,
  output,
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: 'low', summary: null },
  service_tier: 'default',
  store: true,
  temperature: 1,
  text: { format: { type: 'text' }, verbosity: 'medium' },
  tool_choice: 'auto',
  tools: [{ type: 'function', name: 'get_weather', description: 'canary-description', parameters: {}, strict: true }],
  truncation: 'disabled',
  usage,
  user: null,
  metadata: {},
  ...more,
});

let sequence = 0;
export const event = (type: string, data: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: (sequence += 1), ...data })}\n\n`;
/** Shorter than what the API sends, since the suite changes each value of it. */
export const begun = {
  id: 'resp_67ccd2bed1ec8190b14f964abc054267',
  object: 'response',
  status: 'in_progress',
  model,
  output: [],
  usage: null,
};
export const begin = (): string => event('response.created', { response: begun }) + event('response.in_progress', { response: begun });
export const end = (output: readonly object[]): string =>
  event('response.completed', { response: { ...begun, status: 'completed', output, usage, service_tier: 'default' } });
export const at = (output_index: number, item_id: string): object => ({ output_index, item_id });

export const added = (output_index: number, item: object): string => event('response.output_item.added', { output_index, item });
export const done = (output_index: number, item: object): string => event('response.output_item.done', { output_index, item });
export const text = (output_index: number, pieces: readonly string[]): string =>
  [
    added(output_index, { id: 'msg_1', type: 'message', status: 'in_progress', role: 'assistant', content: [] }),
    event('response.content_part.added', {
      ...at(output_index, 'msg_1'),
      content_index: 0,
      part: { type: 'output_text', annotations: [], text: '' },
    }),
    ...pieces.map((delta) =>
      event('response.output_text.delta', { ...at(output_index, 'msg_1'), content_index: 0, delta, logprobs: [], obfuscation: 'nlRzVKeX' }),
    ),
    event('response.output_text.done', { ...at(output_index, 'msg_1'), content_index: 0, text: pieces.join(''), logprobs: [] }),
    done(output_index, message(pieces.join(''))),
  ].join('');

export const tools = [
  { type: 'function', name: 'get_weather', description: 'canary-description', parameters: { type: 'object' }, strict: true },
  { type: 'custom', name: 'run_code', description: 'canary-description' },
  { type: 'web_search_preview_2025_03_11' },
  { type: 'mcp', server_label: 'docs', server_url: 'https://canary.example', require_approval: 'never' },
];
export const pieces = ['canary', ' grüßt', ' "usage": {', ' 蜂群 🐝'];
