/** Which span each run of LangChain is; chains, prompts and parsers in between are looked through. */
import type { Activity, Frame, Recorder } from '../../recording/types.ts';
import {
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_SWARMSCOPE_TASK_CHECKPOINT_NAMESPACE,
  ATTR_SWARMSCOPE_TASK_TRIGGERS,
} from '../../semconv/index.ts';
import { placeBelow } from '../place.ts';
import { CANCELLED, endOf, isInterrupt } from './endings.ts';
import { GraphRun } from './graph-run.ts';
import { HumanWaits } from './human-waits.ts';
import { handoffIn, inputOf, resultOf } from './tool-values.ts';

/** Runs remembered at once. A run that LangChain never ends (a stream left early) is forgotten here, oldest first. */
const MAX_RUNS = 20_000;
const DEFAULT_GRAPH_NAME = 'LangGraph';
const HIDDEN = 'langsmith:hidden';

export interface RunStart {
  /** Of the class: `langgraph`, `pregel`, `CompiledStateGraph`. */
  readonly id: readonly string[];
  readonly runId: string;
  readonly parentRunId: string | undefined;
  readonly tags: readonly unknown[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly name: string | undefined;
  /** Who reads it, where it is a graph. */
  readonly reader?: { runId: string | undefined } | undefined;
}

export interface Outcome {
  /** What it threw. */
  readonly error?: unknown;
  /** What a tool gave back. */
  readonly output?: unknown;
  /** Its reader stopped reading. */
  readonly isLeft?: boolean;
}

interface Run {
  readonly frame: Frame | undefined;
  /** Absent: it is looked through. */
  readonly activity?: Activity | undefined;
  /** It is a graph. */
  readonly graph?: GraphRun | undefined;
  /** The innermost graph around it, or itself. */
  readonly inGraph: GraphRun | undefined;
  /** The innermost agent around it, or itself, by name. */
  readonly agent: string | undefined;
  /** It is a node. */
  readonly isTask?: boolean;
}

export interface RunsOptions {
  readonly recorder: () => Recorder | undefined;
  /** Of graphs that were made as agents. */
  readonly agentNames: ReadonlySet<string>;
}

export class Runs {
  readonly #options: RunsOptions;
  readonly #runs = new Map<string, Run>();
  readonly #waits = new HumanWaits();

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  frameOf(runId: unknown): Frame | undefined {
    return typeof runId === 'string' ? this.#runs.get(runId)?.frame : undefined;
  }

  startChain(start: RunStart): void {
    const recorder = this.#options.recorder();
    if (recorder === undefined) return;
    const parent = start.parentRunId === undefined ? undefined : this.#runs.get(start.parentRunId);
    const place = placeBelow(recorder, parent?.frame);
    const [namespace, kind] = start.id;
    if (namespace === 'langgraph' && kind === 'pregel') this.#startGraph(recorder, start, parent, place);
    else if (isNode(start) && parent?.graph !== undefined) this.#startNode(start, parent, parent.graph);
    else this.#keep(start.runId, this.#chain(recorder, start, parent, place));
  }

  startTool(start: RunStart & { readonly input: unknown; readonly callId: string | undefined }): void {
    const recorder = this.#options.recorder();
    if (recorder === undefined) return;
    const parent = start.parentRunId === undefined ? undefined : this.#runs.get(start.parentRunId);
    const frame = placeBelow(recorder, parent?.frame);
    const name = start.name ?? start.id.at(-1) ?? 'tool';
    const activity = recorder.startTool({
      name,
      callId: start.callId,
      mayHaveOtherId: true,
      toolType: 'function',
      arguments: inputOf(start.input),
      frame,
    });
    this.#keep(start.runId, { frame: activity.frame, activity, inGraph: parent?.inGraph, agent: parent?.agent });
  }

  /** A run ends once: later words of it are not heard. */
  end(runId: string, outcome: Outcome): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    this.#runs.delete(runId);
    const recorder = this.#options.recorder();
    if (isInterrupt(outcome.error)) run.inGraph?.interrupt();
    const { isCancelled, errorType } = endOf(outcome);
    run.graph?.end();
    const result = run.isTask === true && isCancelled ? CANCELLED : undefined;
    run.activity?.end({ errorType, attributes: { ...result, ...this.#told(recorder, run, outcome.output) } });
    if (run.graph !== undefined && recorder !== undefined) this.#waits.begin(recorder, run.graph);
  }

  #told(recorder: Recorder | undefined, run: Run, output: unknown) {
    if (recorder === undefined || output === undefined) return undefined;
    return { ...recorder.toolFacts({ result: resultOf(output) }), ...handoffIn(output, run.agent) };
  }

  #startGraph(recorder: Recorder, start: RunStart, parent: Run | undefined, place: Frame | undefined): void {
    if (start.reader !== undefined) start.reader.runId ??= start.runId;
    const name = start.name ?? DEFAULT_GRAPH_NAME;
    const isAgent = this.#isAgent(name, start, parent);
    const below = <T>(fn: () => T): T => (place === undefined ? fn() : recorder.within(place, fn));
    const isOuter = parent?.inGraph === undefined;
    // A graph without a name in a node of another is a part of that node.
    const activity = isAgent ? below(() => recorder.startAgent(name)) : isOuter ? below(() => recorder.startWorkflow(name)) : undefined;
    const frame = activity?.frame ?? place;
    const graph = new GraphRun({ recorder, frame, around: place, isOuter, startTime: activity?.startTime ?? recorder.now() });
    this.#keep(start.runId, { frame, activity, graph, inGraph: graph, agent: isAgent ? name : parent?.agent });
  }

  #isAgent(name: string, { metadata }: RunStart, parent: Run | undefined): boolean {
    if (metadata['lc_agent_name'] === name || this.#options.agentNames.has(name)) return true;
    return parent?.inGraph !== undefined && name !== DEFAULT_GRAPH_NAME;
  }

  #startNode({ runId, metadata, name = 'node' }: RunStart, parent: Run, graph: GraphRun): void {
    const thread = textIn(metadata['thread_id']);
    if (graph.isOuter && graph.thread === undefined && thread !== undefined) {
      graph.thread = thread;
      parent.activity?.set({ [ATTR_GEN_AI_CONVERSATION_ID]: thread });
      this.#waits.end(thread, graph.startTime);
    }
    const namespace = textIn(metadata['langgraph_checkpoint_ns']);
    const triggers = metadata['langgraph_triggers'];
    const activity = graph.startTask({
      name,
      step: Number(metadata['langgraph_step']),
      id: namespace?.slice(namespace.lastIndexOf(':') + 1),
      attributes: {
        [ATTR_SWARMSCOPE_TASK_CHECKPOINT_NAMESPACE]: namespace,
        [ATTR_SWARMSCOPE_TASK_TRIGGERS]: Array.isArray(triggers) ? triggers.map(String) : undefined,
      },
    });
    this.#keep(runId, { frame: activity.frame, activity, inGraph: graph, agent: parent.agent, isTask: true });
  }

  #chain(recorder: Recorder, { id, name, parentRunId }: RunStart, parent: Run | undefined, place: Frame | undefined): Run {
    const below = <T>(fn: () => T): T => (place === undefined ? fn() : recorder.within(place, fn));
    const kind = id.at(-1);
    const around = { inGraph: parent?.inGraph, agent: parent?.agent };
    if (kind === 'AgentExecutor') {
      const agent = name ?? kind;
      const activity = below(() => recorder.startAgent(agent));
      return { ...around, frame: activity.frame, activity, agent };
    }
    // A chain that its author has named.
    const isNamed = parentRunId === undefined && kind?.startsWith('Runnable') === true && name !== undefined && name !== kind;
    if (!isNamed) return { ...around, frame: place };
    const activity = below(() => recorder.startWorkflow(name));
    return { ...around, frame: activity.frame, activity };
  }

  #keep(runId: string, run: Run): void {
    if (this.#runs.size >= MAX_RUNS) for (const oldest of this.#runs.keys()) if (this.#runs.delete(oldest)) break;
    this.#runs.set(runId, run);
  }
}

/** Its metadata is inherited by all that runs in it: a node has the name as well. */
function isNode({ name, metadata, tags }: RunStart): boolean {
  return name !== undefined && metadata['langgraph_node'] === name && !tags.includes(HIDDEN);
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
