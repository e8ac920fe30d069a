/** Which tool calls were recorded by the app itself, so that the wire does not tell them a second time. */
import { cutText } from '../semconv/cut-text.ts';
import { ATTR_SWARMSCOPE_TOOL_INFERRED } from '../semconv/index.ts';
import type { EpochMs } from '../semconv/telemetry.ts';
import type { ToolCallStart } from './types.ts';

/** Calls remembered; older ones are forgotten first. */
const MAX_CLAIMS = 1_024;
/** Of a name or an id; with the number of claims they bound what is held to 2 MiB. */
const MAX_CHARACTERS = 512;

type Claim = Pick<ToolCallStart, 'name' | 'callId' | 'mayHaveOtherId' | 'attributes'>;

export class ToolClaims {
  readonly #ids = new Set<string>();
  /** Last start of each tool's name: for calls recorded without an id. */
  readonly #names = new Map<string, EpochMs>();
  readonly #now: () => EpochMs;

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  get size(): number {
    return this.#ids.size + this.#names.size;
  }

  /** What the wire tells of itself claims nothing: another conversation may use the same id. */
  claim({ name, callId, mayHaveOtherId = false, attributes }: Claim): void {
    if (attributes?.[ATTR_SWARMSCOPE_TOOL_INFERRED] === true) return;
    if (callId === undefined || mayHaveOtherId) remember(this.#names, () => this.#names.set(cutText(name, MAX_CHARACTERS), this.#now()));
    if (callId !== undefined) remember(this.#ids, () => this.#ids.add(cutText(callId, MAX_CHARACTERS)));
  }

  isClaimed({ name, callId, since }: { name: string; callId: string; since: EpochMs }): boolean {
    return this.#ids.has(cutText(callId, MAX_CHARACTERS)) || this.isNamed(name, since);
  }

  /** Recorded by its name alone. */
  isNamed(name: string, since: EpochMs): boolean {
    return (this.#names.get(cutText(name, MAX_CHARACTERS)) ?? -Infinity) >= since;
  }
}

function remember(kept: Set<string> | Map<string, EpochMs>, add: () => void): void {
  add();
  if (kept.size <= MAX_CLAIMS) return;
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    return;
  }
}
