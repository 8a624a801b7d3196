/** Renders the results as SVG: bars with their spread, and curves. Supports light and dark themes. */
import type { Curve } from '../growth.ts';
import type { Result, Spread } from '../measure.ts';
import { SERVERS, type ServerName } from '../servers/index.ts';
import { WORKLOADS } from '../workloads.ts';

const WIDTH = 760;

const STYLE = `<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .small { font-size: 11px; fill: #59636e; }
  .grid { stroke: #d1d9e0; }
  .limit { stroke: #1f2328; stroke-dasharray: 4 3; }
  .spread { stroke: #1f2328; }
  .color0 { fill: #0969da; stroke: #0969da; }
  .color1 { fill: #8c959f; stroke: #8c959f; }
  .color2 { fill: #bf8700; stroke: #bf8700; }
  .line { fill: none; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .limit, .spread { stroke: #f0f6fc; }
    .color0 { fill: #4493f8; stroke: #4493f8; }
    .color1 { fill: #9198a1; stroke: #9198a1; }
    .color2 { fill: #d29922; stroke: #d29922; }
  }
</style>`;

function toSvg(height: number, description: string, content: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`;
  return [head, `<title>${description}</title>`, STYLE, ...content, '</svg>', ''].join('\n');
}

const fixed = (value: number): string => value.toFixed(1);

const text = (x: number, y: number, content: string, attributes = ''): string =>
  `<text x="${fixed(x)}" y="${fixed(y)}" ${attributes}>${content}</text>`;

const line = (from: readonly [number, number], to: readonly [number, number], name: string): string =>
  `<line x1="${fixed(from[0])}" y1="${fixed(from[1])}" x2="${fixed(to[0])}" y2="${fixed(to[1])}" class="${name}"/>`;

// ---------------------------------------------------------------- bars

const BARS_LEFT = 230;
const BAR_HEIGHT = 14;
const BAR_STEP = 20;
const GROUP_GAP = 30;
const TOP = 40;

/** Bars of each server's share of the limit, by workload. */
export function drawComparison(results: readonly Result[]): string {
  const workloads = [...new Set(results.map(({ workload }) => workload))];
  const servers = [...new Set(results.map(({ server }) => server))].filter((server) => server !== 'limit');
  const scale = createScale(Math.max(1, ...results.map(({ ratio }) => ratio.median)));
  const groupHeight = servers.length * BAR_STEP + GROUP_GAP;
  const bottom = TOP + workloads.length * groupHeight;
  const groups = workloads.flatMap((workload, group) => {
    const top = TOP + group * groupHeight;
    const bars = servers.flatMap((server, index) => {
      const { ratio } = results.find((result) => result.workload === workload && result.server === server)!;
      return drawBar(server, ratio, index, top + 10 + index * BAR_STEP, scale);
    });
    return [text(12, top, WORKLOADS[workload].title, 'class="title"'), ...bars];
  });
  const title = 'Operations per CPU second, as a share of the limit';
  return toSvg(bottom + 20, title, [text(12, 18, title), ...drawGrid(scale, bottom), ...groups]);
}

type Scale = (value: number) => number;

function createScale(maximum: number): Scale {
  return (value) => BARS_LEFT + (Math.min(value, maximum) / maximum) * (WIDTH - BARS_LEFT - 60);
}

function drawGrid(scale: Scale, bottom: number): string[] {
  return [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    line([scale(share), TOP - 8], [scale(share), bottom - 10], share === 1 ? 'limit' : 'grid'),
    text(scale(share), bottom + 6, share === 1 ? 'limit' : share.toFixed(2), 'class="small" text-anchor="middle"'),
  ]);
}

function drawBar(server: ServerName, ratio: Spread, color: number, y: number, scale: Scale): string[] {
  const { median, minimum, maximum } = ratio;
  const middle = y + BAR_HEIGHT / 2;
  const width = fixed(scale(median) - BARS_LEFT);
  return [
    text(BARS_LEFT - 8, y + 11, SERVERS[server].title, 'text-anchor="end"'),
    `<rect x="${BARS_LEFT}" y="${fixed(y)}" width="${width}" height="${BAR_HEIGHT}" class="color${color % 3}"/>`,
    line([scale(minimum), middle], [scale(maximum), middle], 'spread'),
    text(WIDTH - 44, y + 11, median.toFixed(2)),
  ];
}

// ---------------------------------------------------------------- curves

export interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
  /** Whether the x axis is logarithmic. Defaults to false. */
  readonly isLogarithmic?: boolean;
}

const PANEL_HEIGHT = 210;
const PLOT = { left: 60, right: WIDTH - 30, top: 40, bottom: 165 };

/** Draws panels one below the other. */
export function drawCurves(panels: readonly Panel[]): string {
  const content = panels.flatMap((panel, index) => [
    `<g transform="translate(0 ${index * PANEL_HEIGHT})">`,
    ...drawPanel(panel),
    '</g>',
  ]);
  return toSvg(panels.length * PANEL_HEIGHT, panels.map(({ title }) => title).join('; '), content);
}

function drawPanel({ title, curves, isLogarithmic = false }: Panel): string[] {
  const points = curves.flatMap((curve) => curve.points);
  const toStep = isLogarithmic ? Math.log : (x: number): number => x;
  const steps = points.map(({ x }) => toStep(x));
  const [first, last] = [Math.min(...steps), Math.max(...steps)];
  const maximumY = Math.max(...points.map(({ value }) => value.median)) * 1.1;
  const atX = (x: number): number => PLOT.left + ((toStep(x) - first) / (last - first)) * (PLOT.right - PLOT.left);
  const atY = (y: number): number => PLOT.bottom - (y / maximumY) * (PLOT.bottom - PLOT.top);
  const marks = [...new Set(points.map(({ x }) => x))].filter(
    (_, index, all) => index % Math.ceil(all.length / 10) === 0,
  );
  return [
    text(12, 18, title, 'class="title"'),
    ...[0, 0.5, 1].flatMap((share) => [
      line([PLOT.left, atY(share * maximumY)], [PLOT.right, atY(share * maximumY)], 'grid'),
      text(
        PLOT.left - 8,
        atY(share * maximumY) + 4,
        String(Math.round(share * maximumY)),
        'class="small" text-anchor="end"',
      ),
    ]),
    ...marks.map((x) => text(atX(x), PLOT.bottom + 18, x.toLocaleString('en'), 'class="small" text-anchor="middle"')),
    ...curves.flatMap(({ title: name, points: own }, index) => {
      const path = own.map(({ x, value }) => `${fixed(atX(x))},${fixed(atY(value.median))}`).join(' ');
      const legend = text(
        PLOT.left + 8 + index * 180,
        PLOT.top - 6,
        `■ ${name}`,
        `class="small color${index * 2}" style="stroke: none"`,
      );
      return [`<polyline points="${path}" class="color${index * 2} line"/>`, legend];
    }),
  ];
}
