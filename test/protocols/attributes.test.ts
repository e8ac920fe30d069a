// Which attributes of the conventions each protocol tells, when a call says all that it can. A dash: its bytes do not hold it.
import { expect, test } from '@jest/globals';
import { startRecording } from '../recording/recorder.ts';
import { full } from './attributes.ts';
import { readCall } from './call.ts';

const OPENAIS: ReadonlySet<string> = new Set(['chat', 'responses']);

const table: readonly (readonly [attribute: string, protocols: string])[] = [
  ['gen_ai.conversation.compacted', '- responses anthropic - - - -'],
  ['gen_ai.conversation.id', '- responses - - - - -'],
  ['gen_ai.operation.name', 'chat responses anthropic gemini converse ollama cohere'],
  ['gen_ai.output.type', 'chat responses anthropic gemini - ollama cohere'],
  ['gen_ai.provider.name', 'chat responses anthropic gemini converse ollama cohere'],
  ['gen_ai.request.choice.count', 'chat responses - gemini - - -'],
  ['gen_ai.request.frequency_penalty', 'chat responses - gemini - ollama cohere'],
  ['gen_ai.request.max_tokens', 'chat responses anthropic gemini converse ollama cohere'],
  ['gen_ai.request.model', 'chat responses anthropic gemini converse ollama cohere'],
  ['gen_ai.request.presence_penalty', 'chat responses - gemini - ollama cohere'],
  ['gen_ai.request.previous_response.id', '- responses - - - - -'],
  ['gen_ai.request.reasoning.level', 'chat responses anthropic gemini - ollama -'],
  ['gen_ai.request.seed', 'chat responses - gemini - ollama cohere'],
  ['gen_ai.request.stream', 'chat responses anthropic gemini converse ollama cohere'],
  ['gen_ai.request.temperature', 'chat responses anthropic gemini converse ollama cohere'],
  ['gen_ai.request.top_k', 'chat responses anthropic gemini converse ollama cohere'],
  ['gen_ai.request.top_p', 'chat responses anthropic gemini converse ollama cohere'],
  ['gen_ai.response.finish_reasons', 'chat responses anthropic gemini converse ollama cohere'],
  ['gen_ai.response.id', 'chat responses anthropic gemini - - cohere'],
  ['gen_ai.response.model', 'chat responses anthropic gemini - ollama -'],
  ['gen_ai.usage.audio.input_tokens', 'chat responses - - - - -'],
  ['gen_ai.usage.audio.output_tokens', 'chat - - - - - -'],
  ['gen_ai.usage.cache_read.input_tokens', 'chat responses anthropic gemini converse - cohere'],
  ['gen_ai.usage.cache_write.input_tokens', 'chat responses anthropic - converse - -'],
  ['gen_ai.usage.image.input_tokens', 'chat responses - - - - -'],
  ['gen_ai.usage.image.output_tokens', 'chat - - - - - -'],
  ['gen_ai.usage.input_tokens', 'chat responses anthropic gemini converse ollama cohere'],
  ['gen_ai.usage.output_tokens', 'chat responses anthropic gemini converse ollama cohere'],
  ['gen_ai.usage.reasoning.output_tokens', 'chat responses anthropic gemini - - -'],
  ['openai.api.type', 'chat responses - - - - -'],
  ['openai.request.service_tier', 'chat responses - - - - -'],
  ['openai.response.service_tier', 'chat responses - - - - -'],
  ['openai.response.system_fingerprint', 'chat - - - - - -'],
];

function recordedOf(name: string): readonly string[] {
  const found = full[name];
  if (found === undefined) throw new Error(`no call of ${name}`);
  const { request, answer } = readCall(found.protocol, found.call);
  if (request === undefined || answer === undefined) throw new Error(`the call of ${name} was not read`);
  const { recorder, spans } = startRecording();
  const { tools: _tools, ...facts } = request;
  const call = recorder.startLlmCall({ operation: 'chat', provider: OPENAIS.has(name) ? 'openai' : name, requestModel: 'm' });
  call.learn(facts);
  call.end(answer);
  const [span] = spans();
  return Object.keys(span?.attributes ?? {}).filter((attribute) => /^(?:gen_ai|openai)\./.test(attribute));
}

const protocols = Object.keys(full);

test('each protocol tells what its bytes hold', () => {
  const recorded = new Map(protocols.map((name) => [name, new Set(recordedOf(name))]));
  const all = new Set([...recorded.values()].flatMap((names) => [...names]));
  const found = [...all]
    .sort()
    .map((attribute) => [attribute, protocols.map((name) => (recorded.get(name)?.has(attribute) === true ? name : '-')).join(' ')]);
  expect(found).toEqual(table);
});
