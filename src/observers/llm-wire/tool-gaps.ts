/** Tool calls that a model asked for and whose results have not been sent back yet: in between the tool runs. */
import type { EpochMs } from '../../semconv/telemetry.ts';

/** Calls that wait for their result, the newest ones; protects the memory from agents that never send a result. */
const MAX_WAITING = 2_048;

export interface AskedTool {
  readonly name: string;
  readonly callId: string;
  /** When the answer that asked for it was complete. */
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

  /** The call whose result is sent now; `undefined` for an unknown one, and for a result that a retry sends again. */
  answered(callId: string): AskedTool | undefined {
    const tool = this.#waiting.get(callId);
    this.#waiting.delete(callId);
    return tool;
  }
}
