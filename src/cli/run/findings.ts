/** While a run goes on: looks at what goes wrong, and tells it as log records and to the command of `--notify`. */
import {
  findingRecord,
  readThresholds,
  type LeftProcess,
  type LiveChange,
  type LiveFindings,
  type RunRow,
  type Surroundings,
} from '../../analysis/index.ts';
import { runClock } from '../../config/run-clock.ts';
import type { Settings } from '../../config/settings/index.ts';
import { leftBehind, type ProcessTree } from '../../processes/index.ts';
import type { Supervisor } from '../../sdk/supervisor.ts';
import type { Store } from '../../viewer/index.ts';
import { warn } from '../streams.ts';
import { startNotifier } from './notify.ts';

export interface Telling {
  /** Withdraws what still holds, and waits for the commands that are under way. Never rejects. */
  finish(): Promise<void>;
}

export interface TellingOptions {
  readonly findings: LiveFindings;
  readonly run: Pick<RunRow, 'id' | 'name'>;
  readonly store: Pick<Store, 'addLosses'>;
  readonly supervisor: Pick<Supervisor, 'tell'>;
  /** Absent: nothing is known of silent agents and of what they leave behind. */
  readonly processes: Pick<ProcessTree, 'silent' | 'all' | 'find'> | undefined;
  readonly settings: Pick<Settings, 'notifyTimeoutMs'>;
  /** Called when something was raised or withdrawn. */
  readonly onChange: () => void;
  /** A shell command line. */
  readonly command: string | undefined;
}

const LOOK_MS = 1_000;

/** Of a setting that cannot be used the default holds, which is said. */
export function thresholdsOf({ findings }: Pick<Settings, 'findings'>): ReturnType<typeof readThresholds>['thresholds'] {
  const { thresholds, problems } = readThresholds(findings);
  for (const { kind, expected, received } of problems)
    warn(`SWARMSCOPE_FINDINGS, ${kind}: expected ${expected}, received ${received}; the default is used.`);
  return thresholds;
}

export function tellFindings({ findings, run, store, supervisor, processes, settings, onChange, command }: TellingOptions): Telling {
  const notifier = command === undefined ? undefined : startNotifier({ command, run, timeoutMs: settings.notifyTimeoutMs });
  const tell = (changes: readonly LiveChange[]): void => {
    for (const change of changes) {
      supervisor.tell(findingRecord(change));
      notifier?.tell(change);
    }
    if (changes.length > 0) onChange();
  };
  let isFaulty = false;
  const guarded = (look: () => LiveChange[]): void => {
    if (isFaulty) return;
    try {
      tell(look());
    } catch (error) {
      // A fault in our looking must not end the run.
      isFaulty = true;
      warn(`What goes wrong is no longer told (a fault of ours: ${String(error)}).`);
    }
  };
  const timer = setInterval(() => guarded(() => findings.look(runClock.now(), surroundingsOf(processes))), LOOK_MS);
  return {
    async finish() {
      clearInterval(timer);
      guarded(() => findings.end(runClock.now()));
      const { failed, dropped } = (await notifier?.finish()) ?? { failed: 0, dropped: 0 };
      if (failed > 0) store.addLosses({ 'notify.failed': failed });
      if (dropped > 0) store.addLosses({ 'notify.dropped': dropped });
    },
  };
}

function surroundingsOf(processes: TellingOptions['processes']): Surroundings | undefined {
  if (processes === undefined) return undefined;
  return {
    silent: processes.silent(),
    left: leftBehind(processes.all()).map(({ process, starter, isStarterAgent, starterEndMs }): LeftProcess => {
      const { pid, startMs, facts, place } = process;
      const { executable, agentName } = facts;
      return {
        ...{ pid, startMs, executable, agentName, place, isStarterAgent, starterEndMs },
        starter: starter.facts.agentName ?? starter.facts.executable,
      };
    }),
    isGone: (pid) => processes.find(pid)?.endMs !== undefined,
  };
}
