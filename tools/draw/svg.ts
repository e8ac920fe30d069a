/** The parts of a picture: escaped text, cards, and one style that can be read on a light and on a dark page. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Told apart also by those who see few colours (Okabe and Ito's set, without its yellow and black). */
export const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'] as const;

const style = `
  svg { font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; }
  .page { fill: #f4f5f5 } .card { fill: #ffffff; stroke: #d9dadd } .text { fill: #24292e } .quiet { fill: #5d6570 }
  .grid { stroke: #e4e5e8; fill: none } .line { fill: none; stroke-width: 1.6; stroke-linejoin: round } .area { fill-opacity: .45; stroke: none }
  .limit { stroke: #c4162a; stroke-dasharray: 6 5; stroke-width: 1.4; fill: none } .title { font-weight: 600 } .heading { font-weight: 600; font-size: 14px }
  .dot { fill: #7d4bb3; fill-opacity: .55 } .number { font-size: 26px; font-weight: 600; text-anchor: middle } .words { font-size: 15px; font-weight: 600; text-anchor: middle } .right { text-anchor: end } .middle { text-anchor: middle }
  .green { fill: #2a7d3c } .yellow { fill: #96730a } .orange { fill: #b85a00 } .red { fill: #c4162a }
  @media (prefers-color-scheme: dark) {
    .page { fill: #111217 } .card { fill: #181b1f; stroke: #2c3138 } .text { fill: #e4e6ea } .quiet { fill: #9aa3b0 } .grid { stroke: #2a2f36 }
    .green { fill: #5cc271 } .yellow { fill: #e0b400 } .orange { fill: #ff9830 } .red { fill: #ff6673 } .limit { stroke: #ff6673 } .dot { fill: #b48be0 }
  }`;

export function picture(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${style}\n</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/** A panel's frame with its title. */
export function card({ x, y, width, height }: Box, title: string): string {
  return `<rect class="card" x="${x}" y="${y}" width="${width}" height="${height}" rx="3"/>${text(x + 10, y + 19, clipped(title, width - 20), 'text title')}`;
}

export function text(x: number, y: number, words: string, classes = 'text'): string {
  return `<text class="${classes}" x="${round(x)}" y="${round(y)}">${escaped(words)}</text>`;
}

/** Cut to what fits, at about 6.4 pixels a letter. */
export function clipped(words: string, width: number): string {
  const most = Math.max(1, Math.floor(width / 6.4));
  return words.length <= most ? words : `${words.slice(0, most - 1)}…`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
