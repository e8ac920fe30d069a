/** Spans of processes that the process tree of the supervisor found: made by the recorder, below the span that is named. */
import type { Activity, Frame, Recorder } from '../recording/types.ts';
import { ATTR_PROCESS_PID } from '../semconv/index.ts';
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
  end(end: { endMs: number; errorType: string | undefined; attributes: Attributes }): void;
}

export interface SeenProcesses {
  /** What the program of the run works below. */
  readonly place: Place;
  /** Of the span of the run. */
  readonly runSpanId: string;
  /** The agent that this span is of; undefined: it is that of the run. */
  readonly agentName: string | undefined;
  start(start: SeenProcessStart): SeenProcessSpan;
}

/** Spans that others may hang below ours; an older one is named by its ids alone. */
const MAX_FRAMES = 10_000;

/** @param run The activity of the run. @param above The activity that the program of the run works below. */
export function seenProcesses(recorder: Recorder, run: Activity, above: Activity, agentName: string | undefined): SeenProcesses {
  const frames = new Map<string, Frame>([[above.spanId, above.frame]]);
  return {
    place: { traceId: above.traceId, spanId: above.spanId },
    runSpanId: run.spanId,
    agentName,
    start({ parent, startMs, attributes, ...what }) {
      const frame = frames.get(parent.spanId) ?? recorder.frameOfTraceparent(`00-${parent.traceId}-${parent.spanId}-01`) ?? above.frame;
      const activity = recorder.startChildProcess({ ...what, startTime: startMs, frame, attributes });
      activity.set({ [ATTR_PROCESS_PID]: what.pid });
      if (frames.size < MAX_FRAMES) frames.set(activity.spanId, activity.frame);
      return {
        traceId: activity.traceId,
        spanId: activity.spanId,
        end: ({ endMs, errorType, attributes: more }) => activity.end({ endTime: endMs, errorType, attributes: more }),
      };
    },
  };
}
