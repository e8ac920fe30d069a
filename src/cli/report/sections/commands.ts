/** git commands and other child processes. */
import type { RunReport } from '../../../analysis/index.ts';
import { count, duration, plural } from '../numbers.ts';
import type { Section } from '../section.ts';
import { clean, wrap, type Style } from '../style.ts';

export const commands: Section = { title: 'git and processes', lines };

function lines({ git, children }: RunReport, style: Style): string[] {
  const printed: string[] = [];
  if (git.count > 0) {
    const top = git.operations.slice(0, 6).map((each) => `${clean(each.name)} ${count(each.count)}`);
    printed.push(...wrap(`${plural(git.count, 'git command')}: ${top.join(', ')}${git.operations.length > 6 ? ', ...' : ''}`, style.width));
  }
  if (git.housekeeping > 0) {
    printed.push(
      ...wrap(`${plural(git.housekeeping, 'more git command')} that agents ran for themselves: in no other count here`, style.width),
    );
  }
  if (children.count > 0) {
    const ends = [
      ...(children.failed > 0 ? [`${count(children.failed)} failed`] : []),
      ...(children.stopped > 0 ? [`${count(children.stopped)} stopped by whoever started them`] : []),
    ];
    printed.push(`  ${[plural(children.count, 'other child process', 'other child processes'), ...ends].join(', ')}`);
  }
  if (children.cpuSeconds !== undefined) {
    const cpu = `${duration(children.cpuSeconds * 1_000)} of CPU`;
    printed.push(...wrap(`${cpu}: the program and all that it waited for, short commands that were not seen included`, style.width));
  }
  return printed;
}
