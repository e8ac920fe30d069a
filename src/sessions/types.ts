/** What the session files of agents tell: sessions, the calls of models in them, tools, turns. Never a text of anybody. */

/** Tokens of one call, counted as the convention counts: the input holds what a cache gave or took. Absent: not told. */
export interface CallTokens {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly cacheReadTokens?: number | undefined;
  readonly cacheWriteTokens?: number | undefined;
  /** Of the writes: kept for an hour. */
  readonly cacheWriteHourTokens?: number | undefined;
  /** Part of the output. */
  readonly reasoningTokens?: number | undefined;
}

export const TOKEN_KINDS = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'cacheWriteHourTokens',
  'reasoningTokens',
] as const satisfies readonly (keyof CallTokens)[];

/** What one row of a file says about one call. Several rows may tell the same call: see `SessionStore.addCall`. */
export interface CallRow {
  /** The same for every row about this call, in whatever file it stands. */
  readonly key: string;
  /** Time of the row, epoch ms. */
  readonly atMs: number;
  /** When the request was sent, where a row tells it. */
  readonly sentMs?: number | undefined;
  readonly tokens: CallTokens;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  /** The provider's name of the answer, and of the request. */
  readonly responseId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly serviceTier?: string | undefined;
  readonly speed?: string | undefined;
  /** Runs of tools by the provider, by the tool's name. */
  readonly providerTools?: Readonly<Record<string, number>> | undefined;
  /** USD, where the agent itself wrote it down. */
  readonly toldCost?: number | undefined;
  readonly directory?: string | undefined;
  readonly branch?: string | undefined;
  /** The row stands in the history that its session took over from another. */
  readonly isCopied?: boolean | undefined;
  /** The same, where the other session is known: such a row tells no call of its own. */
  readonly repeats?: Repeat | undefined;
}

/** Where a call would have been told first: the row bears the stamp of a fork, which begins with another's history. */
export interface Repeat {
  readonly key: string;
  /** Of the session that would have told it. Where its file is gone, the stamp alone makes it a repeat. */
  readonly sessionKey: string;
}

/** A call of a model, told once, whatever number of rows told it. */
export interface SessionCall extends Omit<CallRow, 'atMs' | 'sentMs'> {
  readonly session: Session;
  /** When it was sent, else of its first row; and of its last row. Epoch ms. */
  readonly startMs: number;
  readonly endMs: number;
}

/** What the agent was doing when it last wrote. `tool` is a tool or the question whether it may be used. */
export type Doing = 'model' | 'tool' | 'idle';

export interface ToolCount {
  calls: number;
  failed: number;
}

/** One conversation with an agent, or the conversation of one of its sub-agents. */
export interface Session {
  /** Unique on this machine: agent, id and sub-agent. */
  readonly key: string;
  readonly agent: string;
  readonly id: string;
  /** Key of the session that started this one as a sub-agent. */
  parentKey?: string | undefined;
  /** Id of the session whose history this one began with. */
  forkedFrom?: string | undefined;
  /** Files that tell it. */
  readonly paths: Set<string>;
  /** When the oldest of its files was made, epoch ms. Infinity: not known. */
  bornMs: number;
  /** Of the first and the last row, epoch ms. */
  firstMs?: number | undefined;
  lastMs?: number | undefined;
  /** Working folder, as the last row that names one says. */
  directory?: string | undefined;
  branch?: string | undefined;
  version?: string | undefined;
  provider?: string | undefined;
  model?: string | undefined;
  /** Tokens of the last request with its answer. */
  contextTokens?: number | undefined;
  /** As the agent itself names it. */
  contextWindow?: number | undefined;
  doing?: Doing | undefined;
  /** Requests of the user. */
  turns: number;
  compactions: number;
  readonly tools: Map<string, ToolCount>;
  /** Changes with every row about one of its calls. */
  revision: number;
}

/** What was met while reading. A count above zero of what was left out is said beside every sum. */
export interface ReadingCounts {
  files: number;
  bytes: number;
  rows: number;
  /** Rows that told a call, repeats and copies included. */
  callRows: number;
  /** Rows that are no JSON object: cut, or of something else. */
  unreadableRows: number;
  /** Rows longer than is read. */
  overlongRows: number;
  /** Files that are no regular file of this user, a database that is locked, or one of an unknown version. */
  unreadableFiles: number;
  /** Files or calls beyond what is held in memory. */
  leftOut: number;
}
