// A histogram over time: a column for each time it was printed, darker where more values lie.

const HEAT_LEFT = 92;

function heatMap(map, keyName) {
  const at = map.keys.length;
  const states = map.snapshots.map((state) => ({
    time: state.at,
    row: state.rows.find((row) => keyText(map, row) === keyName),
  }));
  const labels = new Map();
  for (const {row} of states) {
    for (const [low, label] of row ? row[at] : []) labels.set(label, exact(low));
  }
  const buckets = [...labels.keys()].sort((a, b) => (labels.get(a) < labels.get(b) ? 1 : -1));
  const counts = states.map(({row}) => new Map((row ? row[at] : []).map(([, label, count]) => [label, count])));
  let largest = 1;
  for (const column of counts) for (const count of column.values()) largest = Math.max(largest, approximate(count));
  const height = Math.max(14, Math.min(24, 320 / Math.max(1, buckets.length)));
  const box = el('div', {class: 'chart'});
  const bottom = buckets.length * height;
  drawByWidth(box, (width) => {
    const room = (width - HEAT_LEFT - MARGIN.right) / states.length;
    const picture = svg('svg', {width, height: bottom + 26, role: 'img', 'aria-label': map.name + ' over time'});
    buckets.forEach((label, line) => picture.append(
        svg('text', {x: HEAT_LEFT - 8, y: (line + 0.5) * height + 4, 'text-anchor': 'end'}, label)));
    states.forEach((state, i) => buckets.forEach((label, line) => {
      const count = counts[i].get(label);
      const share = count ? Math.log1p(approximate(count)) / Math.log1p(largest) : 0;
      picture.append(svg('rect', {
        x: HEAT_LEFT + i * room, y: line * height, width: Math.max(1, room - (room > 6 ? 1 : 0)), height: height - 1,
        class: 'heat', 'fill-opacity': share ? (0.12 + 0.88 * share).toFixed(3) : 0.03,
      }, svg('title', {}, duration(state.time) + ', ' + label + ': ' + formatCell(count || 0))));
    }));
    const every = Math.max(1, Math.ceil(70 / room));
    states.forEach((state, i) => i % every === 0 && picture.append(
        svg('text', {x: HEAT_LEFT + (i + 0.5) * room, y: bottom + 18, 'text-anchor': 'middle'}, duration(state.time))));
    box.replaceChildren(picture);
  });
  return el('figure', {class: 'lines'}, box);
}
