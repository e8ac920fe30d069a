/** Translates spans and log events of other vocabularies into ours. Attributes that no rule names stay as they came. Pure. */
import { ATTR_SWARMSCOPE_DIALECT } from './generated/attributes.ts';
import { CONTENT_CLASS } from './generated/content-mask.ts';
import { DIALECTS } from './generated/dialects.ts';
import type { Dialect, DialectAttributeRule, DialectObserver, DialectSpanRule } from './types.ts';

export type DialectValue = string | number | boolean | readonly (string | number | boolean)[];

/** What a span says that comes from another program and needs no translation: OpenTelemetry's own words. */
export const STANDARD_DIALECT = 'gen_ai';

/** Attribute of the resource in which OpenTelemetry's eBPF instrumentation, which has no scopes, names itself. */
export const SCOPE_IN_RESOURCE = 'otel.scope.name';

export interface ForeignSpan {
  readonly name: string;
  readonly scopeName: string;
  readonly attributes: Readonly<Record<string, DialectValue>>;
}

export interface NormalisedSpan {
  readonly name?: string;
  /** All attributes, theirs that were translated left out. */
  readonly attributes: Record<string, DialectValue>;
  /** OTLP kind, set when it is known from the dialect. */
  readonly kind?: number;
  /** An internal of the program that made it, which shows nothing to a reader. */
  readonly isNoise: boolean;
}

/** Applies the dialects. @example normaliseSpan({ name: 'claude_code.llm_request', ... }).name // 'chat claude-x' */
export function normaliseSpan(span: ForeignSpan): NormalisedSpan {
  const spoken = DIALECTS.filter((dialect) => speaks(span, dialect));
  const [first] = spoken;
  if (first === undefined) return { attributes: { ...span.attributes }, isNoise: false };
  const attributes: Record<string, DialectValue> = { ...span.attributes };
  const rules: DialectSpanRule[] = [];
  // One dialect after the other, as the collector does: what the first one says stands.
  for (const dialect of spoken) {
    for (const rule of dialect.attributes) translate(rule, span.attributes, attributes);
    const rule = dialect.spans.find((each) => fits(span, each));
    if (rule === undefined) continue;
    complete(rule, span.attributes, attributes);
    rules.push(rule);
  }
  forgetTranslated(spoken, attributes);
  attributes[ATTR_SWARMSCOPE_DIALECT] ??= first.name;
  const template = rules.find((rule) => rule.name !== undefined)?.name;
  const kind = rules.find((rule) => rule.kind !== undefined)?.kind;
  return {
    ...(template === undefined ? {} : { name: fill(template, attributes) }),
    ...(kind === undefined ? {} : { kind }),
    attributes,
    isNoise: rules.length === 0 && spoken.some((dialect) => dialect.isNoisy),
  };
}

/** The names that may hold content: those of the registry, and in a dialect also texts that no table knows. */
export function contentNames(span: ForeignSpan, attributes: ForeignSpan['attributes'] = span.attributes): string[] {
  const spoken = DIALECTS.filter((dialect) => speaks(span, dialect));
  const safe = new Set(spoken.flatMap((dialect) => [...dialect.keep, ...dialect.attributes.flatMap(namesWithoutContent)]));
  return Object.entries(attributes).flatMap(([name, value]) => {
    const contentClass = CONTENT_CLASS[name];
    if (contentClass !== undefined) return contentClass === 'content' ? [name] : [];
    const isText = typeof value === 'string' || (typeof value === 'object' && value.some((each) => typeof each === 'string'));
    return spoken.length > 0 && isText && !safe.has(name) ? [name] : [];
  });
}

/** What speaks the dialect that a span was translated from. undefined for OpenTelemetry's own words. */
export function observerOf(dialect: string | undefined): DialectObserver | undefined {
  return DIALECTS.find(({ name }) => name === dialect)?.observer;
}

function namesWithoutContent({ from, to }: DialectAttributeRule): string[] {
  return CONTENT_CLASS[to] === undefined || CONTENT_CLASS[to] === 'content' ? [] : [from];
}

function speaks(span: ForeignSpan, { match }: Dialect): boolean {
  return (
    match.namePrefixes.some((prefix) => span.name.startsWith(prefix)) ||
    match.scopePrefixes.some((prefix) => span.scopeName.startsWith(prefix)) ||
    match.attributes.some((name) => span.attributes[name] !== undefined)
  );
}

function fits(span: ForeignSpan, { when }: DialectSpanRule): boolean {
  if (when.name !== undefined && span.name !== when.name) return false;
  const value = when.attribute === undefined ? undefined : span.attributes[when.attribute];
  if (when.below !== undefined) return value !== undefined && (numberOf(value) ?? Infinity) < when.below;
  return when.attribute === undefined || value === when.equals;
}

function translate(rule: DialectAttributeRule, theirs: ForeignSpan['attributes'], ours: Record<string, DialectValue>): void {
  const value = theirs[rule.from];
  if (value === undefined || (ours[rule.to] !== undefined && rule.override !== true)) return;
  const translated = convert(rule, value, theirs);
  if (translated !== undefined) ours[rule.to] = translated;
}

/** undefined when a number was expected and something else came, or a smaller one. */
function convert(rule: DialectAttributeRule, value: DialectValue, theirs: ForeignSpan['attributes']): DialectValue | undefined {
  if (rule.atLeast !== undefined && !((numberOf(value) ?? -Infinity) >= rule.atLeast)) return undefined;
  if (rule.scale !== undefined || rule.offset !== undefined || rule.add !== undefined) {
    const number = numberOf(value);
    if (number === undefined) return undefined;
    const more = (rule.add ?? []).reduce((sum, name) => sum + (numberOf(theirs[name]) ?? 0), 0);
    return (number + more) * (rule.scale ?? 1) + (rule.offset ?? 0);
  }
  const { values } = rule;
  const one = (text: string | number | boolean): string | number | boolean =>
    typeof text === 'string' && values !== undefined && Object.hasOwn(values, text) ? (values[text] ?? text) : text;
  if (typeof value === 'object') return value.map(one);
  if (rule.text === true) return String(value);
  return rule.wrap === true ? [one(value)] : one(value);
}

/** Some programs send numbers as text. */
function numberOf(value: DialectValue | undefined): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function complete(rule: DialectSpanRule, theirs: ForeignSpan['attributes'], ours: Record<string, DialectValue>): void {
  for (const [from, to] of Object.entries(rule.copy ?? {})) {
    const value = theirs[from];
    if (value !== undefined) ours[to] ??= value;
  }
  for (const [name, value] of Object.entries(rule.set)) ours[name] ??= value;
  for (const name of rule.drop ?? []) delete ours[name];
}

/** The old name goes, so that no sum counts a value twice. */
function forgetTranslated(spoken: readonly Dialect[], ours: Record<string, DialectValue>): void {
  for (const { from, to, atLeast } of spoken.flatMap((dialect) => dialect.attributes))
    if (from !== to && atLeast === undefined && ours[to] !== undefined) delete ours[from];
}

/** A template whose attribute is absent loses that word: `execute_tool`. */
function fill(template: string, attributes: Readonly<Record<string, DialectValue>>): string {
  return template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => String(attributes[name] ?? '')).trim();
}
