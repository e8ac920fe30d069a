/** One attempt of an LLM call on the wire: a span, or an HTTP child below the span of a library that tells of the call itself. */
import { SpanKind, type Link } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_RESEND_COUNT,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SWARMSCOPE_INFERENCE_REQUEST_ID,
  ATTR_SWARMSCOPE_RETRY_AFTER,
  EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS,
} from '../semconv/index.ts';
import { isInference, type LlmHead } from '../semconv/telemetry.ts';
import type { NativeInference } from './activity-types.ts';
import { currentAppSpan } from './app-span.ts';
import type { Core } from './core.ts';
import { learntAttributes, serviceAttributes, spanName, startAttributes } from './llm-attributes.ts';
import { finishLlmCall } from './llm-call-end.ts';
import type { LlmCall, LlmCallEnd, LlmCallStart } from './llm-call-types.ts';
import type { OpenActivity } from './open-activity.ts';
import type { RateLimits } from './rate-limits.ts';

/** Of the HTTP request of nearly every call. */
const METHOD = 'POST';
/** Nobody's service that the wire could name. */
const OTHER = '_OTHER';
/** What is true of one attempt, and not of the call. */
const OF_ATTEMPT: ReadonlySet<string> = new Set([
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_ERROR_TYPE,
  ATTR_SWARMSCOPE_INFERENCE_REQUEST_ID,
  ATTR_SWARMSCOPE_RETRY_AFTER,
]);
export function startLlmCall(core: Core, given: LlmCallStart, rateLimits: RateLimits): LlmCall {
  // Before anything is asked: only the assembly knows the app's own spans, and the time that loading it takes is ours.
  core.assembly();
  const start: LlmCallStart = { ...given, frame: given.frame ?? core.frames.current() };
  const around = start.frame?.inference;
  if (around?.isOpen === true) return startAttempt(core, start, rateLimits, around);
  let ending: LlmCallEnd = {};
  const activity: OpenActivity = core.start({
    name: spanName(start),
    kind: SpanKind.CLIENT,
    startTime: start.startTime,
    parent: start.frame,
    isOwnTrace: start.isOwnTrace === true,
    links: linksOf(core),
    attributes: startAttributes(start),
    onCut: start.onCut,
    ...(isInference(start.operation) ? { event: EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS } : undefined),
    onEnd(end, seconds) {
      core.callsUnderWay.delete(start);
      if (beside !== undefined) beside.end = { ...ending, errorType: end.errorType, endTime: end.endTime };
      return finishLlmCall(core, { start, activity, ending, end, seconds });
    },
  });
  core.callsUnderWay.add(start);
  const beside = isInference(start.operation) ? core.callsBeside.began(start, activity.startTime) : undefined;
  return {
    activity,
    learn(facts) {
      const { requestModel, operation, provider } = start;
      Object.assign(start, facts);
      if (start.requestModel !== requestModel || start.operation !== operation) activity.rename(spanName(start));
      const learnt = learntAttributes(facts);
      // What stands on the span already is not written again.
      if (start.provider !== provider) learnt[ATTR_GEN_AI_PROVIDER_NAME] = start.provider;
      const resends = repeatedAttempt(core, start, activity);
      if (resends !== undefined) learnt[ATTR_HTTP_REQUEST_RESEND_COUNT] = resends;
      activity.set(learnt, facts.attributes);
    },
    learnHead: (head) => learnHead(core, head, { start, activity, rateLimits }),
    end(end) {
      if (activity.isEnded) return;
      ending = end;
      learnLimits(core, end.rateLimits, { start, rateLimits });
      if (end.provider !== undefined && end.provider !== start.provider) {
        start.provider = end.provider;
        activity.set({ [ATTR_GEN_AI_PROVIDER_NAME]: start.provider });
      }
      if (end.requestModel !== undefined && start.requestModel === undefined) {
        start.requestModel = end.requestModel;
        activity.rename(spanName(start));
      }
      activity.end({ endTime: end.endTime, errorType: end.errorType, attributes: end.attributes });
    },
  };
}

/** The same call may have a span in the app's own trace, or be part of one. */
function linksOf(core: Core): Link[] {
  // Where the app's SDK takes our spans, that span is the parent.
  const around = core.assembly().usesAppSdk?.() === true ? undefined : currentAppSpan();
  return around === undefined ? [] : [{ context: around }];
}

/** Inside a library's own span of the call the facts go there; the attempt is an HTTP child. Metrics count as usual. */
function startAttempt(core: Core, start: LlmCallStart, rateLimits: RateLimits, around: NativeInference): LlmCall {
  let ending: LlmCallEnd = {};
  const { method = METHOD } = start;
  const activity: OpenActivity = core.start({
    name: method,
    kind: SpanKind.CLIENT,
    startTime: start.startTime,
    parent: start.frame,
    attributes: {
      [ATTR_HTTP_REQUEST_METHOD]: method,
      [ATTR_SERVER_ADDRESS]: start.serverAddress,
      [ATTR_SERVER_PORT]: start.serverPort,
      [ATTR_HTTP_REQUEST_RESEND_COUNT]: start.resendCount === 0 ? undefined : start.resendCount,
    },
    onCut: start.onCut,
    onEnd(end, seconds) {
      core.callsUnderWay.delete(start);
      try {
        const facts = finishLlmCall(core, { start, activity, ending, end, seconds, isRepetition });
        const all = Object.entries({ ...facts, ...ending.attributes, ...serviceAttributes(start) });
        around.learn(Object.fromEntries(all.filter(([name]) => !OF_ATTEMPT.has(name))));
        return Object.fromEntries(all.filter(([name]) => OF_ATTEMPT.has(name)));
      } finally {
        around.release(end.errorType);
      }
    },
  });
  core.callsUnderWay.add(start);
  const isRepetition = !around.adopt();
  return {
    activity,
    learn(facts) {
      Object.assign(start, facts);
      around.learn({ ...learntAttributes(start), ...start.attributes });
      activity.set({ [ATTR_HTTP_REQUEST_RESEND_COUNT]: repeatedAttempt(core, start, activity) });
    },
    learnHead: (head) => learnHead(core, head, { start, activity, rateLimits }),
    end(end) {
      if (activity.isEnded) return;
      ending = end;
      learnLimits(core, end.rateLimits, { start, rateLimits });
      start.provider = end.provider ?? start.provider;
      if (start.provider === OTHER) start.provider = around.provider ?? OTHER;
      start.requestModel ??= end.requestModel;
      activity.end({ endTime: end.endTime, errorType: end.errorType });
    },
  };
}

/** Links an attempt to the failed one whose request it sends again, and counts it. SDKs that count retries in a header count better. */
function repeatedAttempt(core: Core, start: LlmCallStart, activity: OpenActivity): number | undefined {
  if (start.likeness === undefined || core.resends.size === 0) return undefined;
  const failed = core.resends.take(start.likeness(), activity.startTime, activity.frame);
  if (failed === undefined) return undefined;
  activity.link(failed.span);
  return (start.resendCount = Math.max(start.resendCount ?? 0, failed.resendCount + 1));
}

/** At once: later answers may tell newer limits before this one has ended. */
function learnHead(core: Core, head: LlmHead, call: { start: LlmCallStart; activity: OpenActivity; rateLimits: RateLimits }): void {
  call.activity.set({ [ATTR_HTTP_RESPONSE_STATUS_CODE]: head.statusCode, [ATTR_SWARMSCOPE_INFERENCE_REQUEST_ID]: head.requestId });
  learnLimits(core, head.rateLimits, call);
}

function learnLimits(core: Core, limits: LlmHead['rateLimits'], call: { start: LlmCallStart; rateLimits: RateLimits }): void {
  const { provider, requestModel: model } = call.start;
  if (limits !== undefined) call.rateLimits.learn({ provider, model, at: core.now() }, limits);
}
