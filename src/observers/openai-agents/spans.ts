/** Which span of ours each span of OpenAI Agents is; those of model calls are the wire's, and looked through. */
import type { Activity, Frame, Recorder } from '../../recording/types.ts';
import {
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_SWARMSCOPE_GUARDRAIL_TRIGGERED,
  ATTR_SWARMSCOPE_HANDOFF_SOURCE_NAME,
  ATTR_SWARMSCOPE_HANDOFF_TARGET_NAME,
} from '../../semconv/index.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';
import { placeBelow } from '../place.ts';

/** Spans that are open at once; the oldest is forgotten. */
const MAX_OPEN = 20_000;
const TURN = 'turn';
/** Why it failed is said in words, which are content. */
const OTHER_ERROR = '_OTHER';

export interface AgentsTrace {
  readonly traceId: string;
  readonly name?: string;
  readonly groupId?: string | null;
}

export interface AgentsSpan {
  readonly spanId: string;
  readonly parentId: string | null;
  readonly traceId: string;
  readonly error?: unknown;
  readonly spanData: { readonly type: string; readonly [fact: string]: unknown };
}

interface Open {
  /** Absent: it is looked through. */
  readonly activity?: Activity | undefined;
  readonly frame: Frame | undefined;
  readonly startTime: EpochMs;
}

export class Spans {
  readonly #recorder: () => Recorder | undefined;
  readonly #open = new Map<string, Open>();

  constructor(recorder: () => Recorder | undefined) {
    this.#recorder = recorder;
  }

  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  /** While a span begins, it is current and not known yet: then it is the one around it. */
  frameOf(span: AgentsSpan | null): Frame | undefined {
    if (span === null) return undefined;
    return (this.#open.get(span.spanId) ?? this.#open.get(span.parentId ?? '') ?? this.#open.get(span.traceId))?.frame;
  }

  startTrace({ traceId, name, groupId }: AgentsTrace): void {
    const recorder = this.#recorder();
    if (recorder === undefined) return;
    const activity = recorder.startWorkflow(textIn(name) ?? 'Agent workflow');
    activity.set({ [ATTR_GEN_AI_CONVERSATION_ID]: textIn(groupId) });
    this.#keep(traceId, { activity, frame: activity.frame, startTime: activity.startTime });
  }

  endTrace({ traceId }: AgentsTrace): void {
    this.#take(traceId)?.activity?.end();
  }

  startSpan(span: AgentsSpan): void {
    const recorder = this.#recorder();
    if (recorder === undefined) return;
    const around = this.#open.get(span.parentId ?? '') ?? this.#open.get(span.traceId);
    const place = placeBelow(recorder, around?.frame);
    const start = (): Activity | undefined => startActivity(recorder, span, place);
    const activity = place === undefined ? start() : recorder.within(place, start);
    this.#keep(span.spanId, { activity, frame: activity?.frame ?? place, startTime: activity?.startTime ?? recorder.now() });
  }

  endSpan(span: AgentsSpan): void {
    const recorder = this.#recorder();
    const open = this.#take(span.spanId);
    if (recorder === undefined || open === undefined) return;
    const errorType = span.error === null || span.error === undefined ? undefined : OTHER_ERROR;
    const { type, output, triggered } = span.spanData;
    if (type === 'handoff') return recordHandoff(recorder, span, open, errorType);
    open.activity?.end({
      errorType,
      attributes: {
        ...(type === 'function' ? recorder.toolFacts({ result: output }) : undefined),
        ...(type === 'guardrail' ? { [ATTR_SWARMSCOPE_GUARDRAIL_TRIGGERED]: triggered === true } : undefined),
      },
    });
  }

  #keep(id: string, open: Open): void {
    if (this.#open.size >= MAX_OPEN) for (const oldest of this.#open.keys()) if (this.#open.delete(oldest)) break;
    this.#open.set(id, open);
  }

  #take(id: string): Open | undefined {
    const open = this.#open.get(id);
    this.#open.delete(id);
    return open;
  }
}

function startActivity(recorder: Recorder, { spanData }: AgentsSpan, frame: Frame | undefined): Activity | undefined {
  const name = textIn(spanData['name']) ?? spanData.type;
  switch (spanData.type) {
    case 'agent':
      return recorder.startAgent(name);
    case 'task':
    case 'guardrail':
      return recorder.startTask({ type: name }, name);
    case TURN:
      return recorder.startTask({ type: TURN }, TURN);
    case 'function':
      return recorder.startTool({ name, toolType: 'function', arguments: jsonIn(spanData['input']), frame });
    default:
      return undefined;
  }
}

/** Who takes over is known at the end only. The name is that of the tool by which the model asks for it. */
function recordHandoff(recorder: Recorder, { spanData }: AgentsSpan, open: Open, errorType: string | undefined): void {
  const source = textIn(spanData['from_agent']);
  const target = textIn(spanData['to_agent']);
  recorder
    .startTool({
      name: `transfer_to_${(target ?? 'agent').replace(/[^\w]/g, '_')}`,
      toolType: 'function',
      startTime: open.startTime,
      frame: open.frame,
      attributes: { [ATTR_SWARMSCOPE_HANDOFF_SOURCE_NAME]: source, [ATTR_SWARMSCOPE_HANDOFF_TARGET_NAME]: target },
    })
    .end({ errorType });
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function jsonIn(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    // A model may write what is no JSON.
    return value;
  }
}
