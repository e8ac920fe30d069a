/** The highest memory use and utilisation of each GPU. */
import type { RunReport } from '../../../analysis/index.ts';
import { bytes, percent } from '../numbers.ts';
import type { Section } from '../section.ts';
import { clean } from '../style.ts';

export const gpus: Section = { title: 'GPU', lines };

function lines({ gpus: devices }: RunReport): string[] {
  return devices.map((each) => {
    const facts: string[] = [];
    if (each.peakMemoryBytes !== undefined) {
      facts.push(`peak ${bytes(each.peakMemoryBytes)}${each.limitBytes === undefined ? '' : ` of ${bytes(each.limitBytes)}`}`);
    }
    if (each.peakUtilization !== undefined) facts.push(`peak utilisation ${percent(each.peakUtilization)}`);
    return `  ${clean(each.name ?? each.id)}  ${facts.join(', ')}`;
  });
}
