/** Stand-ins for what could not be recorded: a caller goes on with them as if nothing had happened. */
import { INVALID_SPANID, INVALID_TRACEID } from '@opentelemetry/api';
import type { Activity, Frame, LlmCall, SubmittedTask } from './types.ts';
import type { EpochMs } from '../semconv/telemetry.ts';

/** Records nothing; what is started below it hangs where it would have hung itself. */
export function inertActivity(frame: Frame, startTime: EpochMs): Activity {
  return { frame, traceId: INVALID_TRACEID, spanId: INVALID_SPANID, isEnded: true, startTime, set: () => undefined, end: () => undefined };
}

export function inertLlmCall(activity: Activity): LlmCall {
  return { activity, learn: () => undefined, end: () => undefined };
}

export function inertSubmission(type: string, submittedAt: EpochMs, frame: Frame | undefined): SubmittedTask {
  return { type, submittedAt, frame, cancel: () => undefined };
}
