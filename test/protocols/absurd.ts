/** The calls that come of one call when each value of its JSON is replaced by what no provider should send. */
import type { Call } from './call.ts';

/** Too deep for `JSON.stringify`: put into the finished text. */
const DEEP: Readonly<Record<string, string>> = {
  '@deep-list': '['.repeat(5_000) + ']'.repeat(5_000),
  '@deep-object': `${'{"content":['.repeat(5_000)}${']}'.repeat(5_000)}`,
  '@deep-result': `${'{"type":"tool_result","content":['.repeat(5_000)}${']}'.repeat(5_000)}`,
};

const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  2 ** 53 + 2,
  '',
  '-5',
  '__proto__',
  'constructor',
  'x'.repeat(70_000),
  '\ud800',
  [],
  {},
  [[], [null], {}],
  JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
  JSON.parse('{"toString":null,"valueOf":1,"toJSON":2,"then":3,"length":-1,"hasOwnProperty":0}'),
  Array.from({ length: 300 }, (_, index) => ({ index, id: `i${index}`, type: 'tool_use', name: `n${index}`, function: { name: 'n' } })),
  ...Object.keys(DEEP),
];

/**
 * In a stream the events are changed one at a time, and of those that have the same members only the first: they are read
 * alike. `part` of `parts` takes every so many of them, so that runs in several manners share the work.
 */
export function* absurd(call: Call, { part, parts }: { part: number; parts: number }): Generator<Call> {
  let index = 0;
  for (const each of all(call)) if ((index += 1) % parts === part) yield each;
}

function* all(call: Call): Generator<Call> {
  const { status = 200, answer } = call;
  if (call.request !== undefined) for (const request of changed(call.request)) yield { request, answer: {} };
  if (typeof answer !== 'string') {
    for (const text of changed(answer)) yield { status, answer: text, headers: { 'content-type': 'application/json' } };
    return;
  }
  const seen = new Set<string>();
  const events = answer.split('\n\n');
  for (const [index, event] of events.entries()) {
    const data = /^data: (\{.*)$/m.exec(event)?.[1];
    if (data === undefined) continue;
    const body = JSON.parse(data) as unknown;
    const members = [...pathsIn(body)].join();
    if (seen.has(members)) continue;
    seen.add(members);
    for (const text of changed(body)) {
      yield {
        ...call,
        answer: events
          .with(
            index,
            event.replace(data, () => text),
          )
          .join('\n\n'),
      };
    }
  }
}

/** The JSON texts. */
function* changed(body: unknown): Generator<string> {
  const holder: { body: unknown } = { body: structuredClone(body) };
  for (const path of pathsIn(body)) {
    const place = ['body', ...path];
    const last = place.pop() as string;
    let owner = holder as unknown as Record<string, unknown>;
    for (const key of place) owner = owner[key] as Record<string, unknown>;
    const own = owner[last];
    for (const value of VALUES) {
      owner[last] = value;
      const text = JSON.stringify(holder.body);
      const deep = typeof value === 'string' ? DEEP[value] : undefined;
      yield deep === undefined ? text : text.replace(`"${String(value)}"`, deep);
    }
    owner[last] = own;
  }
}

function* pathsIn(value: unknown): Generator<string[]> {
  yield [];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) for (const path of pathsIn(inner)) yield [key, ...path];
}
