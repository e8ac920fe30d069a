/** A step of an agent that gives no sign for far longer than its like take, or an agent whose processes give none. */
import { duration } from '../../numbers.ts';
import { whySilent } from '../../silence.ts';
import type { EndedSpan, LiveRule, Look } from '../detector.ts';
import { placeOf, type Work } from '../open-work.ts';
import type { Claim, SilentProcess } from '../types.ts';

/** Ten times what its like take, as in the report's finding. */
const TIMES = 10;
const MIN_LIKE = 3;
/** Durations that are kept of steps of one name, and names. */
const MAX_DURATIONS = 32;
const MAX_NAMES = 2_000;
/** What explains the time of all around it, or waits by its nature, is no step: batches, waits, processes, git. */
const STEPS: ReadonlySet<string> = new Set(['llm', 'tool', 'task', 'agent']);
const ACTION = 'Look at what it waits for; end it if nothing comes, and give such steps a time limit.';

export const hungAgent: LiveRule = {
  kind: 'hung_agent',
  watch({ value: threshold }) {
    const like = new Likes();
    return {
      ended({ row, class: kind, work }: EndedSpan) {
        if (work !== undefined && row.endMs !== undefined && STEPS.has(kind) && !row.isError)
          like.add(nameOf(work), row.endMs - row.startMs);
      },
      claims(look) {
        const claims: Claim[] = [];
        const pids = new Set<number>();
        for (const work of hungIn(look, threshold, like)) {
          claims.push(ofStep(work, look.nowMs, threshold));
          if (work.pid !== undefined) pids.add(work.pid);
        }
        for (const silent of look.around.silent) {
          const afterMs = silent.reason === 'stopped' ? 0 : threshold;
          if (look.nowMs - silent.sinceMs >= afterMs && !pids.has(silent.pid)) claims.push(ofProcess(silent, look.nowMs, threshold));
        }
        return claims;
      },
    };
  },
};

/** Steps without anything under way below them. What a process that has ended left open is let go. */
function hungIn({ nowMs, open, around }: Look, threshold: number, like: Likes): Work[] {
  const old: Work[] = [];
  for (const work of open.all()) if (nowMs - work.signMs >= threshold) old.push(work);
  return old.filter((work) => {
    if (work.pid !== undefined && around.isGone(work.pid)) {
      open.drop(work);
      return false;
    }
    return STEPS.has(work.class) && work.openBelow === 0 && nowMs - work.signMs >= TIMES * like.typicalMs(nameOf(work));
  });
}

function ofStep(work: Work, nowMs: number, threshold: number): Claim {
  const { task, agent } = placeOf(work);
  const silentMs = nowMs - work.signMs;
  const where = task === undefined || task === work ? '' : ` in ${task.name}`;
  return {
    id: `hung_agent:${work.traceId}/${work.spanId}`,
    text: `${work.name}${where} gives no sign for ${duration(silentMs)}`,
    action: ACTION,
    sinceMs: work.signMs,
    value: silentMs,
    threshold,
    where: { agent: agent?.agent, task: task?.task, tool: work.tool, model: work.model, pid: work.pid },
    evidence: [work],
  };
}

function ofProcess({ pid, agentName, sinceMs, reason, child, place }: SilentProcess, nowMs: number, threshold: number): Claim {
  const why = whySilent({ reason, child }, false);
  return {
    id: `hung_agent:${pid}`,
    text: `${agentName} (process ${pid}) gives no sign for ${duration(nowMs - sinceMs)}${why === undefined ? '' : `: ${why}`}`,
    action: ACTION,
    sinceMs,
    value: nowMs - sinceMs,
    threshold,
    where: { agent: agentName, pid },
    evidence: place === undefined ? [] : [place],
  };
}

/** Compared with steps of its name: of the same model, tool, agent, type of task. */
function nameOf({ class: kind, tool, model, type, agent, name }: Work): string {
  return `${kind} ${tool ?? model ?? type ?? agent ?? name}`;
}

class Likes {
  readonly #durations = new Map<string, { at: number; readonly ms: number[] }>();

  add(name: string, ms: number): void {
    let known = this.#durations.get(name);
    if (known === undefined) {
      if (this.#durations.size >= MAX_NAMES) return;
      this.#durations.set(name, (known = { at: 0, ms: [] }));
    }
    known.ms[known.at] = ms;
    known.at = (known.at + 1) % MAX_DURATIONS;
  }

  /** The median of the last ones; 0 where too few are known. */
  typicalMs(name: string): number {
    const { ms = [] } = this.#durations.get(name) ?? {};
    return ms.length < MIN_LIKE ? 0 : (ms.toSorted((a, b) => a - b)[ms.length >> 1] ?? 0);
  }
}
