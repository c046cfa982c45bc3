// @ts-check
// Bars and lines in SVG. The libraries that draw it need a DOM, or are larger than all that is measured here.

/** Colours that keep their contrast on white and on black. */
const COLOURS = ['#2f81f7', '#db6d28', '#2da44e', '#a371f7', '#bf8700', '#e5534b'];

const STYLE = `
text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1f2328}
.title{font-size:15px;font-weight:600}.small{font-size:11.5px;fill:#59636e}
.grid{stroke:#8c959f;stroke-opacity:.3}.axis{stroke:#59636e}
.faster{fill:${COLOURS[2]}}.slower{fill:${COLOURS[1]}}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.axis{stroke:#9198a1}}
`;

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

const at = (/** @type {number} */ value) => String(Math.round(value * 10) / 10);

/** @param {number} x @param {number} y @param {string} content @param {{ class?: string, anchor?: 'start' | 'middle' | 'end' }} [how] */
const text = (x, y, content, { class: name = '', anchor = 'start' } = {}) =>
  `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}"${name && ` class="${name}"`}>${escaped(content)}</text>`;

/** @param {string} name @param {[number, number, number, number]} ends */
const stroke = (name, [x1, y1, x2, y2]) =>
  `<line class="${name}" x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}"/>`;

/** @param {number} width @param {number} height @param {string} title for those who do not see it @param {string[]} parts */
const document = (width, height, title, parts) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">` +
  `<title>${escaped(title)}</title><style>${STYLE}</style>\n${parts.join('\n')}\n</svg>\n`;

/** Maps values to places. @typedef {{ place: (value: number) => number, ticks: number[] }} Scale */

const STEPS = [1, 2, 5];

/** @param {[number, number]} domain above 0 @param {[number, number]} range @returns {Scale} */
export function logarithmic([low, high], [from, to]) {
  const [bottom, top] = [Math.log(low), Math.log(high)];
  const place = (/** @type {number} */ value) =>
    from + ((Math.log(value) - bottom) / (top - bottom || 1)) * (to - from);
  const decades = Array.from({ length: 16 }, (_, at) => at - 6);
  const every = decades.flatMap((power) => STEPS.map((step) => Number(`${step}e${power}`)));
  const inside = every.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
  return {
    place,
    ticks:
      inside.length > 9 ? inside.filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6)) : inside,
  };
}

/** From 0. @param {number} high @param {[number, number]} range @returns {Scale} */
export function linear(high, [from, to]) {
  const top = high > 0 ? high : 1;
  const power = 10 ** Math.floor(Math.log10(top / 4));
  const step = power * ([1, 2, 5].find((factor) => top / (factor * power) <= 6) ?? 10);
  const ticks = Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, at) =>
    Number((at * step).toPrecision(12)),
  );
  return { place: (value) => from + (value / top) * (to - from), ticks };
}

/** A ratio by name. @typedef {{ title: string, bars: { name: string, ratio: number | undefined }[] }} Panel */

const PANEL = { width: 372, left: 96, right: 46, row: 22, top: 42, bottom: 30 };

/** @param {Panel} panel @param {[number, number]} domain @param {(ratio: number) => string} shown */
function panelParts({ title, bars }, domain, shown) {
  const { width, left, right, row, top } = PANEL;
  const { place, ticks } = logarithmic(domain, [left, width - right]);
  const foot = top + bars.length * row;
  return [
    text(left, 20, title, { class: 'title' }),
    ...ticks.flatMap((tick) => [
      stroke('grid', [place(tick), top - 8, place(tick), foot]),
      text(place(tick), foot + 16, String(tick), { class: 'small', anchor: 'middle' }),
    ]),
    ...bars.flatMap(({ name, ratio }, index) => {
      const y = top + index * row;
      const label = text(left - 8, y + 11, name, { anchor: 'end' });
      if (ratio === undefined) return [label, text(place(1) + 6, y + 11, 'not measured', { class: 'small' })];
      const [from, to] = [Math.min(place(1), place(ratio)), Math.max(place(1), place(ratio))];
      const faster = ratio <= 1;
      const width = at(Math.max(1, to - from));
      return [
        label,
        `<rect class="${faster ? 'faster' : 'slower'}" x="${at(from)}" y="${at(y)}" width="${width}" height="14" rx="2"/>`,
        text(faster ? place(1) + 6 : to + 6, y + 11, shown(ratio)),
      ];
    }),
    stroke('axis', [place(1), top - 8, place(1), foot]),
  ];
}

/** Bars of ratios from 1, in panels, two beside each other: half and double are equally long. @param {string} title @param {string} note @param {Panel[]} panels @param {(ratio: number) => string} shown */
export function ratioBars(title, note, panels, shown) {
  const ratios = panels.flatMap(({ bars }) => bars.flatMap(({ ratio }) => (ratio === undefined ? [] : [ratio])));
  /** @type {[number, number]} */
  const domain = [Math.min(0.1, ...ratios) / 1.1, Math.max(2, ...ratios) * 1.1];
  const head = 58;
  const height = PANEL.top + PANEL.row * Math.max(1, ...panels.map(({ bars }) => bars.length)) + PANEL.bottom;
  const placed = panels.map((panel, index) => {
    const [x, y] = [(index % 2) * PANEL.width, head + Math.floor(index / 2) * height];
    return `<g transform="translate(${x} ${y})">\n${panelParts(panel, domain, shown).join('\n')}\n</g>`;
  });
  const total = head + Math.ceil(panels.length / 2) * height;
  const heading = [text(12, 24, title, { class: 'title' }), text(12, 44, note, { class: 'small' })];
  return document(PANEL.width * 2, total, title, [...heading, ...placed]);
}

/** @typedef {{ name: string, points: [number, number][], dashed?: boolean, colour?: number }} Series */
/** @typedef {{ label: string, logarithmic?: boolean }} Axis */

/** Lines through points. @param {{ title: string, x: Axis, y: Axis, series: Series[] }} plot */
export function linePlot({ title, x, y, series }) {
  const [width, left, right, top] = [744, 70, 36, 52 + 20 * Math.ceil(series.length / 2)];
  const [foot, height] = [top + 260, top + 310];
  const [xs, ys] = [0, 1].map((axis) => series.flatMap(({ points }) => points.map((point) => point[axis])));
  const scale = (/** @type {Axis} */ axis, /** @type {number[]} */ values, /** @type {[number, number]} */ range) =>
    axis.logarithmic
      ? logarithmic([Math.min(...values), Math.max(...values)], range)
      : linear(Math.max(...values) * (range === horizontal ? 1 : 1.1), range);
  /** @type {[number, number]} */
  const horizontal = [left, width - right];
  const [across, up] = [scale(x, xs, horizontal), scale(y, ys, [foot, top])];
  const legend = series.flatMap(({ name, dashed, colour }, index) => {
    const [from, line] = [left + (index % 2) * 330, 46 + Math.floor(index / 2) * 20];
    return [
      lineOf(
        [
          [from, line - 4],
          [from + 26, line - 4],
        ],
        colour ?? index,
        dashed,
      ),
      text(from + 34, line, name),
    ];
  });
  const tick = (/** @type {number} */ value) => value.toLocaleString('en-US', { maximumFractionDigits: 6 });
  return document(width, height, title, [
    text(12, 24, title, { class: 'title' }),
    ...legend,
    ...across.ticks.flatMap((value) => [
      stroke('grid', [across.place(value), top, across.place(value), foot]),
      text(across.place(value), foot + 18, tick(value), { class: 'small', anchor: 'middle' }),
    ]),
    ...up.ticks.flatMap((value) => [
      stroke('grid', [left, up.place(value), width - right, up.place(value)]),
      text(left - 8, up.place(value) + 4, tick(value), { class: 'small', anchor: 'end' }),
    ]),
    text(width - right, foot + 38, x.label, { class: 'small', anchor: 'end' }),
    text(12, top - 10, y.label, { class: 'small' }),
    ...series.flatMap(({ points, dashed, colour }, index) => {
      const placed = points.map(([a, b]) => /** @type {[number, number]} */ ([across.place(a), up.place(b)]));
      const fill = COLOURS[(colour ?? index) % COLOURS.length];
      const dots = placed.map(([a, b]) => `<circle cx="${at(a)}" cy="${at(b)}" r="3" fill="${fill}"/>`);
      return [lineOf(placed, colour ?? index, dashed), ...dots];
    }),
  ]);
}

/** @param {[number, number][]} points @param {number} colour @param {boolean} [dashed] */
function lineOf(points, colour, dashed) {
  const path = points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ');
  const dashes = dashed ? ' stroke-dasharray="5 4"' : '';
  return `<polyline points="${path}" fill="none" stroke="${COLOURS[colour % COLOURS.length]}" stroke-width="2"${dashes}/>`;
}
