/** The dialects as OTTL: the same steps in the same order as src/semconv/dialect.ts, which a test compares through the real collector. */
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_SWARMSCOPE_DIALECT as DIALECT,
  ATTR_TELEMETRY_DISTRO_NAME,
  SCOPE_IN_RESOURCE,
  STANDARD_DIALECT,
} from '../../src/semconv/index.ts';
import type { Dialect, DialectAttributeRule, DialectSpanRule } from '../../src/semconv/types.ts';

/** OTTL's contexts that have attributes. */
export type Context = 'span' | 'log' | 'datapoint';

/** One group of statements, run for what fulfils one of the conditions. */
export interface Group {
  readonly context: Context | 'metric' | 'resource';
  readonly conditions?: readonly string[];
  readonly statements: readonly string[];
}

/** The scope of our spans, and the distribution that our processes call themselves. */
const OURS = 'swarmscope';
/** Marks what is left out; it leaves the collector on nothing. */
export const NOISE = 'swarmscope.noise';

export const quote = (text: string): string => JSON.stringify(text);
export const attribute = (context: Context, name: string): string => `${context}.attributes[${quote(name)}]`;
export const anyOf = (conditions: readonly string[]): string =>
  conditions.length === 1 ? String(conditions[0]) : `(${conditions.join(' or ')})`;
export const isOneOf = (path: string, values: readonly string[]): string => anyOf(values.map((value) => `${path} == ${quote(value)}`));

/** Translates one dialect in spans or log records. */
export function dialectGroup(dialect: Dialect, context: 'span' | 'log'): Group {
  checkOrder(dialect);
  const at = (name: string): string => attribute(context, name);
  const name = context === 'span' ? 'span.name' : 'log.cache["name"]';
  return {
    context,
    conditions: speaks(dialect, context),
    statements: [
      ...(context === 'log' ? eventName() : []),
      ...dialect.spans.map((rule, index) => `set(${rulePath(context)}, ${index + 1}) where ${fits(rule, { context, name })}`),
      ...dialect.attributes.flatMap((rule) => translate(rule, context)),
      ...dialect.spans.flatMap((rule, index) => complete(rule, { context, when: `${rulePath(context)} == ${index + 1}` })),
      ...forget(dialect.attributes, context),
      `set(${at(DIALECT)}, ${quote(dialect.name)}) where ${at(DIALECT)} == nil`,
      ...(dialect.isNoisy && context === 'span' ? [`set(${at(NOISE)}, true) where ${rulePath(context)} == nil`] : []),
      ...(context === 'span' ? dialect.spans.flatMap((rule, index) => rename(rule, `${rulePath(context)} == ${index + 1}`)) : []),
    ],
  };
}

/** Spans of other programs that need no translation: named, so that they are counted and told from ours. */
export function standardGroup(): Group {
  const dialect = attribute('span', DIALECT);
  return {
    context: 'span',
    conditions: [
      [
        `${attribute('span', ATTR_GEN_AI_OPERATION_NAME)} != nil`,
        `${dialect} == nil`,
        `instrumentation_scope.name != ${quote(OURS)}`,
        `resource.attributes[${quote(ATTR_TELEMETRY_DISTRO_NAME)}] != ${quote(OURS)}`,
        '"${env:COUNT_GEN_AI_SPANS:-yes}" == "yes"',
      ].join(' and '),
    ],
    statements: [`set(${dialect}, ${quote(STANDARD_DIALECT)})`],
  };
}

/** Translates the attributes of metric points, as far as metrics carry them: `names`. */
export function pointGroup(dialect: Dialect, names: ReadonlySet<string>): Group | undefined {
  const rules = dialect.attributes.filter((rule) => names.has(rule.to));
  const conditions = [
    ...dialect.match.namePrefixes.map((prefix) => `HasPrefix(metric.name, ${quote(prefix)})`),
    ...dialect.match.attributes.map((name) => `${attribute('datapoint', name)} != nil`),
  ];
  if (rules.length === 0 || conditions.length === 0) return undefined;
  return {
    context: 'datapoint',
    conditions,
    statements: [...rules.flatMap((rule) => translate(rule, 'datapoint')), ...forget(rules, 'datapoint')],
  };
}

const rulePath = (context: Context): string => `${context}.cache["rule"]`;

function speaks({ match, observer }: Dialect, context: 'span' | 'log'): string[] {
  const inResource = `resource.attributes[${quote(SCOPE_IN_RESOURCE)}]`;
  const ofName = (prefix: string): string =>
    context === 'span'
      ? `HasPrefix(span.name, ${quote(prefix)})`
      : `IsMatch(log.attributes["event.name"], ${quote(`^${prefix.replaceAll('.', '\\.')}`)}) or (log.attributes["event.name"] == nil and HasPrefix(log.event_name, ${quote(prefix)}))`;
  return [
    ...match.namePrefixes.map(ofName),
    ...match.scopePrefixes.map((prefix) => `HasPrefix(instrumentation_scope.name, ${quote(prefix)})`),
    // A reader in the kernel has no scopes.
    ...(observer === 'kernel' ? match.scopePrefixes : []).map(
      (prefix) => `instrumentation_scope.name == "" and ${inResource} != nil and HasPrefix(${inResource}, ${quote(prefix)})`,
    ),
    ...match.attributes.map((name) => `${attribute(context, name)} != nil`),
  ];
}

/** The attribute before the field: a library may put a place in the source into the field. */
function eventName(): string[] {
  return [
    'set(log.cache["name"], log.event_name)',
    'set(log.cache["name"], log.attributes["event.name"]) where log.attributes["event.name"] != nil',
  ];
}

function fits({ when }: DialectSpanRule, { context, name }: { context: Context; name: string }): string {
  return [
    `${rulePath(context)} == nil`,
    ...(when.name === undefined ? [] : [`${name} == ${quote(when.name)}`]),
    ...(when.attribute === undefined ? [] : [value(attribute(context, when.attribute), when)]),
  ].join(' and ');
}

function value(path: string, { below, equals = '' }: DialectSpanRule['when']): string {
  return below === undefined
    ? `${path} == ${typeof equals === 'boolean' ? String(equals) : quote(equals)}`
    : `${path} != nil and Double(${path}) < ${below}.0`;
}

/** What stands under our name stays, unless the rule overrides. */
function translate(rule: DialectAttributeRule, context: Context): string[] {
  const from = attribute(context, rule.from);
  const to = attribute(context, rule.to);
  const isFree = rule.override === true || rule.from === rule.to ? [] : [`${to} == nil`];
  const when = (...conditions: string[]): string => [...conditions, ...isFree].join(' and ');
  const isNumber = rule.scale !== undefined || rule.offset !== undefined || rule.add !== undefined;
  if (isNumber) return translateNumber(rule, { context, when: when(`${from} != nil`) });
  if (rule.text === true) {
    const isLarge = rule.atLeast === undefined ? [] : [`Int(${from}) >= ${rule.atLeast}`];
    return [`set(${to}, String(${from})) where ${when(`${from} != nil`, ...isLarge)}`];
  }
  if (rule.wrap === true && rule.values !== undefined) return translateList(rule, { context, when });
  if (rule.wrap === true)
    return [`set(${to}, [${from}]) where ${when(`IsString(${from})`)}`, `set(${to}, ${from}) where ${when(`IsList(${from})`)}`];
  const mapped = sourcesByTarget(rule).map(([target, sources]) => `set(${to}, ${quote(target)}) where ${when(isOneOf(from, sources))}`);
  return [...mapped, `set(${to}, ${from}) where ${when(`${from} != nil`)}`];
}

function translateNumber(rule: DialectAttributeRule, { context, when }: { context: Context; when: string }): string[] {
  const from = attribute(context, rule.from);
  const to = attribute(context, rule.to);
  const read = rule.scale === undefined ? 'Int' : 'Double';
  const { scale = 1, offset = 0, add = [] } = rule;
  const more = `${scale === 1 ? '' : ` * ${scale}`}${offset === 0 ? '' : offset < 0 ? ` - ${-offset}` : ` + ${offset}`}`;
  if (add.length === 0) return [`set(${to}, ${read}(${from})${more}) where ${when}`];
  const sum = `${context}.cache["sum"]`;
  return [
    `set(${sum}, ${read}(${from})) where ${when}`,
    ...add.map(
      (name) => `set(${sum}, ${sum} + ${read}(${attribute(context, name)})) where ${sum} != nil and ${attribute(context, name)} != nil`,
    ),
    `set(${to}, ${sum}${more}) where ${sum} != nil`,
    `delete_key(${context}.cache, "sum")`,
  ];
}

/** OTTL cannot map over a list: its JSON text is changed and read again. */
function translateList(
  rule: DialectAttributeRule,
  { context, when }: { context: Context; when: (...conditions: string[]) => string },
): string[] {
  const from = attribute(context, rule.from);
  const list = `${context}.cache["list"]`;
  return [
    `set(${list}, String(${from})) where ${when(`IsList(${from})`)}`,
    `set(${list}, Concat(["[\\"", ${from}, "\\"]"], "")) where ${when(`IsString(${from})`)}`,
    ...sourcesByTarget(rule).map(
      ([target, sources]) => `replace_pattern(${list}, ${quote(`"(${sources.join('|')})"`)}, ${quote(`"${target}"`)}) where ${list} != nil`,
    ),
    `set(${attribute(context, rule.to)}, ParseJSON(${list})) where ${list} != nil`,
    `delete_key(${context}.cache, "list")`,
  ];
}

/** Values that stay as they are need no statement. */
function sourcesByTarget({ values = {} }: DialectAttributeRule): [string, string[]][] {
  const sources = new Map<string, string[]>();
  for (const [source, target] of Object.entries(values))
    if (source !== target) sources.set(target, [...(sources.get(target) ?? []), source]);
  return [...sources];
}

function complete(rule: DialectSpanRule, { context, when }: { context: 'span' | 'log'; when: string }): string[] {
  const at = (name: string): string => attribute(context, name);
  const kind = context === 'span' && rule.kind !== undefined ? [`set(span.kind, ${rule.kind}) where ${when}`] : [];
  return [
    ...Object.entries(rule.copy ?? {}).map(
      ([from, to]) => `set(${at(to)}, ${at(from)}) where ${when} and ${at(to)} == nil and ${at(from)} != nil`,
    ),
    ...Object.entries(rule.set).map(([name, value]) => `set(${at(name)}, ${quote(value)}) where ${when} and ${at(name)} == nil`),
    ...(rule.drop ?? []).map((name) => `delete_key(${context}.attributes, ${quote(name)}) where ${when}`),
    ...kind,
  ];
}

/** The old name goes, so that no sum counts a value twice. */
function forget(rules: readonly DialectAttributeRule[], context: Context): string[] {
  const gone = rules.filter(({ from, to, atLeast }) => from !== to && atLeast === undefined);
  return [
    ...new Set(gone.map(({ from, to }) => `delete_key(${context}.attributes, ${quote(from)}) where ${attribute(context, to)} != nil`)),
  ];
}

/** A template whose attribute is absent loses that word. */
function rename({ name }: DialectSpanRule, when: string): string[] {
  if (name === undefined) return [];
  const [, word, placeholder] = /^(\w+) \{([^{}]+)\}$/.exec(name) ?? [];
  if (word === undefined || placeholder === undefined) throw new Error(`the span name ${name} is not one word and one attribute`);
  const value = attribute('span', placeholder);
  return [
    `set(span.name, Trim(Concat([${quote(word)}, ${value}], " "))) where ${when} and ${value} != nil`,
    `set(span.name, ${quote(word)}) where ${when} and ${value} == nil`,
  ];
}

/** The receiver reads what was sent, the statements what earlier ones left: the same, as long as no rule reads what another one wrote. */
function checkOrder({ name, attributes }: Dialect): void {
  const written = new Set<string>();
  for (const { from, to, add = [] } of attributes) {
    const changed = [from, ...add].find((read) => read !== to && written.has(read));
    if (changed !== undefined) throw new Error(`dialect ${name}: a rule reads ${changed}, which an earlier rule has written`);
    written.add(to);
  }
}
