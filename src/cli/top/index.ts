/** `swarmscope top`: the agents of this machine, once or as a table that is painted again. */
import { output } from '../output.ts';
import { print } from '../streams.ts';
import { topJson } from './json.ts';
import { openMachine, type Look, type Machine } from './machine.ts';
import { openScreen } from './screen.ts';
import { tableLines } from './text.ts';

/** Of session files in one look, so that a screen is painted soon; the rest follows with the next looks. */
const LOOK_BYTES = 16 * 1_048_576;
/** CPU is a difference: two looks, so far apart. */
const BETWEEN_MS = 500;
/** Longest time that a single answer takes for reading long files whole. */
const READ_MS = 10_000;
/** A pipe has no width. */
const PLAIN_COLUMNS = 200;

export interface TopRequest {
  readonly isOnce: boolean;
  readonly json: string | undefined;
  readonly intervalMs: number;
}

/** Resolves with the exit code. @throws SwarmscopeError `FILE` */
export async function showTop({ isOnce, json, intervalMs }: TopRequest): Promise<number> {
  const machine = openMachine();
  if (json !== undefined) {
    await output(json, topJson(await lookOnce(machine)));
    return 0;
  }
  if (isOnce || !process.stdout.isTTY) {
    const width = process.stdout.isTTY ? process.stdout.columns : PLAIN_COLUMNS;
    await print(`${tableLines(await lookOnce(machine), width).join('\n')}\n`);
    return 0;
  }
  return await refresh(machine, intervalMs);
}

async function lookOnce(machine: Machine): Promise<Look> {
  const untilMs = performance.now() + READ_MS;
  machine.look(Date.now(), LOOK_BYTES);
  await pause(BETWEEN_MS);
  let look = machine.look(Date.now(), LOOK_BYTES);
  // Sums that are whole, as long as that takes no more than some seconds; CPU stays that of the two looks.
  const shares = new Map(look.rows.map(({ pid, cpuShare }) => [pid, cpuShare]));
  while (!look.isComplete && performance.now() < untilMs) look = machine.look(Date.now(), 4 * LOOK_BYTES);
  return { ...look, rows: look.rows.map((row) => ({ ...row, cpuShare: shares.get(row.pid) ?? row.cpuShare })) };
}

async function refresh(machine: Machine, intervalMs: number): Promise<number> {
  const screen = openScreen(process.stdout, process.stdin.isTTY ? process.stdin : undefined);
  let last: Look | undefined;
  let code: number | undefined;
  const paint = (): void => {
    if (last !== undefined) screen.paint(tableLines(last, screen.columns));
  };
  screen.onChange(paint);
  const ending = screen.ended.then((ended) => (code = ended));
  try {
    while (code === undefined) {
      last = machine.look(Date.now(), LOOK_BYTES);
      paint();
      // Long files are read on soon; CPU needs two looks.
      await Promise.race([ending, pause(last.isComplete ? intervalMs : Math.min(intervalMs, BETWEEN_MS))]);
    }
  } finally {
    screen.close();
  }
  return code;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
