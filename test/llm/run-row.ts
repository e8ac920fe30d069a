/** Runs the modes of one row in a process of its own, and sorts its calls by mode. */
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpanRow } from '../../src/analysis/model.ts';
import { ATTR_SERVER_PORT } from '../../src/semconv/index.ts';
import { observe, type Seen } from '../e2e/programs.ts';
import { startFront } from './front.ts';
import { installLlmSdks } from './install.ts';
import { isInference } from './judge.ts';
import type { Row } from './matrix.ts';

export interface RowSeen {
  readonly seen: Seen;
  /** What the program got, by mode. */
  readonly told: Readonly<Record<string, unknown>>;
  /** Its inferences in the order in which they began, by mode. */
  readonly calls: ReadonlyMap<string, readonly SpanRow[]>;
  /** Inferences of no mode: there must be none. */
  readonly stray: readonly SpanRow[];
}

/** A folder that holds the programs beside the SDKs. */
export function programsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'swarmscope-llm-'));
  symlinkSync(installLlmSdks(), join(folder, 'node_modules'));
  cpSync(join(import.meta.dirname, 'programs'), folder, { recursive: true });
  return folder;
}

export async function runRow(row: Row, folder: string, target: string): Promise<RowSeen> {
  const { sdk, packages, model, embedder, settings } = row;
  const front = await startFront(target, row.modes, row.isHttp2);
  try {
    const env = row.service === undefined ? {} : { SWARMSCOPE_LLM_SERVICES: `127.0.0.1=@${row.service}` };
    const argument = JSON.stringify({ sdk, packages, model, embedder, ...settings, urls: front.urls, control: front.control });
    const options = { file: join(folder, 'modes.mjs'), args: [argument], env };
    const seen = await observe(row.way ?? 'with the preload alone', options);
    const calls = new Map<string, SpanRow[]>(row.modes.map(({ name }) => [name, []]));
    const stray: SpanRow[] = [];
    for (const span of seen.spans.filter(isInference).toSorted((one, other) => one.startMs - other.startMs)) {
      const mode = front.modeOfPort.get(Number(span.attributes[ATTR_SERVER_PORT]));
      (calls.get(mode ?? '') ?? stray).push(span);
    }
    return { seen, told: toldBy(seen), calls, stray };
  } finally {
    front.close();
  }
}

function toldBy({ stdout, stderr, code, signal, ms }: Seen): Record<string, unknown> {
  try {
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch (cause) {
    throw new Error(`the program printed no JSON (code ${String(code)}, signal ${String(signal)}, ${String(ms)} ms): ${stdout}${stderr}`, {
      cause,
    });
  }
}
