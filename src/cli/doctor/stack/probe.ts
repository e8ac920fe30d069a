/** Checks whether a program of the stack answers, is the program that it should be, and is ready. */
import { ask, type Answer } from './ask.ts';
import { until, type Patience } from './await.ts';
import { note, ok, problem, unanswered, type StackFinding } from './finding.ts';
import { PARTS, partOf, type PartName, type Places } from './parts.ts';

export interface Probed {
  readonly finding: StackFinding;
  /** Whether the right program answers and is ready. */
  readonly isThere: boolean;
}

/** With a larger difference between the clocks, rules and queries about the last minutes are wrong. */
const MAX_CLOCK_MS = 15_000;

/** Probes a part that has an `identity`. */
export async function probe(name: PartName, places: Places, patience: Patience): Promise<Probed> {
  const { identity, readyPath, isOptional, title } = partOf(name);
  const base = places.urls[name];
  const answer = await ask({ base, path: identity?.path ?? '/' });
  if (identity?.sign.test(answer.text) !== true) return { finding: absent(name, answer, places, isOptional === true), isThere: false };
  if (answer.status !== 200) {
    return { finding: problem(name, `it says that it is not well (${answer.status})`, logOf(name)), isThere: false };
  }
  if (readyPath !== undefined) {
    const ready = await until(
      patience,
      () => ask({ base, path: readyPath }),
      ({ status }) => status === 200,
    );
    if (ready.status !== 200) return { finding: notReady(name, ready, patience), isThere: false };
  }
  const aheadMs = answer.clockAheadMs ?? 0;
  if (Math.abs(aheadMs) > MAX_CLOCK_MS) {
    const text = `its clock is ${Math.round(Math.abs(aheadMs) / 1_000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's: points and rules miss each other`;
    return { finding: problem(name, text, 'synchronise both clocks'), isThere: true };
  }
  return { finding: ok(name, `${title === 'Grafana' ? 'there' : 'there and ready'}${versionOf(answer.text)}`), isThere: true };
}

function absent(name: PartName, answer: Answer, places: Places, isOptional: boolean): StackFinding {
  const finding = unanswered(name, name, answer, places);
  if (places.named.has(name)) return finding;
  if (isOptional) return note(name, `${finding.text}; the rest works without it`, finding.next);
  // Older compose files do not publish this port, and other deployments need not publish it.
  if (name === 'collectorTelemetry' && answer.problem === 'ECONNREFUSED')
    return note(
      name,
      `${finding.text}: what waits inside the collector cannot be told`,
      `swarmscope doctor --stack --${PARTS.collectorTelemetry.flag.name} URL`,
    );
  return finding;
}

function notReady(name: PartName, { text, status }: Answer, { seconds }: Patience): StackFinding {
  const says = text.trim().split('\n', 1)[0] ?? '';
  return problem(name, `not ready within ${seconds} s (${status}${says === '' ? '' : `: ${says}`})`, logOf(name));
}

const logOf = (name: PartName): string => `docker compose logs ${partOf(name).service}`;

/** Empty where the answer names no version: programs that were built from source may have none. */
function versionOf(text: string): string {
  const version = /"version":\s*"([\w.+-]{1,40})"/.exec(text)?.[1];
  return version === undefined ? '' : `, version ${version}`;
}
