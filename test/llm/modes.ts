/** The modes in which an SDK is run: what the server does in each, and what its calls must tell. */
import type { Behaviour } from './front.ts';

export type Fact = 'span' | 'tokens' | 'chunk' | 'ending' | 'tools' | 'cost' | 'resend';

/** In the order in which cells name them. */
export const FACTS: readonly { readonly fact: Fact; readonly letter: string; readonly means: string }[] = [
  { fact: 'span', letter: 'S', means: 'one span for each call, with its operation, its model and whose service it is' },
  { fact: 'tokens', letter: 'T', means: 'input and output tokens of each answer, as the service told them' },
  { fact: 'chunk', letter: 'F', means: 'the time to the first chunk' },
  { fact: 'ending', letter: 'E', means: 'how the call ended, with `error.type` where it is a fault and only there' },
  { fact: 'tools', letter: 'U', means: 'the tool that was called, and its `execute_tool` span between two calls' },
  { fact: 'cost', letter: 'C', means: 'the cost by the price table' },
  { fact: 'resend', letter: 'R', means: 'the second attempt says which one it is' },
];

export interface ExpectedCall {
  readonly ending: 'complete' | 'error' | 'cut' | 'left' | 'aborted' | 'timeout';
  readonly isStream?: boolean;
  readonly asksForTool?: boolean;
  readonly isResend?: boolean;
  readonly isEmbedding?: boolean;
}

export interface Mode {
  readonly name: string;
  /** What the head of its column says. */
  readonly title: string;
  readonly server: Behaviour;
  /** What becomes of each call, in the order in which they are sent. */
  readonly calls: readonly ExpectedCall[];
  /** What the program gets when it gets an answer; else it gets an error. */
  readonly told?: unknown;
}

/** Long enough to be cut in the middle. */
export const ANSWER = 'pong, and pong again, and once more pong, until there is nothing left to say';

const complete = { ending: 'complete' } as const;
export const MODES: readonly Mode[] = [
  { name: 'plain', title: 'plain', server: 'answers', calls: [complete], told: ANSWER },
  { name: 'stream', title: 'stream', server: 'answers', calls: [{ ...complete, isStream: true }], told: ANSWER },
  { name: 'tools', title: 'tools', server: 'answers', calls: [{ ...complete, asksForTool: true }, complete], told: ANSWER },
  { name: 'parse', title: 'structured', server: 'answers', calls: [complete], told: { answer: 'pong' } },
  { name: 'embeddings', title: 'embeddings', server: 'answers', calls: [{ ...complete, isEmbedding: true }], told: true },
  { name: 'left', title: 'left early', server: 'stops in the middle', calls: [{ ending: 'left', isStream: true }], told: 'left' },
  { name: 'aborted', title: 'aborted', server: 'is silent', calls: [{ ending: 'aborted' }] },
  { name: 'timeout', title: 'timeout', server: 'is silent', calls: [{ ending: 'timeout' }] },
  { name: 'cut', title: 'cut', server: 'breaks off in the middle', calls: [{ ending: 'cut', isStream: true }] },
  { name: 'error', title: 'error', server: 'refuses', calls: [{ ending: 'error' }] },
  {
    name: 'retry',
    title: '429, again',
    server: 'asks to come again',
    calls: [{ ending: 'error' }, { ...complete, isResend: true }],
    told: ANSWER,
  },
];
