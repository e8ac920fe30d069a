/** What `doctor` concludes from settings and the last processes' status files. Pure. */
import type { Settings } from '../../config/settings.ts';
import type { SpoolSummary } from '../../otlp/spool/index.ts';
import type { ProcessStatus } from '../../sdk/supervisor.ts';
import { ofCardinality } from './cardinality.ts';
import type { Finding } from './finding.ts';
import { ofGit } from './git.ts';
import { ofSpool, ofSpoolCounters } from './spool-findings.ts';

const SIGNALS = ['traces', 'metrics', 'logs'] as const;

export function findingsOf(
  settings: Settings,
  statuses: readonly ProcessStatus[],
  facts: { hasGit: boolean; hasGpu: boolean; runs: number; spool?: SpoolSummary },
): Finding[] {
  const findings = ofSettings(settings);
  if (!facts.hasGit) findings.push({ level: 'note', text: 'git is not on the PATH: no git commands will be seen.' });
  findings.push({
    level: 'note',
    text: facts.hasGpu ? 'An NVIDIA GPU is present: its memory and use are sampled.' : 'No NVIDIA GPU: no GPU gauges.',
  });
  if (facts.spool !== undefined) findings.push(...ofSpool(facts.spool, Date.now()));
  if (statuses.length === 0) {
    findings.push({
      level: 'problem',
      text: 'No process has recorded anything yet.',
      next:
        facts.runs === 0 ? 'swarmscope run -- node swarm.js' : 'check that the program makes LLM calls, starts children or uses the API',
    });
    return findings;
  }
  for (const status of statuses) findings.push(...ofProcess(status));
  return findings;
}

/** Settings with a bad value or an unknown name. */
export function ofSettings(settings: Settings): Finding[] {
  return settings.problems.map(({ env, expected, received }) => ({
    level: 'problem',
    text: `${env}: expected ${expected}, received ${received}`,
    next: `unset ${env}, or set it to ${expected}`,
  }));
}

function ofProcess(status: ProcessStatus): Finding[] {
  const name = `${status.serviceName} (pid ${status.pid})`;
  const findings: Finding[] = [];
  for (const signal of SIGNALS) {
    const tally = status.signals[signal];
    if ((tally.spooled ?? 0) > 0)
      findings.push({
        level: 'note',
        text: `${name}: ${tally.spooled} ${signal} were kept on disk: ${status.endpoints[signal]} could not be reached (${tally.lastAnswer?.text ?? 'no answer'})`,
      });
    const dropped = Object.entries(tally.dropped);
    const total = dropped.reduce((sum, [, count]) => sum + count, 0);
    if (total > 0) {
      const reasons = dropped.map(([reason, count]) => `${count} ${reason}`).join(', ');
      findings.push({
        level: 'problem',
        text: `${name}: ${total} ${signal} lost on the way to ${status.endpoints[signal]} (${reasons})`,
        next: adviceFor(
          dropped.map(([reason]) => reason),
          status.endpoints[signal],
        ),
      });
    }
  }
  findings.push(...ofSpoolCounters(name, status.counters));
  findings.push(...ofCardinality(name, status.counters));
  for (const [part, { isOn, why }] of Object.entries(status.observers)) if (!isOn) findings.push(ofPart(name, part, why));
  for (const { env, expected, received } of status.problems)
    findings.push({ level: 'problem', text: `${name}: ${env}: expected ${expected}, received ${received}` });
  if (findings.length === 0)
    findings.push({
      level: 'ok',
      text: `${name}: ${SIGNALS.map((signal) => `${status.signals[signal].sent} ${signal}`).join(', ')} sent, nothing lost`,
    });
  findings.push(...ofGit(name, status.counters));
  return findings;
}

/** What is off beside observers, in words of its own. */
const PARTS: Readonly<Record<string, { readonly means: string; readonly next: string }>> = {
  SWARMSCOPE_PRICES: {
    means: 'your own prices are not used, the built-in ones are',
    next: 'mend the file that SWARMSCOPE_PRICES names',
  },
  'child-process.preload-copy': {
    means: 'child processes were not watched: the preload could not be copied for them',
    next: 'set XDG_CACHE_HOME to a folder that can be written',
  },
  recorder: { means: 'nothing was recorded', next: 'report this fault of ours, with this line' },
  recording: { means: 'something was not recorded', next: 'report this fault of ours, with this line' },
};

/** `why` comes from the process's status file. */
function ofPart(process: string, part: string, why: string): Finding {
  if (why === 'SWARMSCOPE_OBSERVERS_OFF')
    return { level: 'note', text: `${process}: observer ${part} is off, as SWARMSCOPE_OBSERVERS_OFF asks` };
  const known = Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
  return known === undefined
    ? {
        level: 'problem',
        text: `${process}: observer ${part} switched itself off: ${why}`,
        next: 'report this fault of ours, with this line',
      }
    : { level: 'problem', text: `${process}: ${known.means} (${why})`, next: known.next };
}

/** The next command for the usual reasons of loss. */
function adviceFor(reasons: readonly string[], endpoint: string): string {
  const all = reasons.join(' ');
  if (/ECONNREFUSED/.test(all))
    return `nothing listens at ${endpoint}: start your collector there, or use the embedded one: swarmscope run -- node swarm.js`;
  if (/ENOTFOUND|EAI_AGAIN/.test(all)) return `the host of ${endpoint} has no address: check OTEL_EXPORTER_OTLP_ENDPOINT`;
  if (/http_40[13]\b/.test(all)) return 'the endpoint refuses our credentials: check OTEL_EXPORTER_OTLP_HEADERS';
  if (/http_4(?:00|04|05|15)\b/.test(all))
    return 'the endpoint does not understand us: try OTEL_EXPORTER_OTLP_PROTOCOL=http/json, and that the URL is an OTLP/HTTP one (4318, not 4317)';
  if (/timeout/.test(all)) return `the endpoint is slow or hangs: curl -i -X POST ${endpoint}`;
  return `curl -i -X POST ${endpoint}`;
}
