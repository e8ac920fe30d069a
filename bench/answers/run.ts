/**
 * `node bench/answers/run.ts [train|test] [runs per kind] [tier]`: makes labelled runs, has them analysed, prints how right the
 * findings are. `--wrong` names each misjudged run; `--docs` puts the tables into docs/answers.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyse, FINDING_KINDS, type RunReport } from '../../src/analysis/index.ts';
import { importFiles } from '../../src/cli/import/index.ts';
import { BASELINES } from './baselines.ts';
import { corpus, hidden, SPLITS, TIERS } from './corpus.ts';
import { emit, type Tier } from './emit.ts';
import { isHealthy, score, type Answered, type Scores, type Share } from './score.ts';

const flags = process.argv.slice(2).filter((each) => each.startsWith('--'));
const [split = 'train', perKind = '8', only] = process.argv.slice(2).filter((each) => !each.startsWith('--'));
if (!(split in SPLITS)) throw new Error(`expected train or test, received ${split}`);

const folder = mkdtempSync(join(tmpdir(), 'answers-'));
const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
const text = ({ hits, of, low, high }: Share): string =>
  of === 0 ? '-' : `${percent(hits / of)} (${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)}; ${of})`;

async function answersOf(tier: Tier): Promise<(Answered & { report: RunReport })[]> {
  const answers: (Answered & { report: RunReport })[] = [];
  for (const run of corpus(split as keyof typeof SPLITS, tier, Number(perKind))) {
    const file = join(folder, 'run.jsonl');
    writeFileSync(file, emit(run.world, run.outcome, run));
    const report = analyse(await importFiles([file]));
    const { findings } = report;
    answers.push({ run, findings, report });
    const named = findings.map(({ kind }) => kind);
    const missed = run.labels.present.filter((kind) => !named.includes(kind) && !hidden(run).has(kind));
    const wrong = named.filter((kind) => run.labels.absent.includes(kind));
    if (!flags.includes('--wrong') || missed.length + wrong.length === 0) continue;
    const truths = FINDING_KINDS.filter((kind) => run.labels.truths[kind].share >= 0.05).map(
      (kind) => `${kind} ${percent(run.labels.truths[kind].share)}`,
    );
    const said = findings.map(({ kind, recoverableSeconds }) => `${kind} ${percent(recoverableSeconds.value / run.labels.seconds)}`);
    console.log(
      `${run.name} [${tier}]${isHealthy(run) ? ' HEALTHY' : ''} missed ${missed.join() || '-'} wrong ${wrong.join() || '-'} | truth ${truths.join(', ')} | said ${said.join(', ')}`,
    );
  }
  return answers;
}

function summary(name: string, scores: Scores): string {
  const { macroRecall, macroPrecision, healthyAlarms, bothOfTwo, firstRight, within25, inBand, medianRatio, medianError } = scores;
  const isWorth = name.startsWith('**');
  return [
    name,
    percent(macroRecall),
    percent(macroPrecision),
    text(healthyAlarms),
    text(bothOfTwo),
    text(firstRight),
    isWorth && within25.of > 0 ? `${medianRatio.toFixed(2)}, error ${percent(medianError)}` : '-',
    isWorth ? text(within25) : '-',
    isWorth ? text(inBand) : '-',
    isWorth ? `${text(scores.existing)}; ${text(scores.belonging)}` : '-',
  ].join(' | ');
}

const summaries: string[] = [];
const calibration: string[] = [];
const byKind = new Map(FINDING_KINDS.map((kind) => [kind, [] as string[]]));
const tiers = TIERS.filter((tier) => only === undefined || tier === only);
for (const tier of tiers) {
  const answers = await answersOf(tier);
  const healthy = answers.filter(({ run }) => isHealthy(run)).length;
  const scores = score(answers);
  for (const { from, to, said, right } of scores.calibration) {
    if (right.of > 0) calibration.push(`| ${tier} | ${percent(from)} to ${percent(to)} | ${percent(said)} | ${text(right)} |`);
  }
  summaries.push(summary(`**${tier}** (${answers.length} runs, ${healthy} healthy)`, scores));
  for (const [kind, { recall, precision }] of scores.byKind) byKind.get(kind)?.push(text(recall), text(precision));
  for (const { name, answer } of BASELINES) {
    summaries.push(
      summary(`${name}, ${tier}`, score(answers.map(({ run, report }) => ({ run, findings: answer(report, run.world.seed) })))),
    );
  }
}
rmSync(folder, { recursive: true });

const heads = [
  '| runs | macro recall | macro precision | healthy false alarms | both of two | first is right | seconds: estimate / truth | within 25 % | truth in the band | cited ids that exist; findings whose ids belong to the cause |',
  '|---|---|---|---|---|---|---|---|---|---|',
];
const kinds = [
  `| kind | ${tiers.map((tier) => `${tier}: recall | precision`).join(' | ')} |`,
  `|---|${'---|---|'.repeat(tiers.length)}`,
  ...[...byKind].map(([kind, cells]) => `| \`${kind}\` | ${cells.join(' | ')} |`),
];
const confidences = ['| runs | said with a confidence of | on average | right |', '|---|---|---|---|', ...calibration];
const table = [...heads, ...summaries.map((row) => `| ${row} |`), '', ...kinds, '', ...confidences].join('\n');
console.log(`\n${table}`);

if (flags.includes('--docs')) {
  const page = join(import.meta.dirname, '..', '..', 'docs', 'answers.md');
  const marks = /(<!-- answers:start[^\n]*-->\n)[^]*?(<!-- answers:end -->)/;
  const command = `\`node bench/answers/run.ts ${split} ${perKind}\`; in brackets Wilson's bounds of 95 % and the number of runs.`;
  const filled = `$1<!-- prettier-ignore-start -->\n\n${command}\n\n${table}\n\n<!-- prettier-ignore-end -->\n$2`;
  writeFileSync(page, readFileSync(page, 'utf8').replace(marks, filled));
}
