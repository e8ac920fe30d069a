/** The tracer that one call of AI SDK 5 or 6 gets: its spans of loops and tools are ours, the others nothing. */
import type { Activity, Frame, Recorder } from '../../recording/types.ts';
import type { OffSwitch } from '../off-switch.ts';
import { placeBelow } from '../place.ts';

const LOOP = /^ai\.(?:generateText|streamText)$/;
const TOOL = 'ai.toolCall';
/** Why it failed is said in words, which are content. */
const OTHER_ERROR = '_OTHER';
/** `SpanStatusCode.ERROR` of OpenTelemetry. */
const ERROR = 2;

export interface TracerOptions {
  /** Of the agent; undefined: the loop is looked through. */
  readonly name: string | undefined;
  readonly gate: OffSwitch;
}

interface SpanOptions {
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export function tracerFor(recorder: Recorder, { name: agent, gate }: TracerOptions): object {
  /** Of the loop: a tool of a stream runs where the stream is read. */
  let loop: Frame | undefined;

  function start(name: string, { attributes = {} }: SpanOptions): Activity | undefined {
    const place = placeBelow(recorder, loop);
    if (name === TOOL) return startTool(recorder, attributes, place);
    if (!LOOP.test(name) || loop !== undefined) return undefined;
    const activity = agent === undefined ? undefined : recorder.startAgent(agent);
    loop = activity?.frame ?? place;
    return activity;
  }

  return {
    startSpan: (name: string, options: SpanOptions = {}) => spanOf(gate.safely(() => start(name, options))),
    startActiveSpan(name: string, ...rest: unknown[]): unknown {
      const fn = rest.at(-1) as (span: object) => unknown;
      const options = rest.length > 1 ? (rest[0] as SpanOptions) : {};
      const activity = gate.safely(() => start(name, options));
      const span = spanOf(activity);
      return activity === undefined ? fn(span) : recorder.within(activity.frame, () => fn(span));
    },
  };
}

function startTool(recorder: Recorder, attributes: Readonly<Record<string, unknown>>, frame: Frame | undefined): Activity {
  const { 'ai.toolCall.name': name, 'ai.toolCall.id': callId } = attributes;
  return recorder.startTool({
    name: typeof name === 'string' ? name : 'tool',
    callId: typeof callId === 'string' ? callId : undefined,
    mayHaveOtherId: true,
    toolType: 'function',
    frame,
  });
}

/** The part of OpenTelemetry's span that the AI SDK calls. */
function spanOf(activity: Activity | undefined): object {
  let isFailed = false;
  const span = {
    spanContext: () => ({ traceId: activity?.traceId ?? '0'.repeat(32), spanId: activity?.spanId ?? '0'.repeat(16), traceFlags: 1 }),
    setAttribute: () => span,
    setAttributes: () => span,
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    updateName: () => span,
    isRecording: () => activity?.isEnded === false,
    recordException: () => undefined,
    setStatus(status: { code?: unknown } | undefined) {
      isFailed = status?.code === ERROR;
      return span;
    },
    end: () => activity?.end({ errorType: isFailed ? OTHER_ERROR : undefined }),
  };
  return span;
}
