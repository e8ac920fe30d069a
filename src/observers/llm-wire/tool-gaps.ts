/** Tool calls that a model asked for and whose results have not been sent back yet: in between the tool runs. */
import type { ToolResult } from '../../protocols/facts/tool-results.ts';
import type { Frame } from '../../recording/types.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';
import type { ContextSize } from './compaction.ts';

/** Calls that wait for their result, the newest ones; protects the memory from agents that never send a result. */
const MAX_WAITING = 2_048;
/** Results remembered, so that a request that is sent again takes no other conversation's call. */
const MAX_ANSWERED = 2_048;
/** Of all that the calls are given; what comes after is not held. Protects the memory where content is captured. */
const MAX_INPUT_CHARACTERS = 4 * 1024 * 1024;
/** Of a call's id; with the number of calls it bounds what is held to some 2 MiB. Providers' ids have thirty. */
const MAX_ID_CHARACTERS = 512;

export interface AskedTool {
  readonly name: string;
  readonly callId: string;
  /** When the answer that asked for it was complete. */
  readonly at: EpochMs;
  /** Where that answer's call hangs. */
  readonly frame: Frame | undefined;
  /** The conversation before that answer. */
  readonly history: number | undefined;
  /** Keyed hash of what it is given. */
  readonly hash?: string | undefined;
  /** What it is given, as text; only where content is captured. */
  readonly input?: string | undefined;
  /** The answer, by which a later request may continue it. */
  readonly responseId?: string | undefined;
  /** How large the conversation was then. */
  readonly context?: ContextSize | undefined;
}

/** Ids are unique within a conversation at best (Kimi counts `functions.read:0` up in each), so several may wait. */
export class ToolGaps {
  readonly #waiting = new Set<AskedTool>();
  readonly #byId = new Map<string, AskedTool[]>();
  readonly #answered = new Set<string>();
  #inputCharacters = 0;

  asked(given: AskedTool): void {
    if (given.callId === '' || given.callId.length > MAX_ID_CHARACTERS) return;
    const size = given.input?.length ?? 0;
    const tool = this.#inputCharacters + size > MAX_INPUT_CHARACTERS ? { ...given, input: undefined } : given;
    this.#inputCharacters += tool.input?.length ?? 0;
    this.#waiting.add(tool);
    const sameId = this.#byId.get(tool.callId);
    if (sameId === undefined) this.#byId.set(tool.callId, [tool]);
    else sameId.push(tool);
    if (this.#waiting.size <= MAX_WAITING) return;
    const [oldest] = this.#waiting;
    if (oldest !== undefined) this.#take(oldest);
  }

  /**
   * The call whose result comes for the first time; `undefined` for an unknown one, and for a result that is cited or
   * sent again. It was asked for in the same conversation; where that was rewritten since, in the same place.
   */
  answered(result: ToolResult, frame: Frame | undefined): AskedTool | undefined {
    const sameId = this.#byId.get(result.callId) ?? this.#inPlace(result);
    if (sameId === undefined) return undefined;
    const sameName = sameId.filter(({ name }) => name === result.name);
    const waiting = sameName.length === 0 ? sameId : sameName;
    const isRepeated = this.#answered.has(answerKey(result, frame));
    const sameHistory = waiting.filter(
      ({ history, responseId }) =>
        (history !== undefined && history === result.history) || (responseId !== undefined && responseId === result.responseId),
    );
    const found =
      sameHistory.find((tool) => isSamePlace(tool.frame, frame)) ??
      (isRepeated ? undefined : (sameHistory[0] ?? (result.isLast ? nearest(waiting, frame) : undefined)));
    if (found === undefined) return undefined;
    this.#take(found);
    this.#remember(answerKey(result, frame));
    return found;
  }

  /** Of a result whose id the client made up: the call that had none, at the same place of the same conversation. */
  #inPlace({ place = '', history, ...result }: ToolResult): AskedTool[] | undefined {
    if (history === undefined || place === result.callId) return undefined;
    return this.#byId.get(place)?.filter((tool) => tool.history === history);
  }

  #take(tool: AskedTool): void {
    this.#inputCharacters -= tool.input?.length ?? 0;
    this.#waiting.delete(tool);
    const left = (this.#byId.get(tool.callId) ?? []).filter((each) => each !== tool);
    if (left.length === 0) this.#byId.delete(tool.callId);
    else this.#byId.set(tool.callId, left);
  }

  #remember(key: string): void {
    this.#answered.add(key);
    if (this.#answered.size <= MAX_ANSWERED) return;
    const [oldest] = this.#answered;
    if (oldest !== undefined) this.#answered.delete(oldest);
  }
}

function nearest(waiting: readonly AskedTool[], frame: Frame | undefined): AskedTool | undefined {
  return waiting.find((tool) => isSamePlace(tool.frame, frame)) ?? waiting[0];
}

/** The same agent or task. */
function isSamePlace(one: Frame | undefined, other: Frame | undefined): boolean {
  return one?.agent === other?.agent && one?.task === other?.task;
}

function answerKey({ callId, history, responseId }: ToolResult, frame: Frame | undefined): string {
  return `${history ?? responseId ?? ''} ${frame?.task?.id ?? ''} ${frame?.agent?.name ?? ''} ${callId}`;
}
