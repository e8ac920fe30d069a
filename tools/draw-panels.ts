/**
 * Draws a dashboard from the answers of a running Prometheus and Tempo, as an SVG for the documentation. Grafana is not needed and not asked: the picture shows the
 * same queries and the same answers, drawn by a small renderer of ours.
 *
 * node tools/draw-panels.ts --prometheus URL --tempo URL --from EPOCH_SECONDS --to EPOCH_SECONDS --board swarmscope-overview --out docs/pictures/overview.svg [--rows 3]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { boards, type Panel } from '../src/grafana/index.ts';
import { dotsOf, seriesOf, tracesOf, type Asked } from './draw/ask.ts';
import { chart } from './draw/chart.ts';
import { bars, number, table, traces } from './draw/list.ts';
import { card, picture, text, type Box } from './draw/svg.ts';

const WIDTH = 1200;
const COLUMNS = 24;
/** Of one of Grafana's rows. */
const UNIT = 26;
const GAP = 8;

const { values } = parseArgs({
  options: {
    prometheus: { type: 'string' },
    tempo: { type: 'string' },
    from: { type: 'string', default: String(Date.now() / 1_000 - 3_600) },
    to: { type: 'string', default: String(Date.now() / 1_000) },
    board: { type: 'string', default: 'swarmscope-overview' },
    rows: { type: 'string', default: '99' },
    out: { type: 'string' },
  },
});
const board = boards.find(({ uid }) => uid === values.board);
if (board === undefined) throw new Error(`No board is called ${values.board}; there are ${boards.map(({ uid }) => uid).join(', ')}.`);
const { prometheus, tempo } = values;
// docker-compose.yml publishes neither.
if (prometheus === undefined || tempo === undefined)
  throw new Error('Name both: --prometheus URL --tempo URL. node test/harness/stack/by-hand.ts prints them.');
const asked: Asked = { prometheus, tempo, from: Number(values.from), to: Number(values.to) };

async function draw(panel: Panel, box: Box): Promise<string[]> {
  if (panel.kind === 'text') return [];
  if (panel.kind === 'traces') return traces(await tracesOf(panel, asked), box);
  const series = await seriesOf(panel, asked);
  if (panel.kind === 'timeseries') return chart(panel, { series, dots: await dotsOf(panel, asked) }, asked, box);
  return { stat: number, bars, table }[panel.kind](panel, series, box);
}

const parts: string[] = [text(GAP + 4, 26, board.title, 'text heading')];
let y = 40;
for (const row of board.rows.slice(0, Number(values.rows))) {
  parts.push(text(GAP + 4, y + 14, row.title, 'quiet title'));
  y += 24;
  let x = 0;
  let height = 0;
  for (const panel of row.panels) {
    if (x + panel.width > COLUMNS) {
      y += height * UNIT;
      [x, height] = [0, 0];
    }
    const column = (WIDTH - GAP) / COLUMNS;
    const box: Box = { x: GAP + x * column, y, width: panel.width * column - GAP, height: panel.height * UNIT - GAP };
    parts.push(card(box, panel.title), ...(await draw(panel, box)));
    x += panel.width;
    height = Math.max(height, panel.height);
  }
  y += height * UNIT;
}
const out = values.out ?? `docs/pictures/${board.uid}.svg`;
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, picture(WIDTH, y + GAP, `${board.title}: ${board.description}`, parts));
console.log(`${out}: ${WIDTH} x ${y + GAP}`);
