/** `node bench/answers/run.ts [train|test] [runs per kind]`: makes labelled runs, has them analysed, prints how right the findings are. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyse, FINDING_KINDS } from '../../src/analysis/index.ts';
import { importFiles } from '../../src/cli/import/index.ts';
import { corpus, hidden, SPLITS, TIERS } from './corpus.ts';
import { emit, type Tier } from './emit.ts';
import { isHealthy, score, type Answered, type Share } from './score.ts';

const [split = 'train', perKind = '8', only] = process.argv.slice(2);
const isVerbose = process.argv.includes('--wrong');
if (!(split in SPLITS)) throw new Error(`expected train or test, received ${split}`);

const folder = mkdtempSync(join(tmpdir(), 'answers-'));
const text = ({ hits, of, low, high }: Share): string =>
  of === 0 ? '-' : `${((100 * hits) / of).toFixed(0)} % (${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)}, ${of})`;

async function answersOf(tier: Tier): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const run of corpus(split as keyof typeof SPLITS, tier, Number(perKind))) {
    const file = join(folder, 'run.jsonl');
    writeFileSync(file, emit(run.world, run.outcome, run));
    const { findings } = analyse(await importFiles([file]));
    answers.push({ run, findings });
    const named = findings.map(({ kind }) => kind);
    const missed = run.labels.present.filter((kind) => !named.includes(kind) && !hidden(run).has(kind));
    const wrong = named.filter((kind) => run.labels.absent.includes(kind));
    if (isVerbose && missed.length + wrong.length > 0) {
      const truths = FINDING_KINDS.filter((kind) => run.labels.truths[kind].share >= 0.05).map(
        (kind) => `${kind} ${(100 * run.labels.truths[kind].share).toFixed(0)}%`,
      );
      const said = findings.map(
        ({ kind, recoverableSeconds }) => `${kind} ${((100 * recoverableSeconds.value) / run.labels.seconds).toFixed(0)}%`,
      );
      console.log(
        `${run.name} [${tier}]${isHealthy(run) ? ' HEALTHY' : ''} missed ${missed.join() || '-'} wrong ${wrong.join() || '-'} | truth ${truths.join(', ')} | said ${said.join(', ')}`,
      );
    }
  }
  return answers;
}

for (const tier of TIERS) {
  if (only !== undefined && !only.startsWith('--') && only !== tier) continue;
  const answers = await answersOf(tier);
  const scores = score(answers);
  console.log(`\n## ${tier}: ${answers.length} runs, ${answers.filter(({ run }) => isHealthy(run)).length} healthy\n`);
  console.log('| kind | recall | precision |\n|---|---|---|');
  for (const [kind, { recall, precision }] of scores.byKind) console.log(`| ${kind} | ${text(recall)} | ${text(precision)} |`);
  console.log(`\nmacro recall ${(100 * scores.macroRecall).toFixed(0)} %, macro precision ${(100 * scores.macroPrecision).toFixed(0)} %`);
  console.log(
    `healthy false alarms ${text(scores.healthyAlarms)}; both of two ${text(scores.bothOfTwo)}; first right ${text(scores.firstRight)}`,
  );
  console.log(
    `seconds: estimate / truth ${scores.medianRatio.toFixed(2)}, median error ${(100 * scores.medianError).toFixed(0)} %, within 25 % ${text(scores.within25)}, in band ${text(scores.inBand)}`,
  );
}
rmSync(folder, { recursive: true });
