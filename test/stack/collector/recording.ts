// Recordings of what other programs send (test/fixtures/dialects), moved to the present, and spans that mix their words at random.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIALECTS } from '../../../src/semconv/generated/dialects.ts';
import { repository } from '../../harness/paths.ts';
import { pairs, type Attributes, type Message } from './output.ts';

export interface Recording {
  /** Who sent it, with its version; or whose form it has. */
  readonly program: string;
  readonly requests: readonly { readonly signal: 'traces' | 'logs' | 'metrics'; readonly body: Message }[];
}

/** The first moment of every recording. */
const RECORDED_NS = 1_795_000_000_000_000_000n;
/** Ends lie a few seconds behind the first moment. */
const AGE_MS = 30_000;

/** As it was sent, half a minute ago; by a program in another language where one is named. */
export function recording(name: string, language = ''): Recording {
  const shift = BigInt(Date.now() - AGE_MS) * 1_000_000n - RECORDED_NS;
  const text = readFileSync(join(repository, 'test/fixtures/dialects', `${name}.json`), 'utf8');
  const told = language === '' ? text : text.replaceAll('"nodejs"', JSON.stringify(language));
  return JSON.parse(told, (key, value: unknown) =>
    /UnixNano$/.test(key) && value !== '0' ? String(BigInt(value as string) + shift) : value,
  ) as Recording;
}

/** Spans of one dialect each, some of them with names of the old convention too; the same for the same seed. */
export function randomSpans(count: number, seed: number): Message {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const pick = <Value>(from: readonly Value[]): Value => from[random(from.length)] as Value;
  const some = <Value>(from: readonly Value[], share: number): Value[] => from.filter(() => random(100) < share);
  const legacy = DIALECTS.filter(({ name }) => name === 'gen_ai_legacy');
  const spans = Array.from({ length: count }, (_, index) => {
    const dialect = pick(DIALECTS);
    const spoken = random(3) === 0 && dialect.name !== 'gen_ai_legacy' && dialect.name !== 'claude_code' ? [dialect, ...legacy] : [dialect];
    const rule = random(4) === 0 ? undefined : pick([undefined, ...dialect.spans]);
    const attributes: Attributes = {};
    for (const one of spoken) {
      for (const name of some(one.match.attributes, 60)) attributes[name] = 'openai';
      for (const from of some(one.attributes, 50)) {
        const isNumber = from.scale !== undefined || from.offset !== undefined || from.add !== undefined || from.atLeast !== undefined;
        const known = Object.keys(from.values ?? {});
        const text = known.length > 0 && random(2) === 0 ? pick(known) : pick(['gpt-x', 'tool_use', 'a "quoted" word', '']);
        attributes[from.from] = isNumber
          ? pick<Attributes[string]>([0, 7, 429, '12', 'many'])
          : from.wrap === true
            ? pick([text, [text, 'end_turn']])
            : text;
        for (const more of some(from.add ?? [], 50)) attributes[more] = pick([3, '4']);
        if (random(5) === 0) attributes[from.to] = isNumber ? 1 : 'ours';
      }
    }
    if (rule?.when.attribute !== undefined) attributes[rule.when.attribute] = rule.when.equals ?? 0;
    const prefix = dialect.match.namePrefixes[0];
    return {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: (index + 1).toString(16).padStart(16, '0'),
      name: rule?.when.name ?? `${prefix ?? ''}something`,
      kind: 1,
      startTimeUnixNano: `${Date.now() - 2_000}000000`,
      endTimeUnixNano: `${Date.now() - 1_000}000000`,
      attributes: pairs(attributes),
    };
  });
  const resource = { attributes: pairs({ 'service.name': 'random', 'telemetry.sdk.language': 'nodejs' }) };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'some.library' }, spans }] }] };
}
