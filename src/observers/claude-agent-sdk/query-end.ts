/** When a query has ended: its process has, if it has one here, and nobody reads its messages any more. */
import type { ActivityEnd, AgentProcess } from '../../recording/types.ts';

export class QueryEnd {
  readonly process: AgentProcess;
  /** Somebody asks for messages, and may go on after the process has ended: they say how the query ended. */
  isRead = false;
  onEnd: (result: ActivityEnd) => void = () => undefined;
  #isFinished = false;
  #processEnd: ActivityEnd | undefined;
  #errorType: string | undefined;

  constructor() {
    this.process = {
      isStarted: false,
      ended: (result) => {
        this.#processEnd = result;
        if (this.#isFinished || !this.isRead) this.#end(result);
      },
    };
  }

  /** The messages have come to an end, or are left. */
  finished(errorType?: string): void {
    this.#isFinished = true;
    this.#errorType ??= errorType;
    // One that runs elsewhere (`spawnClaudeCodeProcess`) is not seen.
    if (!this.process.isStarted) this.#end({});
    else if (this.#processEnd !== undefined) this.#end(this.#processEnd);
  }

  #end(result: ActivityEnd): void {
    this.onEnd({ ...result, errorType: result.errorType ?? this.#errorType });
  }
}
