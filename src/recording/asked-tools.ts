/** What runs between an answer that asks for tools and the request that brings their results: it hangs below the tools. */
import { trace } from '@opentelemetry/api';
import type { OpenActivity } from './open-activity.ts';
import type { ToolClaims } from './tool-claims.ts';
import type { Activity, Frame, InferredToolCall, LlmCall } from './types.ts';
import type { EpochMs } from '../semconv/telemetry.ts';

/** Gaps that wait for their results, the newest ones; protects the memory from agents that never send any. */
const MAX_GAPS = 1_024;
/** The name of a shell, until it is known which tool it was. It keeps this name where that is never known. */
export const UNKNOWN_TOOL = 'between LLM calls';

/** What this needs of the recorder. */
export interface AskedToolsNeeds {
  readonly toolClaims: ToolClaims;
  now(): EpochMs;
  current(): Frame | undefined;
  startShell(parent: Frame | undefined, startTime: EpochMs | undefined): OpenActivity;
}

/** Something that runs in a gap. */
export interface Act {
  /** Where it hangs. */
  readonly frame: Frame | undefined;
  ended(endTime: EpochMs): void;
}

/** How much is known of a tool that was only asked for. */
export type Verdict =
  /** As much as ran inside; it ends when its result goes back where `endTime` is undefined. */
  | { readonly kind: 'seen'; readonly activity: OpenActivity; readonly endTime: EpochMs | undefined }
  /** No more is known than when it was asked for and when its result went back. */
  | { readonly kind: 'gap' }
  /** One gap was that of several tools. */
  | { readonly kind: 'shared'; readonly isFirst: boolean };

/** A span around what seems to be one tool. */
interface Shell {
  readonly activity: OpenActivity;
  running: number;
  lastEnd: EpochMs;
  /** More than a wait: something that the tool does. */
  isWork: boolean;
}

interface Gap {
  /** The tools that one answer asked for, by name, until they are answered. */
  readonly names: readonly string[];
  /** When the answer was complete. */
  readonly at: EpochMs;
  readonly place: Place;
  readonly shells: Shell[];
  /** While nothing else can be meant, what starts in its place belongs to it. */
  isOpen: boolean;
  /** In the order of `names`; undefined where the tool is answered already. */
  verdicts: (Verdict | undefined)[] | undefined;
}

/** A frame's span: conversations with models take place in it, at best one. */
interface Place {
  calls: number;
  gap: Gap | undefined;
  /** Several conversations at once: nobody knows whose is what starts here. */
  isShared: boolean;
}

export class AskedToolsTable {
  readonly #needs: AskedToolsNeeds;
  readonly #places = new WeakMap<object, Place>();
  readonly #gaps = new Set<Gap>();
  /** Calls under way, and the gap that was open when they began. */
  readonly #calls = new Map<Activity, { readonly place: Place; readonly before: Gap | undefined }>();
  /** Stands for the place that is below nothing. */
  readonly #nowhere = {};

  constructor(needs: AskedToolsNeeds) {
    this.#needs = needs;
  }

  get size(): number {
    return this.#gaps.size;
  }

  /** The call, and what it asks for when it ends. */
  watched(call: LlmCall): LlmCall {
    const frame = placeOf(call.activity.frame.parent);
    this.#callBegan(call.activity, frame);
    return {
      ...call,
      end: (end) => {
        const isFirst = !call.activity.isEnded;
        call.end(end);
        const { toolsCalled = [] } = end;
        if (isFirst && toolsCalled.length > 0) this.#asked(toolsCalled, frame);
      },
    };
  }

  #asked(names: readonly string[], frame: Frame | undefined): void {
    const place = this.#placeOf(frame);
    if (place.gap?.isOpen === true) place.isShared = true;
    if (place.gap !== undefined) this.#close(place.gap);
    const gap: Gap = { names, at: this.#needs.now(), place, shells: [], isOpen: !place.isShared, verdicts: undefined };
    place.gap = gap;
    this.#gaps.add(gap);
    if (this.#gaps.size <= MAX_GAPS) return;
    const [oldest] = this.#gaps;
    if (oldest !== undefined) this.#forget(oldest);
  }

  /** The first result of a gap decides about all its tools. */
  verdictOf(call: InferredToolCall): Verdict {
    const { name, startTime, frame } = call;
    const place = this.#placeOf(frame);
    let found: Gap | undefined;
    // Where several conversations share a place the answer that was complete then is meant.
    for (const gap of this.#gaps)
      if (gap.place === place && isWaiting(gap, name) && Math.abs(gap.at - startTime) < Math.abs((found?.at ?? Infinity) - startTime))
        found = gap;
    if (found === undefined) return { kind: 'gap' };
    found.verdicts ??= this.#judge(found, this.#needs.toolClaims.isClaimed({ ...call, since: startTime }));
    const index = found.names.findIndex((each, at) => each === name && found.verdicts?.[at] !== undefined);
    const verdict = found.verdicts[index];
    found.verdicts[index] = undefined;
    if (found.verdicts.every((each) => each === undefined)) this.#forget(found);
    return verdict ?? { kind: 'gap' };
  }

  #callBegan(activity: Activity, frame: Frame | undefined): void {
    const place = this.#placeOf(frame);
    this.#calls.set(activity, { place, before: place.gap });
    place.calls += 1;
    if (place.calls > 1) place.isShared = true;
  }

  /** Something starts below `given`: there, or below the tool that it belongs to. */
  act(given: Frame | undefined, kind: 'work' | 'wait', startTime: EpochMs | undefined): Act {
    const frame = given ?? this.#needs.current();
    const place = this.#placeOf(frame);
    const gap = place.gap;
    if (gap === undefined || !gap.isOpen || place.calls > 0) return { frame, ended: nothing };
    const isOne = gap.names.length === 1;
    // Of several tools nobody knows which one waits.
    if (!isOne && kind === 'wait') return { frame, ended: nothing };
    if (!isOne && gap.shells.length >= gap.names.length) {
      gap.isOpen = false;
      return { frame, ended: nothing };
    }
    const shell = (isOne ? gap.shells[0] : undefined) ?? this.#shellIn(gap, frame, kind === 'wait' ? gap.at : startTime);
    shell.running += 1;
    shell.isWork ||= kind === 'work';
    return {
      frame: shell.activity.frame,
      ended(endTime) {
        shell.running -= 1;
        shell.lastEnd = Math.max(shell.lastEnd, endTime);
      },
    };
  }

  /** An activity ends, before its sums are made: a call, or what calls and tools took place in. */
  ending(activity: OpenActivity): void {
    const gap = this.#places.get(activity.span)?.gap;
    if (gap !== undefined) this.#forget(gap);
    const call = this.#calls.get(activity);
    if (call === undefined) return;
    this.#calls.delete(activity);
    call.place.calls -= 1;
    // It brought no results: the answer was only read (a structured output), or this is another conversation.
    if (call.before !== undefined && call.before === call.place.gap) this.#close(call.before);
  }

  closeAll(): void {
    for (const gap of [...this.#gaps]) this.#forget(gap);
  }

  #placeOf(frame: Frame | undefined): Place {
    const key = (frame === undefined ? undefined : trace.getSpan(frame.context)) ?? this.#nowhere;
    let place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, (place = { calls: 0, gap: undefined, isShared: false }));
    return place;
  }

  #shellIn(gap: Gap, parent: Frame | undefined, startTime: EpochMs | undefined): Shell {
    const activity = this.#needs.startShell(parent, startTime);
    const shell: Shell = { activity, running: 0, lastEnd: activity.startTime, isWork: false };
    gap.shells.push(shell);
    return shell;
  }

  #judge(gap: Gap, isFirstClaimed: boolean): Verdict[] {
    gap.isOpen = false;
    const { names, at } = gap;
    const isClaimed = isFirstClaimed || names.some((name) => this.#needs.toolClaims.isNamed(name, at));
    const shells = isClaimed ? [] : shellsOf(gap);
    const verdicts = names.map((_name, index): Verdict => {
      const shell = shells[index];
      if (shell !== undefined) return { kind: 'seen', activity: shell.activity, endTime: shell.isWork ? endOf(shell) : undefined };
      return names.length === 1 ? { kind: 'gap' } : { kind: 'shared', isFirst: index === 0 };
    });
    if (shells.length === 0) this.#endShells(gap);
    return verdicts;
  }

  /** Nothing more belongs to it. */
  #close(gap: Gap): void {
    if (gap.verdicts !== undefined) return;
    gap.isOpen = false;
    this.#endShells(gap);
  }

  #forget(gap: Gap): void {
    this.#close(gap);
    this.#gaps.delete(gap);
    if (gap.place.gap === gap) gap.place.gap = undefined;
  }

  #endShells({ shells }: Gap): void {
    for (const shell of shells.splice(0)) shell.activity.end({ endTime: endOf(shell) });
  }
}

/**
 * One shell for each tool, where it is known which is which: there is one tool; or as many things ran as tools were
 * asked for, and they ran at once, as the program started all tools, or all tools have one name. Else none.
 */
function shellsOf({ names, shells }: Gap): readonly Shell[] {
  if (shells.length !== names.length) return [];
  if (names.length === 1) return shells;
  const isOneName = new Set(names).size === 1;
  const lastStart = Math.max(...shells.map(({ activity }) => activity.startTime));
  const isAtOnce = shells.every((shell) => shell.running > 0 || shell.lastEnd > lastStart);
  return isOneName || isAtOnce ? shells : [];
}

function isWaiting({ names, verdicts }: Gap, name: string): boolean {
  return names.some((each, index) => each === name && (verdicts === undefined || verdicts[index] !== undefined));
}

/** undefined, which means now, while something in it is still running. */
function endOf(shell: Shell): EpochMs | undefined {
  return shell.running > 0 ? undefined : shell.lastEnd;
}

/** A tool is no part of the library's span of the call that asked for it. */
export function placeOf(frame: Frame | undefined): Frame | undefined {
  let at = frame;
  while (at?.inference !== undefined) at = at.parent;
  return at;
}

function nothing(): undefined {
  return undefined;
}
