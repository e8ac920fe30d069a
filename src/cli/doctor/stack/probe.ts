/** Checks whether a program of the stack answers, is the program that it should be, and is ready. */
import { ask, type Answer } from './ask.ts';
import { until, type Patience } from './await.ts';
import { note, ok, problem, unanswered, type StackFinding } from './finding.ts';
import { partOf, to, type PartName, type Places } from './parts.ts';

export interface Probed {
  readonly finding: StackFinding;
  /** Whether the right program answers and is ready. */
  readonly isThere: boolean;
}

/** With a larger difference between the clocks, rules and queries about the last minutes are wrong. */
const MAX_CLOCK_MS = 15_000;

/** Probes a part that has an `identity`. One that is behind a Grafana which cannot be asked may still have a port of its own. */
export async function probe(name: PartName, places: Places, patience: Patience, isClosed = false): Promise<Probed> {
  const { identity, readyPath } = partOf(name);
  const answer = await ask(to(name, places, identity?.path ?? '/'));
  if (identity?.sign.test(answer.text) !== true) {
    const absent = isClosed ? note(name, 'it is asked through Grafana, which cannot be asked') : unanswered(name, name, answer, places);
    return { finding: absent, isThere: false };
  }
  if (answer.status !== 200) {
    return { finding: problem(name, `it says that it is not well (${answer.status})`, logOf(name)), isThere: false };
  }
  if (readyPath !== undefined) {
    const ready = await until(
      patience,
      () => ask(to(name, places, readyPath)),
      ({ status }) => status === 200 || status === 404,
    );
    // A store of another make that speaks the API of Prometheus may have no such path.
    if (ready.status !== 200 && ready.status !== 404) return { finding: notReady(name, ready, patience), isThere: false };
  }
  const aheadMs = answer.clockAheadMs ?? 0;
  if (Math.abs(aheadMs) > MAX_CLOCK_MS) {
    const text = `its clock is ${Math.round(Math.abs(aheadMs) / 1_000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's: points and rules miss each other`;
    return { finding: problem(name, text, 'synchronise both clocks'), isThere: true };
  }
  return { finding: ok(name, `there and ready${versionOf(answer.text)}`), isThere: true };
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
