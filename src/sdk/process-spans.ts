/** Spans of processes that the process tree of the supervisor found: made by the recorder, below the span that is named. */
import type { Meter } from '@opentelemetry/api';
import { observe } from '../gauges/gauge.ts';
import type { Activity, Frame, Recorder } from '../recording/types.ts';
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_PROCESS_EXECUTABLE_NAME,
  ATTR_PROCESS_PID,
  METRIC_SWARMSCOPE_AGENT_SILENT_TIME,
  METRIC_SWARMSCOPE_PROCESS_ORPHAN_COUNT,
} from '../semconv/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';

export interface Place {
  readonly traceId: string;
  readonly spanId: string;
}

export interface SeenProcessStart {
  readonly executable: string;
  readonly agentName: string | undefined;
  readonly pid: number;
  readonly startMs: number;
  readonly parent: Place;
  readonly attributes: Attributes;
}

export interface SeenProcessSpan extends Place {
  set(attributes: Attributes): void;
  end(end: { endMs: number; errorType: string | undefined; attributes: Attributes }): void;
}

export interface SeenProcesses {
  /** What the program of the run works below. */
  readonly place: Place;
  /** Of the span of the run. */
  readonly runSpanId: string;
  /** The agent that this span is of; undefined: it is that of the run. */
  readonly agentName: string | undefined;
  /** The span of its process. */
  readonly agent: SeenProcessSpan | undefined;
  start(start: SeenProcessStart): SeenProcessSpan;
  /** Tells the processes that nobody waits for any more, whenever metrics are collected. */
  watchOrphans(orphans: () => Iterable<{ readonly executable: string }>): void;
  /** Tells the agents that give no sign, likewise. */
  watchSilence(silent: () => Iterable<{ readonly agentName: string; readonly silentMs: number }>): void;
}

/** Spans that others may hang below ours; an older one is named by its ids alone. */
const MAX_FRAMES = 10_000;

/** @param run The activity of the run. @param above The activity that the program of the run works below. */
export function seenProcesses(
  recorder: Recorder,
  meter: Meter,
  run: Activity,
  above: Activity,
  agentName: string | undefined,
): SeenProcesses {
  const frames = new Map<string, Frame>([[above.spanId, above.frame]]);
  return {
    place: { traceId: above.traceId, spanId: above.spanId },
    runSpanId: run.spanId,
    agentName,
    agent: agentName === undefined ? undefined : spanOf(above),
    watchOrphans: (orphans) => tellOrphans(meter, orphans),
    watchSilence(silent) {
      observe(meter, [METRIC_SWARMSCOPE_AGENT_SILENT_TIME], (report) => {
        const longest = new Map<string, number>();
        for (const { agentName: name, silentMs } of silent()) longest.set(name, Math.max(longest.get(name) ?? 0, silentMs));
        for (const [name, silentMs] of longest)
          report(METRIC_SWARMSCOPE_AGENT_SILENT_TIME, silentMs / 1_000, { [ATTR_GEN_AI_AGENT_NAME]: name });
      });
    },
    start({ parent, startMs, attributes, ...what }) {
      const frame = frames.get(parent.spanId) ?? recorder.frameOfTraceparent(`00-${parent.traceId}-${parent.spanId}-01`) ?? above.frame;
      const activity = recorder.startChildProcess({ ...what, startTime: startMs, frame, attributes });
      activity.set({ [ATTR_PROCESS_PID]: what.pid });
      if (frames.size < MAX_FRAMES) frames.set(activity.spanId, activity.frame);
      return spanOf(activity);
    },
  };
}

const spanOf = (activity: Activity): SeenProcessSpan => ({
  traceId: activity.traceId,
  spanId: activity.spanId,
  set: (more) => activity.set(more),
  end: ({ endMs, errorType, attributes }) => activity.end({ endTime: endMs, errorType, attributes }),
});

/** How many there are of each program, whenever metrics are collected. */
export function tellOrphans(meter: Meter, orphans: () => Iterable<{ readonly executable: string }>): void {
  observe(meter, [METRIC_SWARMSCOPE_PROCESS_ORPHAN_COUNT], (report) => {
    const counts = new Map<string, number>();
    for (const { executable } of orphans()) counts.set(executable, (counts.get(executable) ?? 0) + 1);
    for (const [executable, count] of counts)
      report(METRIC_SWARMSCOPE_PROCESS_ORPHAN_COUNT, count, { [ATTR_PROCESS_EXECUTABLE_NAME]: executable });
  });
}
