// Real inputs to damage: what a real run sent, what a real git wrote, what a provider answered.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder, repository, runProgram, startModels, startSink } from '../../../harness/index.ts';

export interface Recorded {
  readonly otlp: readonly { readonly signal: 'traces' | 'metrics' | 'logs'; readonly body: Buffer; readonly isJson: boolean }[];
  readonly trace2: Buffer;
  readonly calls: readonly RecordedCall[];
}

export interface RecordedCall {
  readonly path: string;
  readonly request: Buffer;
  readonly contentType: string;
  readonly answer: Buffer;
}

const swarm = `
const { withTask, withBatch, trackPool } = require(process.env.DOOR);
trackPool({ name: 'p', active: () => 1, limit: () => 2 });
withBatch('own', () => withTask('review', async () => {
  const answer = await fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] }) });
  await answer.text();
  require('node:child_process').execFileSync('git', ['--version']);
  throw new Error('as it happens');
})).catch(() => undefined);
`;

/**
 * One swarm under the preload, in protobuf and in JSON; the recorded telemetry of a real agent; the answers of aimock.
 */
export async function record(): Promise<Recorded> {
  const models = await startModels();
  const otlp: Recorded['otlp'][number][] = [];
  try {
    for (const protocol of ['http/protobuf', 'http/json']) {
      const sink = await startSink();
      const result = await runProgram({
        files: { 'swarm.cjs': swarm },
        env: {
          ...models.env,
          DOOR: join(repository, 'dist/index.cjs'),
          OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
          OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
          SWARMSCOPE_SPAN_STARTS: 'on',
        },
      });
      if (result.code !== 0) throw new Error(`the recorded program failed: ${result.stderr}`);
      for (const signal of ['traces', 'metrics', 'logs'] as const)
        for (const { body } of sink.accepted(signal)) otlp.push({ signal, body, isJson: protocol === 'http/json' });
      await sink.close();
      if (otlp.length === 0) throw new Error('the preload sent nothing to damage');
    }
    const calls = await Promise.all(requests.map((request) => ask(models.url, request)));
    return { otlp, trace2: recordGit(), calls };
  } finally {
    await models.close();
  }
}

const history = [
  { role: 'system', content: 'Be brief.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'grüße 🙂' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    ],
  },
  { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } }] },
  { role: 'tool', tool_call_id: 'call_1', content: 'seen' },
];
const claudeHistory = [
  { role: 'user', content: 'go' },
  { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 1 } }] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'seen' }] }] },
];
const requests = [true, false].flatMap((stream) => [
  {
    path: '/v1/chat/completions',
    body: {
      model: 'gpt-4o',
      stream,
      stream_options: stream ? { include_usage: true } : undefined,
      temperature: 0.5,
      stop: ['a'],
      messages: history,
      tools: [{ type: 'function', function: { name: 'look', parameters: {} } }],
    },
  },
  {
    path: '/v1/messages',
    body: {
      model: 'claude-sonnet-4-5',
      stream,
      max_tokens: 100,
      system: 'Be brief.',
      messages: claudeHistory,
      tools: [{ name: 'look', input_schema: {} }],
    },
  },
]);

async function ask(url: string, { path, body }: (typeof requests)[number]): Promise<RecordedCall> {
  const request = Buffer.from(JSON.stringify(body));
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'k', authorization: 'Bearer k' },
    body: request,
  });
  const answer = Buffer.from(await response.arrayBuffer());
  if (!response.ok) throw new Error(`the mock answered ${response.status}: ${answer.toString()}`);
  return { path, request, contentType: response.headers.get('content-type') ?? '', answer };
}

/** What git wrote of one commit with a hook. */
function recordGit(): Buffer {
  const folder = freshFolder('trace2');
  const events = join(folder, 'events');
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    TRACEPARENT: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  };
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-C', join(folder, 'r'), '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      env: { ...env, GIT_TRACE2_EVENT: events, GIT_TRACE2_ENV_VARS: 'TRACEPARENT' },
      stdio: 'ignore',
    });
  mkdirSync(join(folder, 'r'));
  git('init');
  git('commit', '--allow-empty', '-m', 'first');
  git('worktree', 'add', join(folder, 'w'));
  return readFileSync(events);
}
