/** Somebody was asked, and has not answered for long. */
import { SWARMSCOPE_WAIT_REASON_VALUE_HUMAN } from '../../../semconv/index.ts';
import { duration } from '../../numbers.ts';
import type { LiveRule } from '../detector.ts';
import { placeOf, type Work } from '../open-work.ts';
import type { Claim } from '../types.ts';

export const humanWait: LiveRule = {
  kind: 'human_wait',
  watch: ({ value: threshold }) => ({
    claims({ nowMs, open, around }) {
      const waits: Work[] = [];
      for (const work of open.all())
        if (work.waitReason === SWARMSCOPE_WAIT_REASON_VALUE_HUMAN && nowMs - work.startMs >= threshold) waits.push(work);
      return waits
        .filter(({ pid }) => pid === undefined || !around.isGone(pid))
        .map((work): Claim => {
          const { task, agent } = placeOf(work);
          const ms = nowMs - work.startMs;
          const who = task?.name ?? (agent === undefined ? 'The program' : agent.name);
          return {
            id: `human_wait:${work.traceId}/${work.spanId}`,
            text: `${who} waits for a person for ${duration(ms)}`,
            action: 'Answer it; approve in advance what is asked for again and again.',
            sinceMs: work.startMs,
            value: ms,
            threshold,
            where: { agent: agent?.agent, task: task?.task, pid: work.pid },
            evidence: [work],
          };
        });
    },
  }),
};
