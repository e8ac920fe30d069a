// Checks the floors of the house (.dependency-cruiser.mjs) on every source file, once for values and once for types.
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType, type IViolation } from 'dependency-cruiser';
import { options, runtimeRules, typeRules } from '../.dependency-cruiser.mjs';

const { values } = parseArgs({ options: { root: { type: 'string', default: join(import.meta.dirname, '..') } } });
const root = resolve(values.root);

/**
 * A checker that follows no imports sees modules without edges; real sources have more than one import a file on the
 * average.
 */
const minImportsPerModule = 1;

interface Round {
  readonly title: string;
  readonly rules: readonly IForbiddenRuleType[];
  /** Whether `import type` is looked at. */
  readonly withTypes: boolean;
}

const rounds: readonly Round[] = [
  { title: 'values', rules: runtimeRules as IForbiddenRuleType[], withTypes: false },
  { title: 'types', rules: typeRules as IForbiddenRuleType[], withTypes: true },
];

/** Source files that must have been seen. */
function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

async function cruiseRound({ rules, withTypes }: Round): Promise<ICruiseResult> {
  const result = await cruise(
    ['src'],
    {
      ...(options as ICruiseOptions),
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: [...rules] },
      tsPreCompilationDeps: withTypes,
    },
    {},
    { tsConfig: { options: { verbatimModuleSyntax: true, allowImportingTsExtensions: true } } },
  );
  if (typeof result.output === 'string') throw new Error('dependency-cruiser answered with text, not with modules');
  return result.output;
}

function describe({ rule, from, to, via, cycle }: IViolation, reasons: ReadonlyMap<string, string>): string {
  const chain = [...(via ?? cycle ?? [])].map(({ name }) => name);
  const path = chain.length > 0 ? chain.join(' -> ') : to;
  return `  ${rule.name}: ${from} -> ${path}\n    ${reasons.get(rule.name) ?? ''}`;
}

async function main(): Promise<number> {
  if (!existsSync(join(root, 'src'))) throw new Error(`${root} has no src folder`);
  const sources = sourcesOf(join(root, 'src'));
  let faults = 0;
  for (const round of rounds) {
    const { modules, summary } = await cruiseRound(round);
    const reasons = new Map(round.rules.map((rule) => [rule.name ?? '', rule.comment ?? '']));
    const seen = new Set(modules.map(({ source }) => source));
    const unseen = sources.filter((source) => !seen.has(source));
    const imports = modules
      .filter(({ source }) => source.startsWith('src/'))
      .reduce((sum, { dependencies }) => sum + dependencies.length, 0);
    console.log(
      `floors (${round.title}): ${sources.length - unseen.length} of ${sources.length} source files, ${imports} imports, ${round.rules.length} rules, ${summary.violations.length} violations`,
    );
    for (const violation of summary.violations) console.log(describe(violation, reasons));
    for (const source of unseen) console.log(`  not seen: ${source}`);
    const hasSeenTooLittle = sources.length === 0 || (round.withTypes && imports < minImportsPerModule * sources.length);
    if (hasSeenTooLittle) console.log('  the checker followed too few imports to be believed');
    faults += summary.violations.length + unseen.length + (hasSeenTooLittle ? 1 : 0);
  }
  return faults === 0 ? 0 : 1;
}

process.exitCode = await main();
