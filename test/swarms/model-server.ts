// The models of the swarms: aimock on loopback, which counts for itself what it was asked and what it answered.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { startModels } from '../harness/index.ts';
import { closeAtEnd } from '../harness/close-at-end.ts';

/** What one worker was answered. */
export interface Answered {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  /** Tools that the model asked for. */
  tools: number;
  /** git commands in those tools. */
  git: number;
  /** By model. */
  models: Record<string, number>;
}

export interface ServerCounts {
  /** By the worker that the prompt names. */
  readonly byName: ReadonlyMap<string, Answered>;
  readonly total: Answered;
  /** When each request for an answer came, and when its answer was written, in epoch ms. In the order of arrival. */
  readonly times: readonly { readonly startMs: number; readonly endMs: number }[];
}

export interface ModelServer {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** What was counted since the last time. */
  take(): ServerCounts;
}

/** In OpenAI's and in Anthropic's words; Google's are made of them. */
const USAGE = { prompt_tokens: 700, completion_tokens: 30, input_tokens: 700, output_tokens: 30 };
/** By these names agents offer their shell, and with these arguments. */
const SHELLS: Readonly<Record<string, (command: string) => object>> = {
  Bash: (command) => ({ command, description: 'commits' }),
  bash: (command) => ({ command, description: 'commits' }),
  run_shell_command: (command) => ({ command, description: 'commits', is_background: false }),
  exec_command: (cmd) => ({ cmd }),
};
/**
 * How long an answer takes. Whose connection it is has to be found while it is open, for which a busy machine needs as
 * much longer.
 */
const latencyMs = (): number => Math.min(5_000, 200 * Math.max(1, (loadavg()[0] as number) / availableParallelism()));
const FOR_AN_ANSWER = /\/(?:messages|chat\/completions|responses)(?:\?|$)|:(?:streamG|g)enerateContent(?:\?|$)/;

/**
 * Prompts name their worker and what it shall do: `worker NAME: ask` is answered by text, `worker NAME: commit` first by
 * a tool that commits a file, where the request offers a shell.
 */
export async function startModelServer(): Promise<ModelServer> {
  const models = await startModels({ answersAll: false });
  const port = Number(new URL(models.url).port);
  let byName = new Map<string, Answered>();
  let times: { startMs: number; endMs: number }[] = [];
  const open = new Map<IncomingMessage, { startMs: number; endMs: number }>();

  models.mock.on({ predicate: () => true }, async (request) => {
    const asked = request.messages.filter(({ role }) => role === 'user').map(({ content }) => JSON.stringify(content));
    const [, name = '', work = ''] = /worker ([\w-]+): (\w+)/.exec(asked.join(' ')) ?? [];
    const shell = request.tools
      ?.map((tool) => (tool as { function?: { name?: string } }).function?.name ?? '')
      .find((tool) => Object.hasOwn(SHELLS, tool));
    const usesTool = shell !== undefined && work === 'commit' && request.messages.every(({ role }) => role !== 'tool');
    count(byName, name, request.model, usesTool);
    await setTimeout(latencyMs());
    if (!usesTool) return { content: `done ${name}`, usage: USAGE };
    const command = `echo hello > ${name}.txt && git add -A && git commit -q -m ${name}`;
    const toolCalls = [{ id: `toolu_${name}`, name: shell, arguments: JSON.stringify(SHELLS[shell]?.(command)) }];
    return { content: 'working', toolCalls, usage: USAGE };
  });

  const onStart = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage };
    if (request.socket.localPort !== port || request.method !== 'POST' || !FOR_AN_ANSWER.test(request.url ?? '')) return;
    const time = { startMs: epochMs(), endMs: Number.NaN };
    open.set(request, time);
    times.push(time);
  };
  const onFinish = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage };
    const time = open.get(request);
    if (time !== undefined) time.endMs = epochMs();
    open.delete(request);
  };
  subscribe('http.server.request.start', onStart);
  subscribe('http.server.response.finish', onFinish);
  closeAtEnd(() => {
    unsubscribe('http.server.request.start', onStart);
    unsubscribe('http.server.response.finish', onFinish);
  });

  return {
    url: models.url,
    env: models.env,
    take() {
      const counts = { byName, times, total: total([...byName.values()]) };
      byName = new Map();
      times = [];
      return counts;
    },
  };
}

function count(byName: Map<string, Answered>, name: string, model: string, usesTool: boolean): void {
  const answered = byName.get(name) ?? { calls: 0, inputTokens: 0, outputTokens: 0, tools: 0, git: 0, models: {} };
  byName.set(name, answered);
  answered.calls += 1;
  answered.inputTokens += USAGE.input_tokens;
  answered.outputTokens += USAGE.output_tokens;
  answered.tools += usesTool ? 1 : 0;
  answered.git += usesTool ? 2 : 0;
  answered.models[model] = (answered.models[model] ?? 0) + 1;
}

function total(all: readonly Answered[]): Answered {
  const sum = { calls: 0, inputTokens: 0, outputTokens: 0, tools: 0, git: 0, models: {} as Record<string, number> };
  for (const each of all) {
    for (const name of ['calls', 'inputTokens', 'outputTokens', 'tools', 'git'] as const) sum[name] += each[name];
    for (const [model, calls] of Object.entries(each.models)) sum.models[model] = (sum.models[model] ?? 0) + calls;
  }
  return sum;
}

const epochMs = (): number => performance.timeOrigin + performance.now();
