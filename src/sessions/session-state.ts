/** What rows change in a session: the newest row wins, in whatever order a file is read. */
import { sumOf } from './json-values.ts';
import type { SessionStore } from './store.ts';
import type { CallTokens, Doing, Session } from './types.ts';

/** Tools by name that one session may have; protects memory from names made up per call. */
const MAX_TOOLS = 500;

export interface State {
  readonly atMs: number;
  readonly doing?: Doing | undefined;
  readonly directory?: string | undefined;
  readonly branch?: string | undefined;
  readonly version?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly contextWindow?: number | undefined;
  /** Of the last request and its answer. */
  readonly context?: CallTokens | undefined;
}

/** Rows of one time come in the order of the file, so that the later one wins. */
export function noteState(session: Session, state: State): void {
  const { atMs, context, doing, ...named } = state;
  const isNewest = atMs >= (session.lastMs ?? 0);
  session.firstMs = Math.min(session.firstMs ?? atMs, atMs);
  session.lastMs = Math.max(session.lastMs ?? atMs, atMs);
  for (const [name, value] of Object.entries(named) as [keyof typeof named, never][])
    if (value !== undefined && (isNewest || session[name] === undefined)) session[name] = value;
  if (isNewest && doing !== undefined) session.doing = doing;
  const contextTokens = context === undefined ? undefined : sumOf(context.inputTokens, context.outputTokens);
  if (contextTokens !== undefined && (isNewest || session.contextTokens === undefined)) session.contextTokens = contextTokens;
}

/** A call of a tool that begins. `id` is the model's name of it, by which copies of the row are told. */
export function noteTool(store: SessionStore, session: Session, { id, name }: { id: string; name: string }): void {
  if (!store.isNew(`tool:${session.agent}:${id}`)) return;
  const count = session.tools.get(name);
  if (count !== undefined) count.calls++;
  else if (session.tools.size < MAX_TOOLS) session.tools.set(name, { calls: 1, failed: 0 });
  else store.counts.leftOut++;
}

/** Its failure. `name` is absent where the row of the result does not tell it. */
export function noteFailure(store: SessionStore, session: Session, { id, name }: { id: string; name?: string | undefined }): void {
  if (!store.isNew(`failed:${session.agent}:${id}`)) return;
  const count = name === undefined ? undefined : session.tools.get(name);
  if (count !== undefined) count.failed++;
}
