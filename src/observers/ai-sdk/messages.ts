/** Messages of AI SDK 7's channel: loops are agents, tools are tools; steps and calls of models are looked through. */
import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Activity, Frame, Recorder } from '../../recording/types.ts';
import { errorTypeOf } from '../../semconv/error-type.ts';
import { placeBelow } from '../place.ts';

interface Message {
  readonly type?: unknown;
  readonly event?: Readonly<Record<string, unknown>>;
  readonly error?: unknown;
  readonly result?: unknown;
}

interface ToolCall {
  readonly toolName?: unknown;
  readonly toolCallId?: unknown;
  readonly input?: unknown;
}

export interface MessagesOptions {
  readonly recorder: () => Recorder | undefined;
  readonly places: AsyncLocalStorage<Frame | undefined>;
  /** Of the agent whose loop begins. */
  readonly takeAgent: () => string | undefined;
}

/** A loop with tools, or one that its author has named, is an agent; a single call of a model is the wire's alone. */
const LOOPS: ReadonlySet<unknown> = new Set(['generateText', 'streamText']);

export class Messages {
  readonly #options: MessagesOptions;
  readonly #open = new WeakMap<object, Activity>();

  constructor(options: MessagesOptions) {
    this.#options = options;
  }

  start(given: unknown): Frame | undefined {
    const { recorder: load, places, takeAgent } = this.#options;
    const recorder = load();
    const { type, event = {} } = given as Message;
    const place = recorder === undefined ? undefined : placeBelow(recorder, places.getStore());
    if (recorder === undefined) return undefined;
    if (isToldByItself()) return place;
    const activity = type === 'executeTool' ? startTool(recorder, event, place) : startLoop(recorder, { type, event, place, takeAgent });
    if (activity !== undefined) this.#open.set(given as object, activity);
    return activity?.frame ?? place;
  }

  end(given: unknown): void {
    const activity = this.#open.get(given as object);
    if (activity === undefined) return;
    const { type, error, result } = given as Message;
    const facts =
      type === 'executeTool' && error === undefined ? this.#options.recorder()?.toolFacts({ result: outputOf(result) }) : undefined;
    activity.end({ errorType: error === undefined ? toolError(type, result) : faultOf(error), attributes: facts });
  }
}

/** Where every copy of major 1 of OpenTelemetry's API registers. */
const OTEL = Symbol.for('opentelemetry.js.api.1');

/** The app has the SDK make spans of OpenTelemetry, and nobody else takes them: those are recorded as they are. */
function isToldByItself(): boolean {
  const { AI_SDK_TELEMETRY_INTEGRATIONS: integrations, [OTEL]: otel } = globalThis as {
    AI_SDK_TELEMETRY_INTEGRATIONS?: unknown;
    [OTEL]?: { trace?: unknown };
  };
  if (!Array.isArray(integrations) || otel?.trace !== undefined) return false;
  return integrations.some((each: { constructor?: { name?: unknown } } | null) => each?.constructor?.name === 'OpenTelemetry');
}

interface LoopStart {
  readonly type: unknown;
  readonly event: Readonly<Record<string, unknown>>;
  readonly place: Frame | undefined;
  readonly takeAgent: () => string | undefined;
}

function startLoop(recorder: Recorder, { type, event, place, takeAgent }: LoopStart): Activity | undefined {
  if (!LOOPS.has(type)) return undefined;
  const { functionId, tools } = event;
  const hasTools = typeof tools === 'object' && tools !== null && Object.keys(tools).length > 0;
  const name = takeAgent() ?? (typeof functionId === 'string' ? functionId : hasTools ? String(type) : undefined);
  if (name === undefined) return undefined;
  const start = (): Activity => recorder.startAgent(name);
  return place === undefined ? start() : recorder.within(place, start);
}

function startTool(recorder: Recorder, event: Readonly<Record<string, unknown>>, frame: Frame | undefined): Activity {
  const { toolName, toolCallId, input } = (event['toolCall'] ?? {}) as ToolCall;
  const callId = typeof toolCallId === 'string' ? toolCallId : undefined;
  return recorder.startTool({
    name: typeof toolName === 'string' ? toolName : 'tool',
    callId,
    mayHaveOtherId: true,
    toolType: 'function',
    arguments: input,
    frame,
  });
}

/** That its reader left is no fault. */
function faultOf(error: unknown): string | undefined {
  const type = errorTypeOf(error);
  return type === 'AbortError' ? undefined : type;
}

function outputOf(result: unknown): unknown {
  return (result as { output?: { output?: unknown } } | undefined)?.output?.output;
}

/** A tool that throws is a result for the model. */
function toolError(type: unknown, result: unknown): string | undefined {
  const output = (result as { output?: { type?: unknown; error?: unknown } } | undefined)?.output;
  return type === 'executeTool' && output?.type === 'tool-error' ? errorTypeOf(output.error) : undefined;
}
