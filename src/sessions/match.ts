/** Which session a running agent writes: by what proves it, else by being the only one; what neither tells is ambiguous. Pure. */
import type { Session } from './types.ts';

/** From the surest on. `folder`: the only process and the only session of that agent in one folder. */
export const EVIDENCES = ['file', 'child', 'pid-file', 'argument', 'folder'] as const;
export type Evidence = (typeof EVIDENCES)[number];

export interface RunningAgent {
  readonly pid: number;
  readonly agent: string;
  /** Epoch ms. */
  readonly startMs: number;
  readonly folder: string | undefined;
  /** It was asked to go on with a session that was there before. */
  readonly isContinued: boolean;
  /** Ids of sessions and what names them. */
  readonly evidence: readonly { readonly by: Exclude<Evidence, 'folder'>; readonly sessionId: string }[];
}

export type Match =
  /** More than one where one process holds several conversations open. */
  | { readonly state: 'known'; readonly by: Evidence; readonly sessions: readonly Session[] }
  | { readonly state: 'none' }
  /** So many sessions could be its own. */
  | { readonly state: 'ambiguous'; readonly sessions: number; readonly processes: number };

/** Clocks of processes are told in steps, and files a little later. */
const SKEW_MS = 2_000;

export function matchSessions(agents: readonly RunningAgent[], all: Iterable<Session>): Map<number, Match> {
  const sessions = [...all].filter(({ parentKey }) => parentKey === undefined);
  const byKey = new Map(sessions.map((session) => [session.key, session]));
  const matches = new Map<number, Match>();
  const taken = new Set<Session>();
  for (const agent of agents) {
    const match = byEvidence(agent, byKey);
    if (match === undefined) continue;
    matches.set(agent.pid, match);
    if (match.state === 'known') for (const session of match.sessions) taken.add(session);
  }
  for (const agent of agents) {
    const match = matches.get(agent.pid);
    if (match === undefined || (match.state === 'known' && hasMovedOn(agent, match, sessions, taken))) {
      const rivals = agents.filter((other) => isRival(agent, other) && matches.get(other.pid)?.state !== 'known').length;
      matches.set(agent.pid, byFolder(agent, match, { sessions, taken, processes: Math.max(1, rivals) }));
    }
  }
  return matches;
}

function byEvidence({ agent, evidence }: RunningAgent, byKey: ReadonlyMap<string, Session>): Match | undefined {
  for (const by of EVIDENCES) {
    const ids = new Set(evidence.flatMap((each) => (each.by === by ? [each.sessionId] : [])));
    const sessions = [...ids].flatMap((id) => byKey.get(`${agent}:${id}`) ?? []);
    if (sessions.length === 1 || (by === 'file' && sessions.length > 1)) return { state: 'known', by, sessions };
    if (sessions.length > 1) return { state: 'ambiguous', sessions: sessions.length, processes: 1 };
    // The file is made with the first row: until then there is nothing to show, and nothing of anybody else.
    if (ids.size > 0) return { state: 'none' };
  }
  return undefined;
}

const isRival = (agent: RunningAgent, other: RunningAgent): boolean => other.agent === agent.agent && other.folder === agent.folder;

/** A session that nobody else claims began in its folder after its own had ended: `/clear` begins one, another process may have. */
function hasMovedOn(
  agent: RunningAgent,
  match: Extract<Match, { state: 'known' }>,
  sessions: readonly Session[],
  taken: ReadonlySet<Session>,
): boolean {
  if (match.by === 'file' || match.by === 'child') return false;
  const lastMs = Math.max(...match.sessions.map((session) => session.lastMs ?? 0));
  return sessions.some(
    (session) => !taken.has(session) && isIn(session, agent) && (session.firstMs ?? 0) > Math.max(lastMs, agent.startMs),
  );
}

const isIn = (session: Session, { agent, folder }: RunningAgent): boolean =>
  session.agent === agent && folder !== undefined && session.directory === folder;

function byFolder(
  agent: RunningAgent,
  match: Match | undefined,
  { sessions, taken, processes }: { sessions: readonly Session[]; taken: ReadonlySet<Session>; processes: number },
): Match {
  const wrote = sessions.filter((session) => {
    if (taken.has(session) || !isIn(session, agent) || (session.lastMs ?? 0) < agent.startMs - SKEW_MS) return false;
    return agent.isContinued || (session.firstMs ?? 0) >= agent.startMs - SKEW_MS;
  });
  const own = match?.state === 'known' ? match.sessions.length : 0;
  const [first] = wrote;
  if (first === undefined) return match ?? { state: 'none' };
  if (wrote.length === 1 && processes === 1 && own === 0) return { state: 'known', by: 'folder', sessions: [first] };
  return { state: 'ambiguous', sessions: wrote.length + own, processes };
}
