/** What went wrong or never ended. */
import { silenceText, type RunReport, type SilentAgent } from '../../../analysis/index.ts';
import { count, duration, plural } from '../numbers.ts';
import { refusals } from '../refusals.ts';
import { MAX_ROWS, more, type Section } from '../section.ts';
import { clean, wrap, type Style } from '../style.ts';

export const trouble: Section = { title: 'Trouble', lines };

function lines({ trouble: { errors, stopped, rateLimited, openCount, open }, git, silent, run }: RunReport, style: Style): string[] {
  const printed = silent.slice(0, MAX_ROWS).flatMap((agent) => wrap(silenceOf(agent, run.startMs), style.width));
  if (silent.length > MAX_ROWS) printed.push(...more(silent.length, 'silent agents'));
  if (rateLimited.count > 0)
    printed.push(
      ...wrap(
        `${refusals(rateLimited.reasons)}: ${duration(rateLimited.lostMs)} lost in refused attempts and the waits after them`,
        style.width,
      ),
    );
  if (git.conflicts > 0) {
    const files = git.conflictFiles === undefined ? '' : ` (${plural(git.conflictFiles, 'file')})`;
    printed.push(`  ${plural(git.conflicts, 'merge conflict')}${files}`);
  }
  if (git.lockFailures > 0) printed.push(`  ${plural(git.lockFailures, 'git command')} failed on a lock`);
  if (errors.length > 0) {
    const top = errors.slice(0, MAX_ROWS).map(({ about, count: times }) => `${clean(about)} x ${count(times)}`);
    printed.push(...wrap(`errors: ${top.join(', ')}${errors.length > MAX_ROWS ? ', ...' : ''}`, style.width));
  }
  if (stopped.length > 0) {
    const each = stopped.map(({ signal, count: times }) => `${clean(signal)} x ${count(times)}`);
    printed.push(...wrap(`stopped on purpose, no errors: ${each.join(', ')}`, style.width));
  }
  if (openCount > 0) {
    printed.push(`  ${plural(openCount, 'span')} never ended, oldest first:`);
    printed.push(...open.map((each) => `    ${clean(each.name)}, open for ${duration(each.ageMs)}`));
  }
  return printed;
}

function silenceOf(agent: SilentAgent, runStartMs: number): string {
  const { label, worktree, child } = agent;
  const printed = { label: clean(label), worktree: worktree && clean(worktree), child: child && clean(child, 40) };
  return silenceText({ ...agent, ...printed }, runStartMs);
}
