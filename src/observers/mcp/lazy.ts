/** A client's `tools/call` is a tool; a server handles it below the span that `_meta` names, as the specification has it. */
import { wrapMethod } from '../../hooks/wrap-method.ts';
import type { Activity, Recorder } from '../../recording/types.ts';
import { errorTypeOf } from '../../semconv/error-type.ts';
import { ATTR_MCP_METHOD_NAME } from '../../semconv/index.ts';
import type { ObserverContext } from '../observer.ts';
import { OffSwitch } from '../off-switch.ts';

const NAME = 'mcp';
const CALL = 'tools/call';
/** As the conventions call a result that says it is an error. */
const TOOL_ERROR = 'tool_error';

interface Request {
  readonly method?: unknown;
  readonly params?: {
    readonly name?: unknown;
    readonly arguments?: unknown;
    readonly _meta?: Readonly<Record<string, unknown>>;
  };
}

interface Result {
  readonly isError?: unknown;
  readonly content?: unknown;
  readonly structuredContent?: unknown;
}

/** Its methods that send a request, newest first, and which argument that is. */
const SENDERS: readonly (readonly [method: string, position: number])[] = [
  ['_requestWithSchemaViaCodec', 1],
  ['request', 0],
];

export function watchProtocol(context: ObserverContext, exported: unknown): void {
  const gate = new OffSwitch(NAME, context);
  const prototype = (exported as { prototype?: Record<string, unknown> } | undefined)?.prototype;
  const sender = SENDERS.find(([method]) => typeof prototype?.[method] === 'function');
  if (prototype === undefined || sender === undefined || typeof prototype['_onrequest'] !== 'function')
    return gate.off('this version has no Protocol.request');
  const [method, position] = sender;

  wrapMethod(prototype, method, (send, self, args) => {
    const request = args[position] as Request | undefined;
    if (request?.method !== CALL) return Reflect.apply(send, self, args);
    const started = gate.safely(() => startCall(context.recorder(), request));
    if (started === undefined) return Reflect.apply(send, self, args);
    const { recorder, activity } = started;
    const hand = (): unknown => Reflect.apply(send, self, gate.safely(() => args.with(position, withParent(recorder, request))) ?? args);
    if (activity === undefined) return hand();
    return ended(() => recorder.within(activity.frame, hand), recorder, activity);
  });

  wrapMethod(prototype, '_onrequest', (handle, self, args) => {
    const call = (): unknown => Reflect.apply(handle, self, args);
    const parent = gate.safely(() => parentOf(args[0] as Request | undefined));
    const recorder = parent === undefined ? undefined : context.recorder();
    const frame = parent === undefined ? undefined : recorder?.frameOfTraceparent(parent);
    return recorder === undefined || frame === undefined ? call() : recorder.within(frame, call);
  });
}

/** Inside of a tool that a framework tells it is the same call. */
function startCall(
  recorder: Recorder | undefined,
  { params }: Request,
): { recorder: Recorder; activity: Activity | undefined } | undefined {
  if (recorder === undefined) return undefined;
  if (recorder.current()?.isInTool === true) return { recorder, activity: undefined };
  const name = typeof params?.name === 'string' ? params.name : 'tool';
  const attributes = { [ATTR_MCP_METHOD_NAME]: CALL };
  return { recorder, activity: recorder.startTool({ name, toolType: 'extension', arguments: params?.arguments, attributes }) };
}

/** A copy of the request that names its span; what the app has put there itself is left. */
function withParent(recorder: Recorder, request: Request): Request {
  const { TRACEPARENT: traceparent, TRACESTATE: tracestate } = recorder.carrier();
  const { params } = request;
  if (traceparent === undefined || !recorder.settings.propagators.includes('tracecontext')) return request;
  if (params?._meta?.['traceparent'] !== undefined) return request;
  const state = tracestate === undefined ? undefined : { tracestate };
  return { ...request, params: { ...params, _meta: { ...params?._meta, traceparent, ...state } } };
}

function parentOf(request: Request | undefined): string | undefined {
  const traceparent = request?.method === CALL ? request.params?._meta?.['traceparent'] : undefined;
  return typeof traceparent === 'string' ? traceparent : undefined;
}

function ended(send: () => unknown, recorder: Recorder, activity: Activity): unknown {
  const answer = send() as Promise<unknown>;
  return answer.then(
    (given) => {
      const { isError, content, structuredContent } = (given ?? {}) as Result;
      const attributes = recorder.toolFacts({ result: structuredContent ?? content });
      activity.end({ errorType: isError === true ? TOOL_ERROR : undefined, attributes });
      return given;
    },
    (error: unknown) => {
      activity.end({ errorType: errorTypeOf(error) });
      throw error;
    },
  );
}
