/**
 * `npm run bench`: measures what swarmscope costs beside no preload, a hand-written span and other tools, and holds it against
 * the gates of budgets.json. `npm run bench -- --help` says more.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtFolder } from './built.ts';
import { firstLine, gather } from './contenders.ts';
import { writePage } from './page.ts';
import { parts, scripts } from './parts.ts';
import { endProcesses } from './processes.ts';
import { missed, printed, type Result } from './result.ts';
import { removeFolders } from './temporary.ts';

const list = (of: readonly (readonly [string, string])[]): string => of.map(([name, about]) => `  ${name.padEnd(16)} ${about}`).join('\n');
const help = `npm run bench -- [PART...] [--quick] [--gate] [--write] [--no-peers] [--rounds N] [--dist FOLDER]

Without a part, all of these:
${list(Object.entries(parts).map(([name, { about }]) => [name, about]))}

When named, these scripts, which print figures of their own:
${list(Object.entries(scripts))}

  --quick          three rounds and fewer kinds: minutes, and rough
  --gate           the exit code is 1 when a gate is missed
  --write          the figures go into docs/performance.md
  --no-peers       without the other tools, which are installed into the cache folder (some 600 MB the first time)
  --rounds N       default: 9
  --dist FOLDER    an older build, and not the sources as they are now
`;

interface Asked {
  readonly words: readonly string[];
  readonly isQuick: boolean;
  readonly isGate: boolean;
  readonly isWritten: boolean;
  readonly withPeers: boolean;
  readonly rounds: number;
  readonly dist: string | undefined;
}

/** What the command line asks for; the text to print where it asks for none of it. Throws on what it does not know. */
function readArguments(args: string[]): Asked | undefined {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { help: flag, quick: flag, gate: flag, write: flag, 'no-peers': flag, rounds: { type: 'string' }, dist: { type: 'string' } },
  });
  if (values.help) return undefined;
  const unknown = positionals.filter((word) => !Object.hasOwn(parts, word) && !Object.hasOwn(scripts, word));
  if (unknown.length > 0)
    throw new Error(`there is no part "${unknown.join('", "')}"; known: ${[...Object.keys(parts), ...Object.keys(scripts)].join(', ')}`);
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 9));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number from 1 on, not "${values.rounds}"`);
  return {
    words: positionals.length === 0 ? Object.keys(parts) : positionals,
    isQuick: values.quick,
    isGate: values.gate,
    isWritten: values.write,
    withPeers: !values['no-peers'],
    rounds,
    dist: values.dist,
  };
}

const load = (): string => (loadavg()[0] ?? 0).toFixed(1);

async function measure(asked: Asked, tell: (line: string) => void, done: (result: Result) => void): Promise<void> {
  const chosen = Object.entries(parts).filter(([name]) => asked.words.includes(name));
  try {
    const folder = await builtFolder(asked.dist);
    const field = await gather(folder, { withPeers: asked.withPeers && chosen.some(([, { hasPeers }]) => hasPeers === true) });
    field.leftOut.forEach(tell);
    for (const [name, part] of chosen) {
      const notes: string[] = [];
      const loadBefore = load();
      const bench = { dist: folder, rounds: asked.rounds, isQuick: asked.isQuick, field, tell: (line: string) => void notes.push(line) };
      console.log(`\n${name}: ${part.about}`);
      try {
        const { figures, comparisons } = await part.measure(bench);
        const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`;
        const when = `${new Date().toISOString().slice(0, 16).replace('T', ' ')}, ${machine}, load ${loadBefore} to ${load()}, ${asked.rounds} rounds${asked.isQuick ? ', quick' : ''}`;
        done({ part: name, about: part.about, when, figures, comparisons, notes, isQuick: asked.isQuick });
      } catch (error) {
        done({
          part: name,
          about: part.about,
          when: '',
          figures: [],
          comparisons: [],
          notes: [...notes, `not measured: ${firstLine(error)}`],
          isQuick: asked.isQuick,
        });
      }
    }
  } finally {
    removeFolders();
  }
  for (const script of asked.words.filter((word) => Object.hasOwn(scripts, word))) {
    console.log(`\n${script}: ${scripts[script]}`);
    await once(spawn(process.execPath, [join(import.meta.dirname, `${script}.ts`)], { stdio: 'inherit' }), 'exit');
  }
}

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  if (asked === undefined) {
    console.log(help);
    return 0;
  }
  const results: Result[] = [];
  // Parts that are measured have been printed by then; what runs for the one that is not ends with us.
  const breakOff = (signal: NodeJS.Signals): void => {
    endProcesses();
    removeFolders();
    console.log(`\nbroken off by ${signal}; ${results.length} parts were measured`);
    process.off('SIGINT', breakOff).off('SIGTERM', breakOff);
    process.kill(process.pid, signal);
  };
  process.on('SIGINT', breakOff).on('SIGTERM', breakOff);
  await measure(
    asked,
    (line) => console.log(line),
    (result) => {
      results.push(result);
      console.log(printed(result));
    },
  );
  process.off('SIGINT', breakOff).off('SIGTERM', breakOff);
  const gates = results.flatMap(missed);
  console.log(
    gates.length === 0 ? '\nevery gate holds' : `\n${gates.length} gates are missed:\n${gates.map((line) => `  ${line}`).join('\n')}`,
  );
  if (asked.isWritten) await writePage(results);
  return asked.isGate && gates.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`bench: ${firstLine(error)}`);
  process.exitCode = 2;
}
