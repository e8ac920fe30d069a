/** Which span of ours each span of Mastra is; those of model calls are the wire's, and looked through with all that is not named here. */
import type { Activity, Frame, Recorder } from '../../recording/types.ts';
import { ATTR_GEN_AI_CONVERSATION_ID } from '../../semconv/index.ts';
import { placeBelow } from '../place.ts';

/** Spans that are open at once; the oldest is forgotten. */
const MAX_OPEN = 20_000;
const SCHEDULER = 'mastra';
/** Why it failed is said in words, which are content. */
const OTHER_ERROR = '_OTHER';

export interface MastraSpan {
  readonly id: string;
  readonly parentSpanId?: string | undefined;
  readonly type: string;
  readonly name: string;
  readonly entityName?: string | undefined;
  readonly entityId?: string | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly errorInfo?: unknown;
}

interface Open {
  /** Absent: it is looked through. */
  readonly activity: Activity | undefined;
  readonly frame: Frame | undefined;
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

  frameOf(id: unknown): Frame | undefined {
    return typeof id === 'string' ? this.#open.get(id)?.frame : undefined;
  }

  start(span: MastraSpan): void {
    const recorder = this.#recorder();
    if (recorder === undefined) return;
    const place = placeBelow(recorder, this.frameOf(span.parentSpanId));
    const begin = (): Activity | undefined => startActivity(recorder, span, place);
    const activity = place === undefined ? begin() : recorder.within(place, begin);
    if (this.#open.size >= MAX_OPEN) for (const oldest of this.#open.keys()) if (this.#open.delete(oldest)) break;
    this.#open.set(span.id, { activity, frame: activity?.frame ?? place });
  }

  end({ id, type, errorInfo, output }: MastraSpan): void {
    const activity = this.#open.get(id)?.activity;
    this.#open.delete(id);
    const facts = TOOLS.has(type) ? this.#recorder()?.toolFacts({ result: output }) : undefined;
    activity?.end({ errorType: errorInfo === undefined || errorInfo === null ? undefined : OTHER_ERROR, attributes: facts });
  }
}

/** What is told, with the bit by which Mastra says that one is its own inner works. */
const INNER: Readonly<Record<string, number>> = {
  workflow_run: 1,
  workflow_step: 1,
  workflow_parallel: 1,
  agent_run: 2,
  tool_call: 4,
  mcp_tool_call: 4,
};

/** Nothing is told of a span of this type; what happens in it belongs to the one around it. */
export function isLookedThrough(type: string, inner = 0): boolean {
  const bit = INNER[type];
  return bit === undefined || (inner & bit) !== 0;
}

const TOOLS: ReadonlySet<string> = new Set(['tool_call', 'mcp_tool_call']);

function startActivity(recorder: Recorder, span: MastraSpan, frame: Frame | undefined): Activity | undefined {
  const { type, attributes = {}, input } = span;
  const name = textIn(span.entityName) ?? textIn(span.entityId) ?? span.name;
  switch (type) {
    case 'agent_run':
      return recorder.startAgent(name, { [ATTR_GEN_AI_CONVERSATION_ID]: textIn(attributes['conversationId']) });
    case 'workflow_run':
      return recorder.startWorkflow(name);
    case 'workflow_step': {
      const step = textIn(span.entityId) ?? name;
      return recorder.startTask({ type: step }, step);
    }
    case 'workflow_parallel':
      return recorder.startBatch({ scheduler: SCHEDULER, size: numberIn(attributes['branchCount']) });
    case 'tool_call':
    case 'mcp_tool_call':
      return recorder.startTool({ name, callId: textIn(attributes['toolCallId']), toolType: 'function', arguments: input, frame });
    default:
      return undefined;
  }
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
