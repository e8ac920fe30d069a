/**
 * The models: a local server that speaks OpenAI's and Anthropic's protocols and answers by the script, at the pace of a
 * real one.
 */
import { LLMock } from '@copilotkit/aimock';
import { plan, turnsOf } from './script.mjs';

/** Several times faster for tests; what is said stays the same. */
const speed = Number(process.env.SWARM_SPEED ?? 1);
const refused = new Set();
const server = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' });

answer('plan', [{ text: JSON.stringify(plan), chunksPerSecond: 60 }]);
for (const task of [...plan.supersteps.flat(), plan.resolver]) answer(`${task.kind}/${task.id}`, turnsOf(task.id));

/** One answer per turn of a conversation, told apart by how often the model spoke before. */
function answer(name, turns) {
  turns.forEach((turn, index) => {
    server.on(
      { predicate: (request) => startsWith(request, name) && request.messages.filter(({ role }) => role === 'assistant').length === index },
      (request) => respond(request, `${name} ${index}`, turn),
      { chunkSize: 48, streamingProfile: { ttft: (turn.firstMs ?? 450) / speed, tps: (turn.chunksPerSecond ?? 40) * speed } },
    );
  });
}

function startsWith(request, name) {
  const first = request.messages.find(({ role }) => role === 'user')?.content;
  const text = typeof first === 'string' ? first : (first ?? []).map((part) => part.text ?? '').join('');
  return text.startsWith(`Task ${name}:`);
}

function respond(request, key, turn) {
  if (turn.retryAfter !== undefined && !refused.has(key)) {
    refused.add(key);
    return {
      error: { message: 'Rate limit reached, try again.', type: 'rate_limit_error', code: 'rate_limit_exceeded' },
      status: 429,
      retryAfter: Math.max(1, Math.round(turn.retryAfter / speed)),
    };
  }
  const toolCalls = (turn.calls ?? []).map(([name, input], index) => ({
    name,
    arguments: JSON.stringify(input),
    id: `call_${key.replaceAll(/\W/g, '_')}_${index}`,
  }));
  const input = 400 + tokens(JSON.stringify(request.messages)) + tokens(JSON.stringify(request.tools ?? []));
  const output = tokens(turn.text ?? '') + tokens(JSON.stringify(toolCalls));
  const usage = {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    input_tokens: input,
    output_tokens: output,
  };
  if (toolCalls.length === 0) return { content: turn.text, usage };
  return turn.text === undefined ? { toolCalls, usage } : { content: turn.text, toolCalls, usage };
}

/** Four characters a token: near enough for a bill. */
function tokens(text) {
  return Math.ceil(text.length / 4);
}

await server.start();
process.send?.({ url: server.url });
// Whoever started us is gone: nobody will ask again.
process.on('disconnect', () => process.exit(0));
