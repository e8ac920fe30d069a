/** Spans that libraries make by `@opentelemetry/api` in an app without an SDK: below the current frame, and masked. */
import { INVALID_SPAN_CONTEXT, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_NAME,
  EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '../semconv/index.ts';
import { isOnSpans } from '../config/settings/capture.ts';
import type { ActivityStart } from './activity-start.ts';
import type { Core } from './core.ts';
import { createLibraryMask, type LibraryMask } from './library-mask.ts';
import { NativeCall } from './native-call.ts';
import { RecordedSpan, epochMsOf } from './recorded-span.ts';
import type { Frame, LibrarySpan, LibrarySpanStart, SpanStarter } from './types.ts';
import type { Attributes } from '../semconv/telemetry.ts';

/** Scopes with a tracer of their own; what comes after shares ours. Protects from scopes named by data. */
const MAX_SCOPES = 256;

const INFERENCE: ReadonlySet<unknown> = new Set([
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
]);

export class LibraryTracers {
  readonly #core: Core;
  #mask: { readonly isCaptured: boolean; readonly mask: LibraryMask } | undefined;
  readonly #byScope = new Map<string, SpanStarter>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** Another one when a policy changes whether content is captured. */
  get mask(): LibraryMask {
    const isCaptured = isOnSpans(this.#core.captureContent);
    if (this.#mask?.isCaptured !== isCaptured) this.#mask = { isCaptured, mask: createLibraryMask(isCaptured, this.#core.cleaner) };
    return this.#mask.mask;
  }

  of({ name, version, schemaUrl }: LibrarySpanStart['scope']): SpanStarter {
    const key = `${name}\n${version ?? ''}\n${schemaUrl ?? ''}`;
    const known = this.#byScope.get(key);
    if (known !== undefined) return known;
    if (this.#byScope.size >= MAX_SCOPES) return this.#core.assembly().tracer;
    const made = this.#core.assembly().tracerFor(this.mask.scope(name), version, schemaUrl);
    this.#byScope.set(key, made);
    return made;
  }
}

/** undefined where the app's own SDK takes our spans: there the library's go as well. */
export function startLibrarySpan(core: Core, tracers: LibraryTracers, start: LibrarySpanStart): LibrarySpan | undefined {
  if (core.assembly().usesAppSdk?.() === true) return undefined;
  const { mask } = tracers;
  const attributes = start.attributes ?? {};
  const operation = attributes[ATTR_GEN_AI_OPERATION_NAME];
  const native = INFERENCE.has(operation) ? new NativeCall(core, attributes) : undefined;
  const isInference = native !== undefined;
  const parent =
    start.remote === undefined ? start.parent : below(start.remote, start.parent ?? core.frames.current() ?? core.emptyFrame());
  const what: ActivityStart = {
    name: mask.name(native?.nameOf(attributes[ATTR_GEN_AI_REQUEST_MODEL]) ?? start.name),
    kind: start.kind ?? SpanKind.INTERNAL,
    attributes: attributes as Attributes,
    startTime: epochMsOf(start.startTime),
    parent,
    isOwnTrace: start.isRoot === true,
    links: (start.links ?? []).map(({ context, attributes: facts }) => ({ context, attributes: mask.attributes(facts, false) })),
    tracer: tracers.of(start.scope),
    mask(given, keep) {
      for (const [name, value] of Object.entries(mask.attributes(given, isInference))) keep(name, value);
    },
    carries: carriedBy(core, attributes, native, parent ?? core.frames.current()),
    onEnd: (end, seconds) => native?.reckon(end, seconds),
    ...(isInference ? { event: EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS } : undefined),
  };
  const activity = core.start(what);
  native?.attach(activity);
  const span = new RecordedSpan({ activity, mask, native, onFault: (error) => core.onFault('startLibrarySpan', error) });
  core.count('otel-api.library-spans');
  return { span, frame: activity.frame };
}

/** Inside a library's tool the time is counted once; an HTTP span inside a call is still inside that call. */
function carriedBy(
  core: Core,
  attributes: Readonly<Record<string, unknown>>,
  native: NativeCall | undefined,
  parent: Frame | undefined,
): ActivityStart['carries'] & object {
  if (attributes[ATTR_GEN_AI_OPERATION_NAME] !== GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL)
    return { inference: native ?? parent?.inference };
  const name = attributes[ATTR_GEN_AI_TOOL_NAME];
  const callId = attributes[ATTR_GEN_AI_TOOL_CALL_ID];
  if (typeof name === 'string') core.toolClaims.claim({ name, callId: typeof callId === 'string' ? callId : undefined });
  return { isInTool: true };
}

function below(remote: NonNullable<LibrarySpanStart['remote']>, frame: Frame): Frame {
  const context = remote.traceId === INVALID_SPAN_CONTEXT.traceId ? frame.context : trace.setSpanContext(ROOT_CONTEXT, remote);
  return { ...frame, context };
}
