/**
 * Writes the generated parts of otel-collector.yaml from src/semconv/dialects and the registry's metrics.
 * `node tools/generate-collector.ts` writes; `--check` writes nothing and exits 1 when something is stale; `--root DIR` works on another tree.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { readCounting, renderRegions, replaceRegion } from './collector/index.ts';
import { DIALECTS_FOLDER, dialectText, readDialects } from './semconv/index.ts';

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string', default: join(import.meta.dirname, '..') } },
});

try {
  const path = join(values.root, 'otel-collector.yaml');
  const dialects = dialectText(values.root);
  const present = readFileSync(path, 'utf8');
  const regions = Object.entries(renderRegions(readDialects(dialects), readCounting(dialects)));
  const wanted = await format(
    regions.reduce((text, [name, yaml]) => replaceRegion(text, name, yaml), present),
    { parser: 'yaml', printWidth: 140, singleQuote: true },
  );
  if (values.check && wanted !== present) {
    process.stderr.write('collector: otel-collector.yaml is stale\nRun `node tools/generate-collector.ts` and commit what it writes.\n');
    process.exitCode = 1;
  } else {
    if (!values.check) writeFileSync(path, wanted);
    process.stdout.write(`collector: ${regions.length} parts of otel-collector.yaml ${values.check ? 'are up to date' : 'written'}\n`);
  }
} catch (error) {
  process.stderr.write(
    `collector: ${error instanceof Error ? error.message : String(error)}\nMend ${DIALECTS_FOLDER} or the marks in otel-collector.yaml.\n`,
  );
  process.exitCode = 1;
}
