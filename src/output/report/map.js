// The card of one map: its views, and which of its states they show.

const mapId = (name) => 'map-' + name.slice(1);

// What a map can be seen as: [name, make(state)], the best one first.
function viewsOf(map) {
  const views = [];
  const at = map.keys.length;
  const numbers = map.values.map((column, i) => ({column, i: at + i})).filter(({column}) => isNumber(column));
  const several = map.snapshots.length > 1;
  const histogramOnly = map.values.length === 1 && isHistogram(map.values[0]);
  const rowsOf = (state) => map.snapshots[state].rows;
  if (several && numbers.length && !map.keys.some(isStack)) views.push(['Over time', () => overTime(map, numbers)]);
  const seriesOnly = map.values.length === 1 && isSeries(map.values[0]);
  if (seriesOnly) views.push(['Time series', (state) => seriesView(map, rowsOf(state))]);
  // A series has no size that a frame could be as wide as.
  if (map.keys.some(isStack) && !seriesOnly) views.push(['Flame graph', (state) => new FlameGraph(map, rowsOf(state)).element]);
  if (histogramOnly) views.push(['Histogram', (state) => histograms(map, rowsOf(state))]);
  if (several && histogramOnly) views.push(['Over time', () => heatMaps(map)]);
  if (seriesOnly && !map.keys.length) {
    views.push(['Table', (state) => intervalTable(map, rowsOf(state)[0])]);
  } else if (map.keys.length || !histogramOnly) {
    views.push(['Table', (state) => new Table([...map.keys, ...map.values], rowsOf(state), {
      label: map.name, keys: map.keys.length, sort: weightColumn(map) < 0 ? 0 : weightColumn(map),
    }).element]);
  }
  return views;
}

// What can be drawn over time: each number by key, and all percentiles of one key.
function chartsOverTime(map, numbers) {
  const charts = numbers.map(({column, i}) => ({title: column.title, role: column.role, series: () => seriesOf(map, i)}));
  const percentiles = numbers.filter(({column}) => column.role === 'percentile');
  if (percentiles.length < 2) return charts;
  const ofKey = (title, name) => ({title, series: () => linesOfColumns(map, percentiles, name)});
  if (!map.keys.length) return [ofKey('percentiles', ''), ...charts];
  return [...charts, ...largestKeys(map).map((name) => ofKey('percentiles of ' + name, name))];
}

function overTime(map, numbers) {
  const charts = chartsOverTime(map, numbers);
  const holder = el('div');
  const show = ({title, series}) => holder.replaceChildren(
      new LineChart(series(), map.name + (charts.length > 1 ? ' ' + title : '')).element);
  const first = Math.max(0, charts.findIndex((chart) => chart.role !== 'weight'));
  show(charts[first]);
  if (charts.length < 2) return holder;
  return el('div', {}, el('div', {class: 'bar'}, choice('Value', charts.map((chart) => chart.title), first,
      (index) => show(charts[index]))), holder);
}

// Names of the keys that weigh most in all states together.
function largestKeys(map) {
  const totals = new Map();
  for (const state of map.snapshots) {
    for (const row of state.rows) {
      const name = keyText(map, row);
      totals.set(name, (totals.get(name) || 0) + weight(map, row));
    }
  }
  return [...totals.keys()].sort((a, b) => totals.get(b) - totals.get(a)).slice(0, 200);
}

function heatMaps(map) {
  const names = largestKeys(map);
  const holder = el('div', {}, heatMap(map, names[0]));
  if (!map.keys.length) return holder;
  return el('div', {}, el('div', {class: 'bar'}, choice('Key', names, 0,
      (index) => holder.replaceChildren(heatMap(map, names[index])))), holder);
}

function choice(label, names, chosen, onchoice) {
  return el('label', {class: 'choice'}, label + ' ', el('select', {onchange: (event) => onchoice(Number(event.target.value))},
      names.map((name, i) => el('option', {value: i, selected: i === chosen}, name))));
}

function mapSummary(map, state) {
  const shown = map.snapshots[state];
  const parts = [];
  if (map.keys.length) parts.push(plural(shown.entries, 'key'));
  const titles = map.values.map((column) => column.title).join(', ');
  if (map.keys.length) parts.push(titles + ' by ' + map.keys.map((column) => column.title).join(', '));
  const series = isSeries(map.values[0] || {}) && shown.rows.length && shown.rows[0][map.keys.length];
  if (series) parts.push('intervals of ' + intervalText(series));
  if (shown.rows.length < shown.entries) parts.push('the ' + format(shown.rows.length) + ' largest');
  if (shown.divisor) parts.push('divided by ' + formatCell(shown.divisor));
  parts.push(stateTime(shown));
  if (map.printed > 1) {
    parts.push('printed ' + plural(map.printed, 'time') +
        (map.printed > map.snapshots.length ? ', ' + format(map.snapshots.length) + ' of them kept' : ''));
  }
  return parts.join(' \u00b7 ');
}

function mapCard(map) {
  let state = lastState(map);
  const views = viewsOf(map);
  let view = 0;
  const summary = el('p', {class: 'summary'});
  const holder = el('div', {class: 'view'});
  const tabs = views.map(([name], i) => el('button', {type: 'button', 'aria-pressed': String(i === 0), onclick: () => {
    view = i;
    show();
  }}, name));
  const states = map.snapshots.length > 1 && choice('State', map.snapshots.map(stateTime), state, (index) => {
    state = index;
    show();
  });
  const show = () => {
    tabs.forEach((tab, i) => tab.setAttribute('aria-pressed', String(i === view)));
    if (states) states.hidden = views[view][0] === 'Over time';
    summary.textContent = mapSummary(map, state);
    holder.replaceChildren(map.snapshots.some((kept) => kept.rows.length) ? views[view][1](state) :
        el('p', {class: 'note'}, 'The map was empty whenever it was printed.'));
  };
  if (views.length) show();
  return el('section', {class: 'card', id: mapId(map.name), 'aria-label': map.name},
      el('div', {class: 'title'}, el('h2', {}, map.name), summary,
         el('div', {class: 'tabs'}, states, tabs.length > 1 && el('div', {class: 'group', role: 'group', 'aria-label': 'View of ' + map.name}, tabs))),
      holder);
}
