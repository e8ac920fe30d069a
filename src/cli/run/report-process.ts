/** The report of a large run, made by a process of its own: what it takes in memory and time is not taken from the run. */
import { spawn } from 'node:child_process';
import { freemem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startedWith } from '../../config/started-with.ts';
import { appendLine } from '../../config/write-whole.ts';
import type { Destination } from '../report/deliver.ts';
import { say } from '../streams.ts';

const MiB = 1024 ** 2;
/** 600,000 spans take 30 s on a busy machine; nobody waits for longer without being told. */
const MAX_MS = 120_000;
/** What a process of Node takes beside its heap: its code, the youngest objects, pages of SQLite. */
const BESIDE_HEAP_MIB = 112;
/** Below it a report of any size fails; above it only time is won. */
const HEAP_MIB = { least: 64, most: 4_096 };
/** Warnings of the report's process that are handed on. */
const MAX_WARNINGS = 16_384;

/** Its text goes to our standard error. Resolves with why there is no report, or undefined. Never rejects. */
export function reportByProcess(runId: string, { jsonFile, reportFile }: Destination): Promise<string | undefined> {
  return new Promise((resolve) => {
    const json = jsonFile === undefined ? [] : ['--json', jsonFile];
    const args = [...heapFlag(), fileURLToPath(new URL('./cli.mjs', import.meta.url)), 'report', runId];
    const child = spawn(process.execPath, [...args, '--report', reportFile ?? '-', ...json], {
      stdio: ['ignore', 2, 'pipe'],
      env: startedWith,
    });
    if (child.pid !== undefined) offerToKernel(child.pid);
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, MAX_MS);
    let warnings = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (warnings.length < MAX_WARNINGS) warnings += text;
    });
    const finish = (why: string | undefined): void => {
      clearTimeout(timer);
      process.removeListener('exit', end);
      resolve(why);
    };
    child.once('error', (error) => finish(error.message));
    child.once('close', (code, signal) => {
      // A report was made, though perhaps not every file could be written: its warnings say which.
      if (code === 0 || (code === 1 && warnings.includes('Cannot write'))) {
        say(warnings);
        finish(undefined);
      } else if (isLate) finish(`it took longer than ${MAX_MS / 1000} s`);
      else finish(signal === null && code !== 134 ? firstLine(warnings, code) : 'its process ran out of memory');
    });
  });
}

/** What fits into the memory that is left to us; where the user has set a limit, it holds. */
function heapFlag(): string[] {
  if (/--max[-_]old[-_]space[-_]size/.test(startedWith['NODE_OPTIONS'] ?? '')) return [];
  // Without a limit it is a number beyond all memory.
  const limit = (process.constrainedMemory() || Infinity) - process.memoryUsage.rss();
  const mebibytes = Math.floor(Math.min(limit, freemem()) / MiB) - BESIDE_HEAP_MIB;
  return [`--max-old-space-size=${Math.min(HEAP_MIB.most, Math.max(HEAP_MIB.least, mebibytes))}`];
}

/** Where memory runs out, the kernel ends the process with the highest score, and not the one that holds the exit code. */
function offerToKernel(pid: number): void {
  try {
    appendLine(`/proc/${pid}/oom_score_adj`, '1000');
  } catch {
    // Not Linux, or it is gone.
  }
}

const firstLine = (text: string, code: number | null): string => text.split('\n', 1)[0] || `its process ended with ${String(code)}`;
