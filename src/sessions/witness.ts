/**
 * Session files as a second witness of calls: what processes wrote down, joined one to one with what was seen of the same
 * processes. Pure. Precedence, field by field: bytes of the wire (preload, gateway), then the agent's own telemetry, then its
 * session file. A file fills in what is absent and changes nothing; where it says something else, that is told.
 */
import { matchSessions, type Evidence, type RunningAgent } from './match.ts';
import type { SessionStore } from './store.ts';
import { TOKEN_KINDS, type CallTokens, type SessionCall } from './types.ts';

export interface WitnessedCall extends Pick<
  SessionCall,
  'key' | 'startMs' | 'endMs' | 'tokens' | 'provider' | 'model' | 'responseId' | 'requestId' | 'toldCost'
> {
  readonly pid: number;
  readonly agent: string;
  readonly sessionId: string;
  /** How the session of the process is known. */
  readonly by: Evidence;
}

export interface Witness {
  readonly calls: readonly WitnessedCall[];
  /** Processes whose session is not certain: nothing is said for them. */
  readonly ambiguous: readonly number[];
}

/** The calls of these processes, each within its lifetime. `endMs` of a process: undefined while it runs. */
export function witness(store: SessionStore, processes: readonly (RunningAgent & { readonly endMs?: number | undefined })[]): Witness {
  const matches = matchSessions(processes, store.sessions.values());
  const calls: WitnessedCall[] = [];
  const ambiguous: number[] = [];
  for (const { pid, agent, startMs: fromMs, endMs: toMs = Infinity } of processes) {
    const match = matches.get(pid);
    if (match?.state === 'ambiguous') ambiguous.push(pid);
    if (match?.state !== 'known') continue;
    const keys = new Set(match.sessions.map(({ key }) => key));
    for (const session of store.sessions.values()) {
      if (!keys.has(session.key) && !keys.has(session.parentKey ?? '')) continue;
      for (const call of store.callsOf(session)) {
        // What it took over, and what the session had before this process went on with it.
        if (call.isCopied === true || call.endMs < fromMs || call.startMs > toMs) continue;
        const { key, startMs, endMs, tokens, provider, model, responseId, requestId, toldCost } = call;
        calls.push({
          ...{ pid, agent, sessionId: session.id, by: match.by, key, startMs, endMs, tokens, provider, model },
          ...{ responseId, requestId, toldCost },
        });
      }
    }
  }
  return { calls: calls.sort((a, b) => a.startMs - b.startMs), ambiguous };
}

/** A call that was seen by anybody else. What it does not tell is undefined. */
export interface SeenCall {
  readonly pid: number | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly model?: string | undefined;
  readonly responseId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly tokens: CallTokens;
}

export interface JoinedCalls<Seen extends SeenCall> {
  readonly pairs: readonly { readonly seen: Seen; readonly told: WitnessedCall; readonly differences: readonly Difference[] }[];
  /** Nobody else saw them: the report has them by the file alone. */
  readonly onlyTold: readonly WitnessedCall[];
  readonly onlySeen: readonly Seen[];
}

export interface Difference {
  readonly field: keyof CallTokens;
  readonly seen: number;
  readonly told: number;
}

/** Ids of answers are not unique: some servers draw them from a thousand numbers. */
const NEAR_MS = 2_000;
/** Counts that differ by less are rounded or of another moment. */
const TOLERANCE = 0.01;

/** Each call is taken once on either side; the surest rule goes first over all of them. */
export function joinCalls<Seen extends SeenCall>(seen: readonly Seen[], told: readonly WitnessedCall[]): JoinedCalls<Seen> {
  const left = new Set(seen);
  const pairs: { seen: Seen; told: WitnessedCall; differences: Difference[] }[] = [];
  let rest = [...told];
  for (const isSame of RULES) {
    rest = rest.filter((call) => {
      const found = nearest(
        call,
        [...left].filter((other) => isSame(other, call)),
      );
      if (found === undefined) return true;
      left.delete(found);
      pairs.push({ seen: found, told: call, differences: differencesOf(found, call) });
      return false;
    });
  }
  return { pairs, onlyTold: rest, onlySeen: [...left] };
}

const RULES: readonly ((seen: SeenCall, told: WitnessedCall) => boolean)[] = [
  (seen, told) => told.requestId !== undefined && seen.requestId === told.requestId,
  (seen, told) =>
    told.responseId !== undefined &&
    seen.responseId === told.responseId &&
    (seen.pid === told.pid || Math.abs(seen.startMs - told.startMs) <= NEAR_MS),
  (seen, told) =>
    (seen.responseId === undefined || told.responseId === undefined) &&
    seen.pid === told.pid &&
    bareModel(seen.model) === bareModel(told.model) &&
    (seen.tokens.outputTokens === undefined || seen.tokens.outputTokens === told.tokens.outputTokens) &&
    overlaps(seen, told),
];

/** @example bareModel('claude-opus-4-8[1m]') // 'claude-opus-4-8' */
const bareModel = (model: string | undefined): string | undefined => model?.replace(/\[[^\]]*\]$/, '');

/** By half of the shorter one. A file that tells one time only must tell it while the call was open, or right after. */
function overlaps(seen: SeenCall, told: WitnessedCall): boolean {
  const shorter = Math.min(seen.endMs - seen.startMs, told.endMs - told.startMs);
  const common = Math.min(seen.endMs, told.endMs) - Math.max(seen.startMs, told.startMs);
  if (shorter <= 0 || told.endMs - told.startMs < NEAR_MS) return told.endMs >= seen.startMs && told.startMs <= seen.endMs + NEAR_MS;
  return common >= shorter / 2;
}

function nearest<Seen extends SeenCall>(call: WitnessedCall, candidates: readonly Seen[]): Seen | undefined {
  const distance = ({ endMs }: Seen): number => Math.abs(endMs - call.endMs);
  return [...candidates].sort((a, b) => distance(a) - distance(b))[0];
}

function differencesOf(seen: SeenCall, told: WitnessedCall): Difference[] {
  return TOKEN_KINDS.flatMap((field) => {
    const [ours, theirs] = [seen.tokens[field], told.tokens[field]];
    if (ours === undefined || theirs === undefined) return [];
    return Math.abs(ours - theirs) > TOLERANCE * Math.max(ours, theirs) ? [{ field, seen: ours, told: theirs }] : [];
  });
}
