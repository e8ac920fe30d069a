/** What the spans of a record say of the run as a whole: when it was, what it is called, how many traces it has. */
import type { RunRow, SpanRow } from '../../analysis/model.ts';
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_WORKFLOW_NAME,
  ATTR_SWARMSCOPE_RUN_ID,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
} from '../../semconv/index.ts';

/** Traces that are counted; more are counted as so many. */
const MAX_TRACES = 1_000_000;

export class Window {
  #startMs = Infinity;
  #endMs = -Infinity;
  readonly #traces = new Set<string>();
  readonly #runs = new Map<string, string>();
  #name: string | undefined;
  #isRootEnded = false;

  get traces(): number {
    return this.#traces.size;
  }

  add(spans: readonly SpanRow[]): void {
    for (const span of spans) {
      this.#startMs = Math.min(this.#startMs, span.startMs);
      this.#endMs = Math.max(this.#endMs, span.endMs ?? span.startMs);
      if (this.#traces.size < MAX_TRACES) this.#traces.add(span.traceId);
      this.#tellRun(span);
    }
  }

  #tellRun({ attributes, name, endMs }: SpanRow): void {
    const id = attributes[ATTR_SWARMSCOPE_RUN_ID];
    if (attributes[ATTR_GEN_AI_OPERATION_NAME] !== GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW) return;
    if (endMs !== undefined) this.#isRootEnded = true;
    const workflow = attributes[ATTR_GEN_AI_WORKFLOW_NAME];
    this.#name ??= typeof workflow === 'string' ? workflow : name.replace(/^invoke_workflow /, '');
    if (typeof id === 'string') this.#runs.set(id, this.#name);
  }

  /** Without a span of a run it is named after its file. Its exit code is not known. It is cut off where something in it is and its root did not end. */
  run(fileName: string, isAnyOpen: boolean): RunRow {
    const [id, ...others] = this.#runs.keys();
    const startMs = Number.isFinite(this.#startMs) ? this.#startMs : 0;
    return {
      id: id === undefined || others.length > 0 ? 'import' : id,
      name: this.#name ?? fileName.replace(/(?:\.(?:json|jsonl|ndjson|pb|gz|zst))+$/i, ''),
      command: '',
      startMs,
      endMs: isAnyOpen && !this.#isRootEnded ? undefined : Math.max(startMs, this.#endMs),
      exitCode: undefined,
      signal: undefined,
    };
  }
}
