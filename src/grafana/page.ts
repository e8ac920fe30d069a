/** docs/dashboards.md: what each board answers, and what each panel needs to show something. */
import type { Board, Panel } from './panel.ts';

const INTRODUCTION = `# Dashboards

Nine boards for Grafana, as code in \`src/grafana/dashboards\`, committed as JSON in \`grafana/dashboards\` and provisioned read-only. Change the source and run
\`node tools/generate-grafana.ts\`; what is changed in Grafana is not kept.

![The overview while the demo swarm runs for the third time](pictures/overview.svg)

Grafana itself was not run for this picture, nor in any test: it cannot be had here as a program. What is drawn are the committed queries and the answers that the real
Prometheus and Tempo gave to them in the third of three runs of the demo swarm, by a small renderer of ours (\`node tools/draw-panels.ts\`). Where Grafana lays out, colours and links, it
goes by the JSON, which Grafana's own SDK builds; nobody has looked at it in Grafana.

## How to read them

- **The first row of each board answers "is it OK?"** Green, or no colour, needs nobody. Each number has a description that says what to do, and leads to the board that explains it.
- **A number is of now or of the chosen time, and its description says which.** Of now: what reported in the last five minutes; a swarm that has ended says so at once, and the number gives way to words such as "no
  pool". Of the chosen time: exact, as the report of the run has it, not the estimate that PromQL's \`increase\` makes of a short run.
- **A dashed red line is a limit**, drawn beside what must stay below it.
- **From a line to a trace**: panels with a line "all, from spans" have dots. Each is one task, call, tool or command and opens its trace in Tempo.
- **From a trace to its run**: every list of traces has a column \`swarmscope.run.id\`. A click shows all spans of that run, in whichever traces they are; \`swarmscope report ID\` on the machine where it ran
  explains its time.
- **What still runs is not in Tempo**: a span arrives when it ends. Gauges show running, old and stuck tasks at once; what a stuck task was doing is told by \`swarmscope report\` on its machine.
- **Alerts** that fire are red lines across all panels of all boards. Each has [a page](runbooks/README.md) with what it means, what to look at and what to do.
- **Variables**: environment, swarm (\`service.name\`), and by board pool, model, type of task, agent or repository; with everything chosen, series without that label are in it. Searches for traces go by swarm, type, model and agent. A run is called by its \`--name\`; give a swarm that is not started by \`swarmscope run\` one by \`OTEL_SERVICE_NAME\`.

## What the panels show

After the demo swarm (\`npm start\` with \`SWARMSCOPE_EXPORT\`) every panel below shows data, unless the last column says what it needs. Both are tested against the real Prometheus and
Tempo: the first after a run of the demo, the second with synthetic points and spans sent through the collector. A test also fails when a panel says that it needs what the demo has.
`;

export function dashboardsPage(boards: readonly Board[]): string {
  return `${[INTRODUCTION.trimEnd(), ...boards.map(section)].join('\n\n')}\n`;
}

function section({ title, uid, description, rows, variables, choices = [] }: Board): string {
  const names = [...variables, ...choices].map(({ label }) => label.toLowerCase()).join(', ');
  const lines = rows.flatMap((row) => row.panels.map((panel) => `| ${row.title} | ${panel.title} | ${needsOf(panel)} |`));
  return [
    `### ${title}`,
    `${description} (\`${uid}\`; variables: ${names})`,
    `| row | panel | needs more than the demo |\n|---|---|---|\n${lines.join('\n')}`,
  ].join('\n\n');
}

function needsOf(panel: Panel): string {
  if (panel.kind === 'text') return '';
  if (panel.needs !== undefined) return panel.needs;
  if (panel.kind === 'traces') return '';
  return panel.queries.flatMap(({ legend, needs }) => (needs === undefined ? [] : [`"${legend.replaceAll(/ ?\{\{\w+\}\}/g, '')}": ${needs}`])).join('; ');
}
