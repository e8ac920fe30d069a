/** The libraries of the matrix: which are installed in which versions (package.json), and what is run with each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Way } from '../e2e/programs.ts';
import { MODES, type Mode } from './modes.ts';

const UNTOLD_LIMIT = 'From `openai` 5 on a limit that is set on the client is not told: short of ten minutes, such a timeout is `aborted`.';
const IN_MILLISECONDS = 'Tells its limit in milliseconds, as later versions tell seconds: such a timeout is `aborted`.';
const SILENT_LIMIT = 'The SDK aborts at its limit without telling the limit or a reason: such a timeout is `aborted`.';
const NO_SIGNAL = 'A call that has no answer yet can be neither aborted nor limited in time, and none is repeated.';
const HOLDS_ON = 'A stream that the program leaves is held until its next piece comes.';
const DIES =
  'The SDK below it, `@google/generative-ai`, ends the program by an unhandled rejection when a stream breaks, without a preload too.';
const NO_EMBEDDING_TOKENS = 'Gemini tells no tokens of embeddings.';

/** What the rows of one program have in common. */
interface Family {
  /** The program below `programs/`. */
  readonly sdk: string;
  /** What the docs call the way in which the library speaks. */
  readonly speaks: string;
  readonly model: string;
  readonly provider: string;
  readonly operation: string;
  readonly embedder?: string;
  /** Modes that the library does not have. */
  readonly without?: readonly string[];
  /** Facts that the service does not tell, in all modes (`cost`) or in one (`embeddings.cost`), and why. */
  readonly untold?: Readonly<Record<string, string>>;
  readonly isHttp2?: boolean;
  /** It has spans of its own: one for a call with all its attempts, which are HTTP spans below it. */
  readonly hasSpans?: boolean;
  /** The service whose name an unknown host has by a setting. */
  readonly service?: string;
  /** For the program. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Default: with the preload alone. */
  readonly way?: Way;
}

export interface Row extends Family {
  readonly id: string;
  /** Names in test/llm/package.json; the first is the library of the row. */
  readonly packages: readonly string[];
  readonly modes: readonly Mode[];
}

const chat = {
  sdk: 'openai-chat',
  speaks: 'chat completions',
  model: 'gpt-5',
  provider: 'openai',
  operation: 'chat',
  embedder: 'text-embedding-3-small',
} as const;
const responses = { ...chat, sdk: 'openai-responses', speaks: 'responses' } as const;
const messages = {
  sdk: 'anthropic',
  speaks: 'Anthropic messages',
  model: 'claude-sonnet-5',
  provider: 'anthropic',
  operation: 'chat',
} as const;
const gemini = {
  sdk: 'genai',
  speaks: 'Gemini',
  model: 'gemini-2.5-flash',
  provider: 'gcp.gemini',
  operation: 'generate_content',
  embedder: 'gemini-embedding-001',
  untold: { 'embeddings.tokens': NO_EMBEDDING_TOKENS, 'embeddings.cost': NO_EMBEDDING_TOKENS },
} as const;
const mistral = {
  ...chat,
  sdk: 'mistral',
  model: 'mistral-large-latest',
  provider: 'mistral_ai',
  service: 'mistral_ai',
  embedder: 'mistral-embed',
} as const;
const converse = { ...chat, sdk: 'aws', speaks: 'Bedrock Converse', model: 'amazon.nova-lite-v1:0', provider: 'aws.bedrock' } as const;
const cohere = {
  ...chat,
  sdk: 'cohere',
  speaks: 'Cohere',
  model: 'command-a-03-2025',
  provider: 'cohere',
  embedder: 'embed-v4.0',
} as const;
const ollama = {
  ...chat,
  sdk: 'ollama',
  speaks: 'Ollama',
  model: 'qwen3:8b',
  provider: 'ollama',
  embedder: 'nomic-embed-text',
  without: ['aborted', 'timeout', 'retry'],
  untold: { cost: 'A model on a machine of your own has no price.', 'aborted.span': NO_SIGNAL },
} as const;

const azure = { ...chat, speaks: 'Azure, deployments', provider: 'azure.ai.openai' } as const;
const groq = { ...chat, speaks: 'chat completions of Groq', model: 'llama-3.3-70b-versatile', provider: 'groq', service: 'groq' } as const;
const together = {
  ...chat,
  speaks: 'chat completions of Together',
  model: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
  provider: 'together',
  service: 'together',
} as const;
const openrouter = {
  ...chat,
  speaks: 'chat completions of OpenRouter',
  model: 'openai/gpt-5',
  provider: 'openrouter',
  embedder: 'openai/text-embedding-3-small',
  service: 'openrouter',
} as const;

/** Vercel's AI SDK in each major, with the providers that go with it. */
const ai = (suffix: string, family: Omit<Family, 'sdk'>): Row[] =>
  ['ai5', 'ai6', 'ai7'].map((name) =>
    row({ ...family, sdk: 'ai', settings: { provider: suffix, ...family.settings } }, [
      name === 'ai7' ? 'ai' : name,
      `${name}-${suffix.replace(/^chat-/, '')}`,
    ]),
  );
const each = (family: Family, names: readonly string[]): Row[] => names.map((name) => row(family, [name]));
const langchain = (service: string, family: Family): Row =>
  row({ ...family, sdk: 'langchain', settings: { service } }, [`@langchain/${service}`]);

const openaiMajors = ['openai4', 'openai5', 'openai6', 'openai'];

export const ROWS: readonly Row[] = [
  row({ ...chat, sdk: 'fetch' }, []),
  ...each(chat, openaiMajors),
  ...each({ ...responses, without: ['embeddings'] }, openaiMajors),
  row({ ...responses, sdk: 'agents', without: ['embeddings', 'parse'], untold: { 'timeout.ending': UNTOLD_LIMIT } }, [
    '@openai/agents',
    'openai',
  ]),
  row({ ...messages, without: ['embeddings', 'parse'], untold: { 'timeout.ending': IN_MILLISECONDS } }, ['anthropic0.39']),
  ...each({ ...messages, without: ['embeddings'] }, ['anthropic0.91']),
  ...each({ ...messages, without: ['embeddings'], hasSpans: true }, ['anthropic0.137', '@anthropic-ai/sdk']),
  ...each(gemini, ['genai1', 'genai2', 'genai3']),
  ...ai('openai', responses),
  ...ai('chat-openai', chat),
  ...ai('anthropic', { ...messages, without: ['embeddings'] }),
  ...ai('google', gemini),
  ...ai('mistral', mistral),
  ...ai('amazon-bedrock', { ...converse, without: ['embeddings'] }),
  ...ai('openai-compatible', chat),
  ...ai('openrouter', { ...openrouter, without: ['embeddings'] }),
  row(
    {
      ...messages,
      model: 'claude-sonnet-4-6',
      provider: 'gcp.vertex_ai',
      speaks: 'Vertex',
      hasSpans: true,
      without: ['embeddings'],
      settings: { place: 'vertex' },
    },
    ['@anthropic-ai/vertex-sdk'],
  ),
  row(
    {
      ...messages,
      model: 'anthropic.claude-sonnet-4-6',
      provider: 'aws.bedrock',
      speaks: 'Bedrock InvokeModel',
      hasSpans: true,
      without: ['embeddings'],
      settings: { place: 'bedrock' },
    },
    ['@anthropic-ai/bedrock-sdk'],
  ),
  row(
    {
      ...converse,
      isHttp2: true,
      embedder: 'amazon.titan-embed-text-v2:0',
      without: ['parse', 'left'],
      untold: { 'timeout.ending': SILENT_LIMIT },
    },
    ['@aws-sdk/client-bedrock-runtime'],
  ),
  ...each(mistral, ['mistral1', 'mistral2']),
  // Its last major leaves a timer of minutes behind when a call is aborted.
  ...each({ ...cohere, settings: { exits: true }, untold: { 'timeout.ending': SILENT_LIMIT } }, ['cohere7', 'cohere8']),
  row(ollama, ['ollama']),
  langchain('openai', chat),
  langchain('anthropic', { ...messages, without: ['embeddings'] }),
  langchain('google-genai', {
    ...gemini,
    without: ['left', 'cut', 'aborted', 'timeout', 'retry'],
    untold: { ...gemini.untold, 'cut.span': DIES, 'aborted.span': NO_SIGNAL },
  }),
  langchain('aws', {
    ...converse,
    isHttp2: true,
    // A structured answer is a tool call of its own here.
    without: ['embeddings', 'parse', 'left', 'retry'],
    untold: { 'timeout.ending': SILENT_LIMIT, 'left.span': HOLDS_ON },
  }),
  langchain('ollama', {
    ...ollama,
    without: [...ollama.without, 'left'],
    untold: { ...ollama.untold, 'left.span': HOLDS_ON },
  }),
  row({ ...azure, settings: { exported: 'AzureOpenAI', prefix: '/openai', options: { apiVersion: '2024-10-21' } } }, ['openai']),
  row({ ...azure, speaks: 'Azure, v1', settings: { prefix: '/openai/v1', options: { defaultHeaders: { 'api-key': 'test' } } } }, [
    'openai',
  ]),
  row({ ...openrouter, settings: { prefix: '/api/v1' } }, ['openai']),
  row({ ...groq, without: ['embeddings'], settings: { prefix: '' } }, ['groq-sdk']),
  row({ ...together, without: ['embeddings'] }, ['together-ai']),
  ...[
    row(chat, ['openai']),
    row({ ...messages, without: ['embeddings'], hasSpans: true }, ['@anthropic-ai/sdk']),
    row(gemini, ['genai3']),
  ].map(underRun),
];

/** The same row as a program that `swarmscope run` starts. */
function underRun(same: Row): Row {
  return { ...same, id: `${same.id} under run`, speaks: `${same.speaks}, under \`swarmscope run\``, way: 'under swarmscope run' };
}

function row(family: Family, packages: readonly string[]): Row {
  const provider = family.settings?.['provider'];
  return {
    ...family,
    id: [packages[0] ?? family.sdk, typeof provider === 'string' ? provider : family.speaks].join(' '),
    packages,
    modes: MODES.filter(({ name }) => family.without?.includes(name) !== true),
  };
}

const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

/** `npm:openai@4.104.0` → name and version of what is installed under an alias. */
export function installed(name: string): { readonly library: string; readonly version: string } {
  const wanted = dependencies[name];
  if (wanted === undefined) throw new Error(`test/llm/package.json has no ${name}`);
  const alias = /^npm:(.+)@([^@]+)$/.exec(wanted);
  return alias === null ? { library: name, version: wanted } : { library: alias[1] ?? name, version: alias[2] ?? wanted };
}
