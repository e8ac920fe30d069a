/** `functions` of `swarmscope.config.json`: functions of the program that are tasks, batches, agents, tools or runs. */

const KINDS = ['task', 'batch', 'agent', 'tool', 'run'] as const;
export type DeclaredKind = (typeof KINDS)[number];
/** Protects the start of a program from a file made by a machine. */
const MAX_FUNCTIONS = 1_000;
const MAX_TEXT = 1_000;

export interface DeclaredFunction {
  /** From the folder of the config file. */
  readonly module: string;
  /** `plan`, `default`, or a method of an exported class: `Planner.plan`. */
  readonly export: string;
  readonly as: DeclaredKind;
  readonly id: Expression | undefined;
  readonly type: Expression | undefined;
  readonly agent: Expression | undefined;
}

/** What a call is asked for: a text that stands for itself, or a path from its arguments or from `this`. */
export type Expression = { readonly text: string } | { readonly from: number | 'this'; readonly path: readonly string[] };

export interface Declared {
  readonly functions: readonly DeclaredFunction[];
  /** What was wrong, with the place in the file. */
  readonly problems: readonly { readonly field: string; readonly expected: string }[];
}

export function readDeclared(given: unknown): Declared {
  if (given === undefined) return { functions: [], problems: [] };
  if (!Array.isArray(given)) return { functions: [], problems: [{ field: 'functions', expected: 'a list' }] };
  const read = (given as unknown[]).slice(0, MAX_FUNCTIONS).map((each, index) => readOne(each, `functions[${index}]`));
  return {
    functions: read.flatMap((each) => ('as' in each ? [each] : [])),
    problems: read.flatMap((each) => ('as' in each ? [] : [each])),
  };
}

function readOne(given: unknown, at: string): DeclaredFunction | { field: string; expected: string } {
  const of = (name: string): unknown => (typeof given === 'object' && given !== null ? Reflect.get(given, name) : undefined);
  const text = (name: string): string | undefined => {
    const value = of(name);
    return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT ? value : undefined;
  };
  const [module, name, kind] = [text('module'), text('export') ?? 'default', of('as') ?? 'task'];
  if (module === undefined) return { field: `${at}.module`, expected: 'the path of a file' };
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)?$/u.test(name))
    return { field: `${at}.export`, expected: 'the name of an export, or Class.method' };
  const as = KINDS.find((each) => each === kind);
  if (as === undefined) return { field: `${at}.as`, expected: `one of ${KINDS.join(', ')}` };
  const wrong = ['id', 'type', 'agent'].find((field) => of(field) !== undefined && text(field) === undefined);
  if (wrong !== undefined) return { field: `${at}.${wrong}`, expected: 'a text, or a path such as arguments[0].id' };
  return { module, export: name, as, id: expressionOf(text('id')), type: expressionOf(text('type')), agent: expressionOf(text('agent')) };
}

const PATH = /^(?:arguments\[(\d{1,2})\]|(this))((?:\.[\w$]+|\[\d+\])*)$/;

function expressionOf(text: string | undefined): Expression | undefined {
  if (text === undefined) return undefined;
  const [, index, , rest = ''] = PATH.exec(text) ?? [];
  if (!PATH.test(text)) return { text };
  return { from: index === undefined ? 'this' : Number(index), path: rest.match(/[\w$]+/g) ?? [] };
}

/** What `expression` means for one call; undefined for what is no short text, number or boolean. Never throws. */
export function valueOf(expression: Expression | undefined, self: unknown, args: readonly unknown[]): string | undefined {
  if (expression === undefined) return undefined;
  if ('text' in expression) return expression.text;
  try {
    let value: unknown = expression.from === 'this' ? self : args[expression.from];
    for (const step of expression.path) {
      if (value === undefined || value === null) return undefined;
      value = Reflect.get(Object(value) as object, step);
    }
    return ['string', 'number', 'boolean', 'bigint'].includes(typeof value) ? String(value) : undefined;
  } catch {
    // A getter of the app that throws.
    return undefined;
  }
}
