/** What was not seen of the run, and what to do about it. It stands first: it is the measure of all that follows. */
import type { Language, RunReport } from '../../../analysis/index.ts';
import { count, duration, percent, plural } from '../numbers.ts';
import { MAX_ROWS, type Section } from '../section.ts';
import { clean, wrap, type Style } from '../style.ts';

export const observation: Section = { title: 'Not seen', lines };

/** Where less of the wall time is unobserved, the start of a process explains it. */
const NOTABLE_SHARE = 0.05;

function lines({ observation: all, missing, run, usage, imported }: RunReport, style: Style): string[] {
  const { isNothingSeen, isSwarmSeen, unseen, uncounted, unobservedMs, languages } = all;
  const isLost = missing !== undefined && missing.spans > 0;
  const share = run.wallMs > 0 ? unobservedMs / run.wallMs : 0;
  const printed: string[] = [];
  // What a record does not tell stands with where it was read from, and no switch of ours would have changed it.
  if (imported !== undefined && isNothingSeen) return [];
  if (isNothingSeen)
    printed.push('Nothing was seen of this run: no process of it told anything. What it did, and what it waited for, is not known.');
  else if (share >= NOTABLE_SHARE)
    printed.push(`For ${duration(unobservedMs)} (${percent(share)}) nothing was seen. What ran then is not known, and is no wait.`);
  if (!isNothingSeen && !isSwarmSeen && !isLost)
    printed.push('No task, agent or LLM call was seen. What the processes did beside starting others is not known.');
  if (unseen.count > 0) {
    const names = unseen.byName.slice(0, MAX_ROWS).map(({ name, count: times }) => `${clean(name)} x ${count(times)}`);
    printed.push(`${plural(unseen.count, 'process', 'processes')} told nothing: ${names.join(', ')}.`);
  }
  if (uncounted.length > 0) {
    const names = uncounted.slice(0, MAX_ROWS).map((name) => clean(name));
    printed.push(`The PATH leads to ${names.join(', ')}. How many such processes ran is not known.`);
  }
  if (printed.length === 0 || imported !== undefined) return printed.flatMap((text) => wrap(text, style.width));
  const mayBeNode = languages.length === 0 || languages.includes('Node');
  const isOfNode = unseen.count > 0 || uncounted.length > 0 || (mayBeNode && (isNothingSeen || (!isSwarmSeen && !isLost)));
  if (isOfNode) printed.push(...NODE_ADVICE);
  printed.push(...adviceOn(all, usage.calls));
  if (isOfNode) printed.push(NEXT);
  return printed.flatMap((text) => wrap(text, style.width));
}

/** What one more switch would show. */
function adviceOn({ languages, isGatewayUsed }: RunReport['observation'], calls: number): string[] {
  const packages = languages.flatMap((language) => PACKAGES[language] ?? []);
  if (!isGatewayUsed && packages.length > 0)
    return [`With swarmscope run --gateway its LLM calls are seen, without a change of the program; ${packages.join('; ')}.`];
  if (!isGatewayUsed) return [OTHERS_ADVICE];
  const none = 'No LLM call came through the gateway: a program that has the address of its provider in its code goes past it.';
  const between =
    packages.length > 0
      ? `What a program does between its LLM calls the gateway does not see; ${packages.join('; ')}.`
      : 'What a program does between its LLM calls the gateway does not see; OpenTelemetry of its own would tell it.';
  return calls === 0 ? [none, between] : [between];
}

/** What tells of a program of the language where it is installed. */
const PACKAGES: Readonly<Partial<Record<Language, string>>> = {
  Python: 'opentelemetry-instrument, with the instrumentation of a library, tells of a Python program',
  Java: "OpenTelemetry's agent tells of a Java program",
  '.NET': "OpenTelemetry's automatic instrumentation tells of a .NET program",
  Ruby: "OpenTelemetry's gems tell of a Ruby program",
  PHP: "OpenTelemetry's extension tells of a PHP program",
};

/** In the order in which it helps most often. Where calls were seen, programs of Node are seen. */
const NODE_ADVICE = [
  'A Node program is seen from Node 22.15 on (node --version), where NODE_OPTIONS reaches it: "node-options" in package.json or .npmrc takes its place.',
  'It tells something once it makes LLM calls of a protocol that is read, starts children or uses the API.',
];
const OTHERS_ADVICE =
  'Other programs are seen by git, by OpenTelemetry of their own, by the agents that they start, and with --gateway by their LLM calls.';
const NEXT = 'Next: swarmscope doctor';
