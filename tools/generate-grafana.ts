/** Writes what Grafana and Prometheus read, and the pages of the alerts, from src/grafana. `node tools/generate-grafana.ts [--check]` */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { boards, dashboardsPage, groups, ruleFile, ruleTests, runbookPage, RUNBOOKS, toJson } from '../src/grafana/index.ts';

const root = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');
const note = 'Generated from src/grafana by tools/generate-grafana.ts. Do not edit.';
const yaml = (value: unknown): string => `# ${note}\n${stringify(value, { lineWidth: 0 })}`;

/** Path in the repository -> its text. */
function wanted(): Map<string, string> {
  const files = new Map<string, string>();
  for (const board of boards) files.set(`grafana/dashboards/${board.uid}.json`, `${JSON.stringify(toJson(board, boards), null, 2)}\n`);
  files.set('docs/dashboards.md', `<!-- ${note} -->\n\n${dashboardsPage(boards)}`);
  files.set('prometheus/rules/swarmscope.rules.yaml', yaml(ruleFile()));
  files.set('prometheus/tests/swarmscope.test.yaml', yaml(ruleTests('../rules/swarmscope.rules.yaml')));
  const titles = new Map(boards.map(({ uid, title }) => [uid, title]));
  const alerts = groups.flatMap(({ alerts: own }) => own);
  for (const alert of alerts) {
    const title = titles.get(alert.board);
    if (title === undefined) throw new Error(`${alert.name} leads to ${alert.board}, which is no dashboard`);
    files.set(`${RUNBOOKS}/${alert.name}.md`, `<!-- ${note} -->\n\n${runbookPage(alert, title)}`.replace(/\n+$/, '\n'));
  }
  const lines = alerts.map(
    ({ name, severity, runbook }) => `| [${name}](${name}.md) | ${severity} | ${runbook.meaning.split('. ')[0]?.replace(/\.$/, '')} |`,
  );
  files.set(
    `${RUNBOOKS}/README.md`,
    `<!-- ${note} -->\n\n# Alerts\n\n| alert | severity | what it means |\n|---|---|---|\n${lines.join('\n')}\n`,
  );
  return files;
}

/** What lies in the generated folders and is not wanted any more. */
function stale(files: ReadonlyMap<string, string>): string[] {
  return ['grafana/dashboards', RUNBOOKS].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder))
          .map((name) => `${folder}/${name}`)
          .filter((path) => !files.has(path))
      : [],
  );
}

const files = wanted();
const different = [...files]
  .filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
  .map(([path]) => path);
const superfluous = stale(files);
if (isCheck) {
  for (const path of [...different, ...superfluous])
    console.error(`${path} is not what src/grafana says: run node tools/generate-grafana.ts`);
  if (different.length + superfluous.length > 0) process.exitCode = 1;
} else {
  for (const path of different) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), files.get(path) ?? '');
  }
  for (const path of superfluous) rmSync(join(root, path));
  console.log(`${different.length} of ${files.size} files written, ${superfluous.length} removed`);
}
