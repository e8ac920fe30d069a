/** The answers of the front: aimock's, and by hand what aimock lacks or tells without its tokens. */
import type { IncomingHttpHeaders } from 'node:http';
import { message } from '../protocols/event-stream.ts';
import type { Given } from './front.ts';
import { ANSWER } from './modes.ts';

export const INPUT_TOKENS = 11;
export const OUTPUT_TOKENS = 7;

interface Request {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What aimock cannot do, by the path; the first that fits. */
const OWN: readonly { readonly path: RegExp; readonly give: (request: Request, target: string) => Given | Promise<Given> }[] = [
  { path: /titan-embed[^/]*\/invoke$/, give: () => json({ embedding: [0.1, 0.2], inputTextTokenCount: INPUT_TOKENS }) },
  { path: /\/invoke$/, give: invoke },
  { path: /\/v2\/embed$/, give: cohereEmbeddings },
  { path: /\/api\/embed$/, give: ollamaEmbeddings },
  { path: /\/invoke-with-response-stream$/, give: invokeStream },
  { path: /\/converse-stream$/, give: converseStream },
  { path: /:(?:streamR|r)awPredict$/, give: vertexMessages },
  { path: /\/api\/chat$/, give: ollamaChat },
  { path: /\/chat\/completions$/, give: completions },
  { path: /:(?:g|streamG)enerateContent/, give: geminiAnswer },
  { path: /\/embeddings$/, give: embeddings },
  { path: /:batchEmbedContents/, give: geminiEmbeddings },
];

export async function answerOf(target: string, request: Request): Promise<Given> {
  const own = OWN.find(({ path }) => path.test(request.path.replace(/\?.*/, '')));
  return own === undefined ? ask(target, request) : own.give(request, target);
}

/** A failure in the words of the service whose path it is. */
export function refusalOf(path: string, status: 400 | 429): Given {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const text = status === 429 ? 'Too many requests.' : 'This is not allowed.';
  const type = status === 429 ? 'rate_limit_error' : 'invalid_request_error';
  if (path.startsWith('/model/')) {
    headers['x-amzn-errortype'] = status === 429 ? 'ThrottlingException' : 'ValidationException';
    return json({ message: text }, headers, status);
  }
  if (path.includes(':'))
    return json(
      { error: { code: status, message: text, status: status === 429 ? 'RESOURCE_EXHAUSTED' : 'INVALID_ARGUMENT' } },
      headers,
      status,
    );
  if (path.startsWith('/v1/messages')) return json({ type: 'error', error: { type, message: text } }, headers, status);
  return json({ error: { message: text, type, code: null, param: null } }, headers, status);
}

async function ask(target: string, { path: asked, headers, body }: Request): Promise<Given> {
  // Of OpenRouter, of Groq and of Azure, whose body then lacks the model that stands in its path.
  const path = asked.replace(/^\/(?:api|openai)\/v1\//, '/v1/');
  const sent: Record<string, string> = { 'content-type': 'application/json' };
  for (const name of ['accept', 'authorization', 'anthropic-version', 'x-api-key', 'api-key', 'anthropic-beta']) {
    const value = headers[name];
    if (typeof value === 'string') sent[name] = value;
  }
  const answer = await fetch(`${target}${path}`, { method: 'POST', headers: sent, body });
  const type = answer.headers.get('content-type') ?? 'application/json';
  return { status: answer.status, headers: { 'content-type': type }, body: Buffer.from(await answer.arrayBuffer()) };
}

function json(body: object, headers: Record<string, string> = { 'content-type': 'application/json' }, status = 200): Given {
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}

/** aimock leaves out the base64 of InvokeModel's streams. */
function invokeStream(): Given {
  const usage = { input_tokens: INPUT_TOKENS, output_tokens: 1 };
  const middle = ANSWER.length >> 1;
  const text = (part: string): object => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: part } });
  const events = [
    { type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], model: 'claude', usage } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    text(ANSWER.slice(0, middle)),
    text(ANSWER.slice(middle)),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: OUTPUT_TOKENS } },
    { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: INPUT_TOKENS, outputTokenCount: OUTPUT_TOKENS } },
  ];
  const chunks = events.map((event) => message('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') }));
  return { status: 200, headers: { 'content-type': 'application/vnd.amazon.eventstream' }, body: Buffer.concat(chunks) };
}

/** Bedrock tells the start of a block for tools alone; aimock for texts too, which some clients refuse. */
async function converseStream(request: Request, target: string): Promise<Given> {
  const given = await ask(target, request);
  const kept: Buffer[] = [];
  for (let at = 0; at < given.body.length; at += given.body.readUInt32BE(at)) {
    const one = given.body.subarray(at, at + given.body.readUInt32BE(at));
    if (!one.includes('contentBlockStart') || one.includes('toolUse')) kept.push(one);
  }
  return { ...given, body: Buffer.concat(kept) };
}

/** aimock tells no tokens of a tool call in InvokeModel's form. */
async function invoke(request: Request, target: string): Promise<Given> {
  const given = await ask(target, request);
  const usage = { input_tokens: INPUT_TOKENS, output_tokens: OUTPUT_TOKENS };
  return json({ ...(JSON.parse(given.body.toString()) as object), usage });
}

/** Anthropic's messages under the paths of Vertex. */
async function vertexMessages(request: Request, target: string): Promise<Given> {
  const model = /\/models\/([^:]+):/.exec(request.path)?.[1];
  const body = { ...(JSON.parse(request.body.toString()) as object), model };
  return ask(target, { ...request, path: '/v1/messages', body: Buffer.from(JSON.stringify(body)) });
}

/** aimock tells no tokens in Ollama's form. */
async function ollamaChat(request: Request, target: string): Promise<Given> {
  const given = await ask(target, request);
  const lines = given.body.toString().trimEnd().split('\n');
  const last = JSON.parse(lines.at(-1) ?? '{}') as object;
  lines[lines.length - 1] = JSON.stringify({ ...last, prompt_eval_count: INPUT_TOKENS, eval_count: OUTPUT_TOKENS });
  return { ...given, body: Buffer.from(`${lines.join('\n')}\n`) };
}

/** Mistral tells the tokens of every stream, with the last choice; aimock those of streams that ask for them, without a choice. */
async function completions(request: Request, target: string): Promise<Given> {
  if (!/mistral/i.test(request.headers['user-agent'] ?? '')) return ask(target, request);
  const asked = JSON.parse(request.body.toString()) as { stream?: boolean };
  if (asked.stream !== true) return ask(target, request);
  const body = Buffer.from(JSON.stringify({ ...asked, stream_options: { include_usage: true } }));
  const given = await ask(target, { ...request, body });
  const events = given.body.toString().trimEnd().split('\n\n');
  const [last, counted] = events.splice(-3, 2).map((event) => JSON.parse(event.replace('data: ', '')) as object);
  events.splice(-1, 0, `data: ${JSON.stringify({ ...counted, ...last, usage: (counted as { usage?: object }).usage })}`);
  return { ...given, body: Buffer.from(`${events.join('\n\n')}\n\n`) };
}

/** Gemini stops for a tool as it stops for an answer; aimock has a reason of its own. */
async function geminiAnswer(request: Request, target: string): Promise<Given> {
  const given = await ask(target, request);
  return { ...given, body: Buffer.from(given.body.toString().replaceAll('"FUNCTION_CALL"', '"STOP"')) };
}

/** aimock counts no tokens of embeddings. */
async function embeddings(request: Request, target: string): Promise<Given> {
  const given = await ask(target, request);
  const usage = { prompt_tokens: INPUT_TOKENS, completion_tokens: 0, total_tokens: INPUT_TOKENS };
  return json({ id: 'e1', ...(JSON.parse(given.body.toString()) as object), usage });
}

function cohereEmbeddings(): Given {
  const meta = { api_version: { version: '2' }, billed_units: { input_tokens: INPUT_TOKENS } };
  return json({ id: 'e1', response_type: 'embeddings_by_type', embeddings: { float: [[0.1, 0.2]] }, texts: ['hello'], meta });
}

function ollamaEmbeddings(): Given {
  return json({ model: 'nomic-embed-text', embeddings: [[0.1, 0.2]], prompt_eval_count: INPUT_TOKENS, total_duration: 5_000_000 });
}

function geminiEmbeddings(): Given {
  return json({ embeddings: [{ values: [0.1, 0.2, 0.3] }] });
}
