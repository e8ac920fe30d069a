/**
 * The clock of a run: the machine's clock once, at the run's first process, and from there what has really passed. All
 * processes of the run on one machine share it, so a clock that is set meanwhile moves nothing within the run.
 */
import { clock } from './originals.ts';
import { here } from './process-mark.ts';
import { startedWith, toldToThread } from './started-with.ts';

/** How children learn the clock of their run: {@link clockText}. */
export const CLOCK_VARIABLE = 'SWARMSCOPE_CLOCK';
/** Under this key threads started later find the same. */
export const CLOCK_KEY = 'swarmscope.clock.1';
const KEY = Symbol.for(CLOCK_KEY);
/** The clock was set, or the machine slept, when its clock and ours differ by more; a busy machine makes less of it. */
export const STEP_MS = 250;
const HELD = 'held';

interface Shared {
  /** Epoch ms at which `performance.now()` was 0. */
  readonly originMs: number;
  /** Epoch ms at which the machine's monotonic clock was 0: the same in all processes of the run. */
  readonly bootMs: number;
  /** Never put forward or back: the run ends with its trace, as under `swarmscope run`. */
  isHeld: boolean;
}

let shared: Shared | undefined;

export const runClock = {
  /** Milliseconds since the epoch that only grow; the same in all processes of the run. */
  now: (): number => share().originMs + performance.now(),
  /** When this process or thread started. */
  origin: (): number => share().originMs,
  /** For a run with one report: all of it is told by one clock. */
  hold: (): void => void (share().isHeld = true),
};

/** One for all bundles, which have copies of this module. */
function share(): Shared {
  if (shared !== undefined) return shared;
  const holder = globalThis as { [KEY]?: Shared };
  const value = holder[KEY] ?? readClock() ?? ownClock();
  if (holder[KEY] === undefined) Object.defineProperty(holder, KEY, { value, configurable: true, enumerable: false });
  return (shared = value);
}

/** Of the process or the thread that started this one, where both count from the same start of the machine. */
function readClock(): Shared | undefined {
  const told = toldToThread(CLOCK_KEY);
  const text = typeof told === 'string' ? told : (startedWith[CLOCK_VARIABLE] ?? '');
  const [, bootMs, machine, held] = /^(-?\d{1,15}\.\d{3}) ([\w-]*)( held)?$/.exec(text) ?? [];
  if (bootMs === undefined || (told === undefined && (machine === '' || machine !== machineOf()))) return undefined;
  return { originMs: Number(bootMs) + startMs(), bootMs: Number(bootMs), isHeld: held !== undefined };
}

function ownClock(): Shared {
  return { originMs: performance.timeOrigin, bootMs: performance.timeOrigin - startMs(), isHeld: false };
}

/** When `performance.now()` was 0, by the machine's monotonic clock: the closest of some readings, as a process may wait. */
function startMs(): number {
  let best = { gapMs: Infinity, startMs: 0 };
  for (let readings = 0; readings < 4; readings++) {
    const before = performance.now();
    const [seconds, nanoseconds] = process.hrtime();
    const gapMs = performance.now() - before;
    if (gapMs < best.gapMs) best = { gapMs, startMs: seconds * 1_000 + nanoseconds / 1e6 - before - gapMs / 2 };
  }
  return best.startMs;
}

/**
 * The clock of the run for a child: the epoch ms at which the machine's monotonic clock was 0, and which machine that
 * is. `shiftMs` is that of the trace in which the child works.
 */
export function clockText(shiftMs = 0): string {
  const { bootMs, isHeld } = share();
  return `${(bootMs + shiftMs).toFixed(3)} ${machineOf()}${isHeld ? ` ${HELD}` : ''}`;
}

/** What such a text, told by another process or thread, adds to our clock in its trace. 0 where it cannot be compared. */
export function shiftOf(text: string | undefined): number {
  const [, bootMs, machine] = /^(-?\d{1,15}\.\d{3}) ([\w-]*)(?: held)?$/.exec(text ?? '') ?? [];
  return bootMs === undefined || machine !== machineOf() ? 0 : Number(bootMs) - share().bootMs;
}

let shiftMs = 0;

/**
 * What to add to {@link runClock} in a trace that begins now, so that a program that runs for weeks does not drift from
 * the machine's clock. Within a trace it stays: no duration is ever changed by it.
 */
export function shiftNow(): number {
  if (share().isHeld) return 0;
  const aheadMs = clock.now() - runClock.now();
  if (Math.abs(aheadMs - shiftMs) > STEP_MS) shiftMs = aheadMs;
  return shiftMs;
}

/** A time that the program has just read from the machine's clock, on the clock of the run. */
export function onRunClock(machineMs: number): number {
  const aheadMs = clock.now() - runClock.now();
  return Math.abs(aheadMs) > STEP_MS ? machineMs - aheadMs : machineMs;
}

/** Processes with the same text count their time from the same moment. Empty where that cannot be known. */
function machineOf(): string {
  const { boot, time } = here();
  return boot === undefined ? '' : `${boot.slice(0, 8)}-${/\d+/.exec(time ?? '')?.[0] ?? ''}`;
}
