/** How well tools, context windows and workers were used; printed where tasks had tools that they did not use. */
import type { RunReport } from '../../../analysis/index.ts';
import { percent, plural } from '../numbers.ts';
import type { Section } from '../section.ts';
import { clean, wrap, type Style } from '../style.ts';

const MAX_NAMES = 8;

export const profile: Section = { title: 'Profile', lines };

function lines({ profile: found }: RunReport, style: Style): string[] {
  const { tasksWithToolTracking, tasksWithContextTracking, toolUtilization, unusedTools } = found;
  const { meanContextUtilization: mean, peakContextUtilization: most, idleShare } = found;
  if (toolUtilization === undefined || unusedTools.length === 0) return [];
  const names = unusedTools.slice(0, MAX_NAMES).map((name) => clean(name));
  const more = unusedTools.length > MAX_NAMES ? ` and ${unusedTools.length - MAX_NAMES} more` : '';
  const tools = `${percent(toolUtilization)} of the tools of ${plural(tasksWithToolTracking, 'task')} were used; never used: ${names.join(', ')}${more}`;
  const context =
    mean === undefined || most === undefined
      ? []
      : [`context of ${plural(tasksWithContextTracking, 'task')}: ${percent(mean)} on average, ${percent(most)} at most`];
  const idle =
    idleShare === undefined ? [] : [`workers without a task: ${percent(idleShare)} of the time of as many as were at work at most`];
  return [tools, ...context, ...idle].flatMap((line) => wrap(line, style.width));
}
