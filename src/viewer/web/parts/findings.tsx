/** Findings of the report: what holds the run back, what that costs, and one thing to do about each. */
import type { Finding, RunReport } from '../../../analysis/index.ts';
import { duration, money, percent } from '../../../analysis/numbers.ts';
import { selectTask } from '../selection.ts';
import { model } from '../state.ts';
import { showLane } from '../timeline/lanes.tsx';
import { LinkButton } from './link-button.tsx';

type Element = preact.JSX.Element;

/** A file of an older version may have none. */
export function Findings({ report: { findings, run } }: { readonly report: RunReport }): Element | null {
  if (findings === undefined || findings.length === 0) return null;
  return (
    <section data-section="findings">
      <h2>What to change</h2>
      <ol class="findings">
        {findings.map((finding) => (
          <li key={finding.kind} data-finding={finding.kind}>
            <b>{finding.kind.replaceAll('_', ' ')}</b> <span>{worthOf(finding, run.wallMs)}</span>
            <p>{finding.action}</p>
            <p class="quiet">
              If {finding.assumptions.join('; and if ')}. Confidence {percent(finding.confidence)}. <Evidence finding={finding} />
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function worthOf({ recoverableSeconds: { value, low, high }, recoverableUsd }: Finding, wallMs: number): string {
  const time = `${duration(value * 1000)} of ${duration(wallMs)} (${duration(low * 1000)} to ${duration(high * 1000)})`;
  return [...(value * 1000 >= wallMs / 100 ? [time] : []), ...(recoverableUsd > 0 ? [money(recoverableUsd, 'USD')] : [])].join(', ');
}

/** The tasks among its evidence. */
function Evidence({ finding: { evidence } }: { readonly finding: Finding }): Element {
  const run = model.value;
  const rows = evidence.spanIds.map((id) => run?.tasks.id.indexOf(id) ?? -1).filter((row) => row >= 0);
  return (
    <>
      {rows.slice(0, 3).map((row) => (
        <LinkButton
          key={row}
          onClick={() => {
            selectTask(row);
            showLane(run?.tasks.lane[row] ?? 0);
          }}
        >
          {run?.tasks.label[row]}
        </LinkButton>
      ))}
    </>
  );
}
