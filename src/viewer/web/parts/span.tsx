/** One span: where it stands, and its attributes; what is content is folded. */
import { useEffect, useState } from 'preact/hooks';
import { count, duration } from '../../../analysis/numbers.ts';
import type { SpanAttribute, SpanDetail } from '../../wire.ts';
import { changeView, runId, source } from '../state.ts';
import { LinkButton } from './link-button.tsx';

type Element = preact.JSX.Element;

export function SpanPanel({ span }: { readonly span: string }): Element {
  const [answer, setAnswer] = useState<{ key: string; detail?: SpanDetail; problem?: string } | undefined>(undefined);
  useEffect(() => {
    let isStill = true;
    const [trace = '', id = ''] = span.split('/');
    const [from, run] = [source.peek(), runId.peek()];
    if (from !== undefined && run !== undefined) {
      from.span(run, trace, id).then(
        (detail) => {
          if (isStill) setAnswer({ key: span, detail });
        },
        (error: unknown) => {
          if (isStill) setAnswer({ key: span, problem: error instanceof Error ? error.message : String(error) });
        },
      );
    }
    return () => {
      isStill = false;
    };
  }, [span]);
  const own = answer?.key === span ? answer : undefined;
  return (
    <div class="span-panel" aria-label="The selected span">
      <div class="drawer-head">
        <h3>{own?.detail?.name ?? 'Span'}</h3>
        <button
          type="button"
          onClick={() => {
            changeView({ span: undefined }, 'push');
          }}
          title="Escape"
        >
          Back to the task
        </button>
      </div>
      {own === undefined ? (
        <p class="quiet">Reading it …</p>
      ) : own.detail === undefined ? (
        <p>{own.problem}</p>
      ) : (
        <Facts detail={own.detail} />
      )}
    </div>
  );
}

function Facts({ detail }: { readonly detail: SpanDetail }): Element {
  const { ancestors, links, attributes, service, scope, pid, start, end, isError, trace, id, children } = detail;
  const facts: [string, string][] = [
    ['Length', end === null ? 'open' : duration(end - start)],
    ['Outcome', isError ? 'failed' : 'no error'],
    ...(service === '' ? [] : ([['Service', pid === undefined ? service : `${service}, process ${pid}`]] as [string, string][])),
    ...(scope === '' ? [] : ([['Recorded by', scope]] as [string, string][])),
    ['Children', count(children)],
    ['Trace', trace],
    ['Span', id],
  ];
  return (
    <>
      {ancestors.length > 0 && (
        <p class="ancestors">
          {ancestors.map((each) => (
            <LinkButton
              key={`${each.trace}/${each.id}`}
              onClick={() => {
                changeView({ span: `${each.trace}/${each.id}` }, 'push');
              }}
            >
              {each.name} ›
            </LinkButton>
          ))}
        </p>
      )}
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {attributes.length > 0 && <Attributes attributes={attributes} />}
      {links.length > 0 && (
        <p>
          Links:{' '}
          {links.map((each) => (
            <LinkButton
              key={`${each.trace}/${each.id}`}
              onClick={() => {
                changeView({ span: `${each.trace}/${each.id}` }, 'push');
              }}
            >
              {each.id}
            </LinkButton>
          ))}
        </p>
      )}
    </>
  );
}

function Attributes({ attributes }: { readonly attributes: readonly SpanAttribute[] }): Element {
  return (
    <table class="attributes">
      <caption class="unseen">Attributes</caption>
      <tbody>
        {attributes.map(({ name, value, content, cutOf }) => {
          const text = Array.isArray(value) ? value.join(', ') : String(value);
          const cut = cutOf === undefined ? '' : ` … (${count(cutOf)} characters)`;
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                {content === 'content' ? (
                  <details>
                    <summary>content, {count(text.length)} characters</summary>
                    <pre>{text + cut}</pre>
                  </details>
                ) : (
                  text + cut
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
