/** Tool calls that the model asked for and whose results have not been sent back yet: what lies between is the tool at work. */
import type { EpochMs } from '../../semconv/telemetry.ts';

/** Calls waiting for their result; agents that drop a call must not fill the memory. Oldest go first. */
const MAX_WAITING = 2_048;

export interface AskedTool {
  readonly name: string;
  readonly callId: string;
  /** When the answer that asked was complete. */
  readonly at: EpochMs;
}

export class ToolGaps {
  readonly #waiting = new Map<string, AskedTool>();

  asked(tool: AskedTool): void {
    if (tool.callId === '') return;
    this.#waiting.set(tool.callId, tool);
    if (this.#waiting.size <= MAX_WAITING) return;
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined) this.#waiting.delete(oldest);
  }

  /** The call whose result is sent now; undefined when it is unknown, or sent again by a retry. */
  answered(callId: string): AskedTool | undefined {
    const tool = this.#waiting.get(callId);
    this.#waiting.delete(callId);
    return tool;
  }
}
