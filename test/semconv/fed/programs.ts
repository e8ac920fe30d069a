/** Small programs that together record every live name of the registry, with real parts: the SDKs, aimock, git, p-queue, other processes. */
import { api } from '../../e2e/programs.ts';
import type { Models, ProgramOptions } from '../../harness/index.ts';
import { sessions } from './sessions.ts';

export interface FedProgram {
  readonly title: string;
  readonly options: ProgramOptions;
  readonly way: 'with the preload alone' | 'under swarmscope run';
}

const program = (
  title: string,
  text: string,
  env: Readonly<Record<string, string>> = {},
  way: FedProgram['way'] = 'with the preload alone',
) => ({
  title,
  way,
  options: {
    files: { 'main.cjs': text },
    env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', SWARMSCOPE_SPAN_STARTS: 'true', ...env },
  },
});

/** Answers by what is asked: a plain text, tool calls, refusals, a stream that is cut. */
export function script({ mock }: Models): void {
  const refused = (userMessage: string, status: number, code: string): unknown =>
    mock.on({ userMessage }, { error: { message: code, type: code, code }, status, retryAfter: 0 });
  refused('limited', 429, 'rate_limit_exceeded');
  refused('too long', 400, 'context_length_exceeded');
  mock.on({ userMessage: 'use a tool', hasToolResult: false }, { toolCalls: [{ id: 'call-1', name: 'look_up', arguments: '{}' }] });
  const both = ['call-2', 'call-3'].map((id) => ({ id, name: 'look_up', arguments: '{}' }));
  mock.on({ userMessage: 'use two tools', hasToolResult: false }, { toolCalls: both });
  mock.onMessage('cached', {
    content: 'pong',
    usage: {
      prompt_tokens: 50,
      completion_tokens: 20,
      cost: 0.01,
      prompt_tokens_details: { cached_tokens: 10, cache_write_tokens: 5, audio_tokens: 2, image_tokens: 3 },
      completion_tokens_details: { reasoning_tokens: 7, audio_tokens: 2, image_tokens: 3 },
    },
  });
  mock.onMessage('cut', { content: 'pong '.repeat(5) }, { chunkSize: 5, truncateAfterChunks: 9 });
  mock.onMessage(/[^]*/, { content: 'pong '.repeat(20) }, { chunkSize: 10 });
}

const verbs = program(
  'every verb of the API',
  `
const { setTimeout: sleep } = require('node:timers/promises');
const { trackPool, trackQueue, wait, withAgent, withBatch, withPhase, withRun, withTask, withTool } = require(${api});
trackPool({ name: 'coders', active: () => 1, limit: () => 2 });
trackQueue({ name: 'todo', size: () => 1, capacity: () => 10 });
const reasons = ['dependency', 'worker', 'lock', 'rate_limit', 'gpu', 'human', 'barrier', 'orchestrator'];
const first = { type: 'implement', id: '1', attempt: 2, priority: 1, readyAt: Date.now() - 50, dependencies: ['0'], pool: 'coders', queue: 'todo', worker: 'w1' };
const work = () => withAgent('coder', async () => {
  for (const reason of reasons) await wait(reason, () => sleep(2));
  for (const type of ['function', 'extension', 'datastore']) await withTool({ name: 'run', callId: type, type, arguments: { n: 1 } }, () => sleep(2, 'done'));
  await withTask('inner', () => sleep(300));
});
const fails = () => withTask('fails', () => withAgent('coder', () => withTool('run', () => Promise.reject(new TypeError('no')))));
withRun('nightly', () => withPhase('all', () => withBatch({ scheduler: 'steps', index: 0, size: 2, strategy: 'fifo' }, () =>
  Promise.allSettled([withTask(first, work), fails()]))))
  .then(() => withBatch('breaks', fails).catch(() => undefined))
  .then(() => withRun('breaks', fails).catch(() => undefined))
  .then(() => withPhase('breaks', fails).catch(() => undefined))
  .then(() => wait('lock', fails).catch(() => undefined));
`,
  {
    OTEL_METRIC_EXPORT_INTERVAL: '100',
    OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=shop,service.version=1.2.3,deployment.environment.name=test',
  },
);

const queues = program(
  'a queue of p-queue',
  `
const { setTimeout: sleep } = require('node:timers/promises');
(async () => {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency: 1 });
  async function slow() { await sleep(150); }
  await queue.addAll([slow, slow, slow]);
  for (let index = 0; index < 3; index++) void queue.add(slow, { priority: index });
  await queue.onIdle();
  await queue.add(slow, { timeout: 10 }).catch(() => undefined);
  const stop = new AbortController();
  const aborted = queue.add(({ signal }) => sleep(1000, undefined, { signal }), { signal: stop.signal }).catch(() => undefined);
  await sleep(20);
  stop.abort();
  await aborted;
})();
`,
  { OTEL_METRIC_EXPORT_INTERVAL: '100' },
);

const manyNames = program(
  'more task types than a metric may have series',
  `
const { withTask } = require(${api});
for (let index = 0; index < 2100; index++) withTask('type-' + index, () => undefined);
`,
);

const exits = program(
  'a program that ends in the middle',
  `
const { withTask } = require(${api});
void withTask('open', () => new Promise(() => undefined));
process.exit(0);
`,
);

const calls = (models: Models): FedProgram =>
  program(
    'calls of the SDKs, with content',
    `
const OpenAI = require('openai'); const Anthropic = require('@anthropic-ai/sdk'); const { withAgent, withTask } = require(${api});
const openai = new OpenAI({ maxRetries: 1 }); const anthropic = new Anthropic({ maxRetries: 1 });
const router = new OpenAI({ baseURL: ${JSON.stringify(models.url)} + '/api/v1', maxRetries: 0 });
const said = (content) => [{ role: 'user', content }];
const gpt = (content, more = {}, options = {}) => openai.chat.completions.create({ model: 'gpt-4o', messages: said(content), ...more }, options);
const claude = (content, more = {}) => anthropic.messages.create({ model: 'claude-sonnet-4-5', max_tokens: 100, messages: said(content), ...more });
const drain = async (events) => { for await (const event of await events) void event; };
const quiet = (call) => call.catch(() => undefined);
const tool = { type: 'function', function: { name: 'look_up', description: 'Looks up.', parameters: { type: 'object', properties: {} } } };
const both = ['call-2', 'call-3'];
const askedBoth = { role: 'assistant', tool_calls: both.map((id) => ({ id, type: 'function', function: { name: 'look_up', arguments: '{}' } })) };
const asked = { role: 'assistant', tool_calls: [{ id: 'call-1', type: 'function', function: { name: 'look_up', arguments: '{}' } }] };
(async () => {
  await withTask('talk', () => withAgent('writer', async () => {
    await gpt('hello', { n: 2, seed: 7, temperature: 0.5, top_p: 0.9, frequency_penalty: 0.1, presence_penalty: 0.1, max_tokens: 50, stop: ['x'], reasoning_effort: 'low', response_format: { type: 'json_object' } });
    await gpt('hello', { response_format: { type: 'text' } });
    await openai.chat.completions.create({ model: 'gpt-4o', messages: [...said('hello '.repeat(20_000)), ...said('hello')] });
    await claude('hello', { top_k: 5, stop_sequences: ['x'], system: 'You are short.', tools: [{ name: 'look_up', input_schema: { type: 'object' } }] });
    await drain(gpt('hello', { stream: true, stream_options: { include_usage: true } }));
    await drain(claude('hello', { stream: true }));
    for (const [path, body] of [['/api/chat', { messages: said('hello'), stream: false }], ['/v2/rerank', { query: 'hello', documents: ['hello'] }]])
      await fetch(${JSON.stringify(models.url)} + path, { method: 'POST', body: JSON.stringify({ model: 'any', ...body }) }).then((answer) => answer.text());
    await gpt('use a tool', { tools: [tool] });
    await openai.chat.completions.create({ model: 'gpt-4o', messages: [...said('use a tool'), asked, { role: 'tool', tool_call_id: 'call-1', content: 'found' }] });
    await gpt('use two tools', { tools: [tool] });
    await openai.chat.completions.create({ model: 'gpt-4o', messages: [...said('use two tools'), askedBoth, ...both.map((id) => ({ role: 'tool', tool_call_id: id, content: 'found' }))] });
  }));
  await withTask('fail', () => withAgent('writer', async () => {
    await router.chat.completions.create({ model: 'openai/gpt-4o', messages: said('cached') });
    for (const call of [gpt, claude]) for (const word of ['limited', 'too long']) await quiet(call(word));
    await quiet(drain(claude('cut', { stream: true })));
  }));
  const stop = new AbortController();
  const left = gpt('hello', {}, { signal: stop.signal });
  setImmediate(() => stop.abort());
  await quiet(left);
  // A service that begins a stream, or nothing, and goes on with neither.
  const { promise: begun, resolve } = Promise.withResolvers();
  const hanging = require('node:http').createServer((request, answer) => {
    if (request.url.startsWith('/compact')) answer.writeHead(200, { 'content-type': 'application/json' }).end('{"object":"response.compaction","model":"m","output":[]}');
    const tokens = { '/long': 9000, '/short': 90 }[request.url.split('/v1')[0]]; if (tokens !== undefined) answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ model: 'm', usage: { prompt_tokens: tokens }, choices: [{ index: 0, message: asked }] }));
    if (request.url.startsWith('/begin')) answer.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {"choices":[{"index":0,"delta":{"content":"x"}}]}\\n\\n');
  }).listen(0, '127.0.0.1', resolve);
  await begun;
  const post = (path, signal) => fetch('http://127.0.0.1:' + hanging.address().port + path + '/v1/chat/completions', { method: 'POST', body: JSON.stringify({ model: 'm', messages: said('hello'), stream: true }), signal });
  await withAgent('writer', () => fetch('http://127.0.0.1:' + hanging.address().port + '/compact/v1/responses/compact', { method: 'POST', body: '{"model":"m","input":"x"}' }).then((answer) => answer.text()));
  for (const [path, more] of [['/long', []], ['/short', [asked, { role: 'tool', tool_call_id: 'call-1', content: 'found' }]]]) await fetch('http://127.0.0.1:' + hanging.address().port + path + '/v1/chat/completions', { method: 'POST', body: JSON.stringify({ model: 'm', messages: [...said('compact'), ...more] }) }).then((answer) => answer.text());
  await quiet(post('', AbortSignal.timeout(1_000)));
  const reader = new AbortController();
  for await (const chunk of (await post('/begin', reader.signal)).body) { void chunk; break; }
  reader.abort();
  void quiet(post('/begin'));
  setTimeout(() => process.exit(), 1_000);
})();
`,
    { ...models.env, OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'SPAN_AND_EVENT' },
  );

/** Hosts of the providers whose names the registry has; all are resolved to aimock. */
const HOSTS =
  'api.openai.com api.anthropic.com x.openai.azure.com x.services.ai.azure.com generativelanguage.googleapis.com ' +
  'x.aiplatform.googleapis.com bedrock.eu-west-1.amazonaws.com api.mistral.ai api.groq.com api.deepseek.com api.x.ai api.perplexity.ai ' +
  'api.cohere.com api.moonshot.ai x.ml.cloud.ibm.com';

const providers = (models: Models): FedProgram =>
  program(
    'one call to each provider',
    `
const http = require('node:http');
const lookup = (_host, options, done) => options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
const { port } = new URL(${JSON.stringify(models.url)});
const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hello' }] });
const call = (host) => new Promise((done) => http.request({ host, port, lookup, method: 'POST', path: '/v1/chat/completions', headers: { 'content-type': 'application/json' } }, (answer) => answer.resume().on('end', done)).on('error', done).end(body));
const limits = ['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((kind) => [['limit', '10'], ['remaining', '9']].map(([what, value]) => ['anthropic-ratelimit-' + kind + '-' + what, value]));
const inMinute = { 'x-ratelimit-remaining-tokens-minute': '9', 'x-ratelimit-limit-tokens-minute': '10', 'x-ratelimit-reset-tokens-minute': '30' };
const subscription = { 'anthropic-ratelimit-unified-5h-utilization': '0.5' };
const gateway = http.createServer(async (request, answer) => {
  const asked = [];
  if (request.url.startsWith('/early')) return answer.writeHead(200, { 'content-type': 'text/event-stream', ...inMinute }).end('data: {"choices":[]}\\n\\n');
  for await (const chunk of request) asked.push(chunk);
  if (request.url.startsWith('/count')) return answer.writeHead(200, { 'content-type': 'application/json', ...subscription }).end('{"model":"m","input_tokens":9}');
  if (request.url.includes('/responses')) {
    const { input, status = input } = asked.length === 0 ? { input: request.url.split('_').at(-1) } : JSON.parse(Buffer.concat(asked));
    return answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: 'resp_' + status, object: request.url.endsWith('/compact') ? 'response.compaction' : 'response', status, model: 'm', output: [{ type: 'web_search_call', id: 'ws' }, { type: 'compaction', id: 'cmp' }] }));
  }
  const media = { '/v1/images/generations': { data: [{}] }, '/v1/ocr': { pages: [{}], model: 'm' }, '/v1/audio/speech': {}, '/v1/audio/transcriptions': { text: 'x', usage: { type: 'duration', seconds: 3 } } }[request.url];
  if (media !== undefined) return answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(media));
  if (request.url.endsWith('s/batches')) return answer.writeHead(404, { 'content-type': 'application/json' }).end('{}');
  const reply = await fetch(${JSON.stringify(models.url)} + request.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: Buffer.concat(asked) });
  answer.writeHead(reply.status, { 'content-type': 'application/json', ...Object.fromEntries(limits) }).end(await reply.text());
}).listen(0, '127.0.0.1', async () => {
  for (const host of ${JSON.stringify(HOSTS)}.split(' ')) await call(host);
  await fetch('http://127.0.0.1:' + gateway.address().port + '/v1/messages', { method: 'POST', body: JSON.stringify({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hello' }] }) }).then((answer) => answer.text());
  await fetch('http://127.0.0.1:' + gateway.address().port + '/early/chat/completions', { method: 'POST', body: JSON.stringify({ model: 'm', stream: true, messages: [] }) }).then((answer) => answer.text());
  const at = 'http://127.0.0.1:' + gateway.address().port + '/v1/';
  for (const status of ['queued', 'in_progress', 'incomplete', 'failed', 'cancelled'])
    await fetch(at + 'responses', { method: 'POST', body: JSON.stringify({ model: 'm', input: status, previous_response_id: 'resp_0', conversation: 'conv' }) }).then((answer) => answer.text());
  await fetch(at + 'responses/compact', { method: 'POST', body: JSON.stringify({ model: 'm', input: 'completed' }) }).then((answer) => answer.text());
  await fetch(at + 'responses/resp_completed').then((answer) => answer.text());
  await fetch(at + 'responses/resp_queued/cancel', { method: 'POST', body: '{"input":"cancelled"}' }).then((answer) => answer.text());
  await fetch(at + 'embeddings', { method: 'POST', body: JSON.stringify({ model: 'm', input: 'hello', dimensions: 8, encoding_format: 'base64' }) }).then((answer) => answer.text());
  await fetch(at + 'images/generations', { method: 'POST', body: JSON.stringify({ model: 'm', prompt: 'pictures' }) }).then((answer) => answer.text());
  await fetch(at + 'ocr', { method: 'POST', body: JSON.stringify({ model: 'm', document: {} }) }).then((answer) => answer.text());
  await fetch(at + 'audio/speech', { method: 'POST', body: JSON.stringify({ model: 'm', input: 'hello', voice: 'v' }) }).then((answer) => answer.text());
  const form = new FormData();
  for (const [name, value] of [['model', 'm'], ['file', new Blob(['sound'])]]) form.set(name, value);
  await fetch(at + 'audio/transcriptions', { method: 'POST', body: form }).then((answer) => answer.text());
  for (const path of ['/count/v1/messages/count_tokens', '/v1/messages/batches'])
    await fetch('http://127.0.0.1:' + gateway.address().port + path, { method: 'POST', body: '{"model":"m"}' }).then((answer) => answer.text());
  gateway.close();
});
`,
  );

/** A command of each sort that the registry names; what most of them answer does not matter, only that they ran. */
const COMMANDS = `
clone -q ../bare.git copy|fetch -q origin|pull -q origin main|push -q origin main|cherry-pick HEAD|revert --no-edit HEAD|reset -q|restore .|stash|checkout -q main|
switch -q main|branch side|tag v1|diff|log -1|show -s|status -s|apply none|am none|gc -q --auto|maintenance run --auto|config user.name|init -q ../another|remote|rev-parse HEAD|
ls-files|ls-remote origin|submodule update|worktree add -q ../tree|worktree list|worktree prune|worktree remove ../tree|rebase main|frobnicate`;

const git = program(
  'git',
  `
const { spawn, spawnSync } = require('node:child_process'); const fs = require('node:fs'); const http = require('node:http');
const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b', GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' };
const env = { ...process.env, ...identity };
const git = (words, cwd = 'shop') => spawnSync('git', words.trim().split(' '), { cwd, env });
const ended = (words) => new Promise((done) => spawn('git', words, { cwd: 'shop', env }).once('exit', done));
const commit = (text, cwd) => { fs.writeFileSync(cwd + '/file', text); git('add file', cwd); git('commit -q -m ' + text, cwd); };
(async () => {
  git('init -q --bare bare.git', '.'); git('init -q -b main shop', '.'); git('remote add origin ../bare.git');
  commit('one', 'shop'); git('push -q origin main');
  for (const words of ${JSON.stringify(COMMANDS)}.split('|')) git(words);
  git('checkout -q -f main'); git('clean -fdq'); git('reset -q --hard');
  git('merge main'); git('checkout -q -b ahead'); commit('two', 'shop'); git('checkout -q main'); git('merge -q ahead');
  git('checkout -q -b left HEAD~1'); fs.writeFileSync('shop/file2', 'x'); git('add file2'); git('commit -q -m left'); git('merge -q --no-edit main');
  git('checkout -q -b clash main~1'); commit('three', 'shop'); git('merge main'); git('merge --abort');
  fs.writeFileSync('shop/large', 'x'.repeat(1_000_000)); git('add large'); git('commit -q -m large');
  spawnSync('sh', ['-c', 'git show HEAD:large | true'], { cwd: 'shop', env });
  git('push -q origin left:main'); git('push -q origin clash:main');
  fs.writeFileSync('shop/.git/index.lock', ''); git('add file'); fs.rmSync('shop/.git/index.lock');
  const server = http.createServer((request, answer) => answer.writeHead(401, { 'www-authenticate': 'Basic' }).end()).listen(0, '127.0.0.1', async () => {
    await ended(['ls-remote', 'http://127.0.0.1:' + server.address().port + '/shop.git']);
    server.close();
  });
  const hangs = spawn('git', ['hash-object', '--stdin'], { cwd: 'shop', env });
  hangs.once('spawn', () => setTimeout(() => hangs.kill('SIGTERM'), 200));
})();
`,
);

const processes = program(
  'other processes',
  `
const { execFile, spawn } = require('node:child_process'); const fs = require('node:fs');
fs.writeFileSync('claude', '#!/bin/sh\\nexit 0\\n', { mode: 0o755 });
for (const [file, ...words] of [[process.execPath, '-e', '0'], ['sh', 'script.sh'], ['npm', '--version'], ['./claude', '-p', 'hi'], ['true'], ['./none']])
  execFile(file, words, () => undefined);
fs.writeFileSync('script.sh', 'exit 3');
execFile('git', ['--version'], { env: { ...process.env, GIT_TRACE2_EVENT: '/dev/null' } }, () => undefined);
const sleeps = spawn('sleep', ['5']);
sleeps.once('spawn', () => sleeps.kill('SIGKILL'));
`,
  { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' },
);

const library = (models: Models): FedProgram =>
  program(
    'a library that makes spans itself',
    `
const { trace } = require('@opentelemetry/api');
const tracer = trace.getTracer('a-library');
tracer.startActiveSpan('work', (span) => { span.recordException(new TypeError('no')); span.end(); });
for (const operation of ['create_agent', 'generate_content', 'text_completion'])
  tracer.startSpan(operation + ' m', { kind: 2, attributes: { 'gen_ai.operation.name': operation, 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'm' } }).end();
const embedding = { 'gen_ai.operation.name': 'embeddings', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'text-embedding-3-small', 'gen_ai.response.model': 'text-embedding-3-small', 'gen_ai.usage.input_tokens': 9, 'server.address': 'h', 'server.port': 1, 'http.response.status_code': 200 };
tracer.startSpan('embeddings m', { kind: 2, attributes: embedding }).end();
tracer.startSpan('embeddings m', { kind: 2, attributes: { ...embedding, 'error.type': 'timeout' } }).end();
tracer.startSpan('embeddings m', { kind: 2, attributes: { ...embedding, 'gen_ai.usage.input_tokens': -9 } }).end();
tracer.startSpan('chat m', { kind: 2, attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 3, 'gen_ai.usage.output_tokens': 4 } }).setStatus({ code: 2 }).end();
tracer.startSpan('execute_tool x', { attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'x', 'gen_ai.tool.call.arguments': '{"a":1}', 'gen_ai.tool.call.result': 'done' } }).end();
`,
    { ...models.env, OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' },
  );

const collected = program(
  'work for the garbage collector and the event loop, under swarmscope run',
  `
const { withTask } = require(${api});
const kept = [];
for (let index = 0; index < 300; index++) kept.push(withTask('allocate', () => Buffer.alloc(100_000).toString('hex').split('')));
setTimeout(() => kept.length, 500);
`,
  { OTEL_METRIC_EXPORT_INTERVAL: '100' },
  'under swarmscope run',
);

export function programs(models: Models): readonly FedProgram[] {
  const held = program('sessions over WebSockets', sessions(models), models.env);
  return [verbs, queues, manyNames, exits, calls(models), providers(models), held, git, processes, library(models), collected];
}
