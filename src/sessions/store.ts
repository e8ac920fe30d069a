/** Everything that was read of session files, each call told once over all of them. */
import { TOKEN_KINDS, type CallRow, type CallTokens, type ReadingCounts, type Session, type SessionCall } from './types.ts';

/** Calls, tools and turns that are remembered; a year of heavy work is about 300,000. Some 400 bytes each. */
const MAX_REMEMBERED = 2_000_000;
const MAX_SESSIONS = 200_000;

export interface SessionStore {
  /** The session of that name, made where it is met for the first time. `subagent` is the sub-agent's id. */
  session(agent: string, id: string, subagent?: string): Session;
  /** Adds what one row says. Rows about one call become one: the first and the last time, and of each count the highest. */
  addCall(session: Session, row: CallRow): void;
  /** Whether something that is copied with a history (a turn, a tool's call) is met for the first time. */
  isNew(key: string): boolean;
  readonly counts: ReadingCounts;
  readonly sessions: ReadonlyMap<string, Session>;
  /** Each call once, without repeated histories. */
  calls(): IterableIterator<SessionCall>;
  /** Those of one session. */
  callsOf(session: Session): IterableIterator<SessionCall>;
}

interface HeldCall {
  key: string;
  session: Session;
  startMs: number;
  endMs: number;
  tokens: { -readonly [Kind in keyof CallTokens]: CallTokens[Kind] };
  provider: string | undefined;
  model: string | undefined;
  responseId: string | undefined;
  requestId: string | undefined;
  serviceTier: string | undefined;
  speed: string | undefined;
  providerTools: Readonly<Record<string, number>> | undefined;
  toldCost: number | undefined;
  directory: string | undefined;
  branch: string | undefined;
  isCopied: boolean;
  repeats: CallRow['repeats'];
}

export function createSessionStore({ maxRemembered = MAX_REMEMBERED }: { maxRemembered?: number } = {}): SessionStore {
  const sessions = new Map<string, Session>();
  const calls = new Map<string, HeldCall>();
  const ofSession = new Map<Session, Set<HeldCall>>();
  const met = new Set<string>();
  const counts: ReadingCounts = {
    files: 0,
    bytes: 0,
    rows: 0,
    callRows: 0,
    unreadableRows: 0,
    overlongRows: 0,
    unreadableFiles: 0,
    leftOut: 0,
  };

  function own(call: HeldCall, session: Session): void {
    ofSession.get(call.session)?.delete(call);
    call.session.revision++;
    session.revision++;
    call.session = session;
    const held = ofSession.get(session);
    if (held === undefined) ofSession.set(session, new Set([call]));
    else held.add(call);
  }

  /** A history that a fork began with: the other session has the same call, or its file is gone. */
  function isRepeat({ repeats }: HeldCall): boolean {
    return repeats !== undefined && (calls.has(repeats.key) || (sessions.get(repeats.sessionKey)?.paths.size ?? 0) === 0);
  }

  return {
    counts,
    sessions,
    session(agent, id, subagent) {
      const key = subagent === undefined ? `${agent}:${id}` : `${agent}:${id}/${subagent}`;
      const known = sessions.get(key);
      if (known !== undefined) return known;
      const made: Session = {
        key,
        agent,
        id: subagent ?? id,
        parentKey: subagent === undefined ? undefined : `${agent}:${id}`,
        paths: new Set(),
        bornMs: Infinity,
        turns: 0,
        compactions: 0,
        tools: new Map(),
        revision: 0,
      };
      if (sessions.size < MAX_SESSIONS) sessions.set(key, made);
      else counts.leftOut++;
      return made;
    },
    addCall(session, row) {
      counts.callRows++;
      const known = calls.get(row.key);
      if (known !== undefined) {
        // Copied under another name: it belongs to the session that made it, else to the one whose file was there first.
        const isCopied = row.isCopied ?? false;
        const isFirst = known.isCopied === isCopied ? session.bornMs < known.session.bornMs : known.isCopied;
        if (known.session !== session && isFirst) own(known, session);
        merge(known, row);
        known.session.revision++;
        return;
      }
      if (calls.size >= maxRemembered) {
        counts.leftOut++;
        return;
      }
      const { key, atMs, sentMs = atMs, tokens, provider, model, responseId, requestId, serviceTier, speed } = row;
      const { providerTools, toldCost, directory, branch, isCopied = false, repeats } = row;
      const call: HeldCall = {
        ...{ key, session, startMs: Math.min(atMs, sentMs), endMs: atMs, tokens: { ...tokens }, provider, model, responseId, requestId },
        ...{ serviceTier, speed, providerTools, toldCost, directory, branch, isCopied, repeats },
      };
      calls.set(key, call);
      own(call, session);
    },
    isNew(key) {
      if (met.has(key)) return false;
      if (met.size < maxRemembered) met.add(key);
      else counts.leftOut++;
      return true;
    },
    *calls() {
      for (const call of calls.values()) if (!isRepeat(call)) yield call;
    },
    *callsOf(session) {
      for (const call of ofSession.get(session) ?? []) if (!isRepeat(call)) yield call;
    },
  };
}

function merge(call: HeldCall, row: CallRow): void {
  call.startMs = Math.min(call.startMs, row.atMs, row.sentMs ?? Infinity);
  call.endMs = Math.max(call.endMs, row.atMs);
  for (const kind of TOKEN_KINDS) {
    const [was, is] = [call.tokens[kind], row.tokens[kind]];
    if (is !== undefined && (was === undefined || is > was)) call.tokens[kind] = is;
  }
  call.provider ??= row.provider;
  call.model ??= row.model;
  call.responseId ??= row.responseId;
  call.requestId ??= row.requestId;
  call.serviceTier ??= row.serviceTier;
  call.speed ??= row.speed;
  call.providerTools ??= row.providerTools;
  call.toldCost = row.toldCost === undefined ? call.toldCost : Math.max(call.toldCost ?? 0, row.toldCost);
  call.directory ??= row.directory;
  call.branch ??= row.branch;
  // One row of the session that made it is enough.
  if (row.isCopied !== true) call.isCopied = false;
  if (row.repeats === undefined) call.repeats = undefined;
}
