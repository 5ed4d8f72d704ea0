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
  if (map.keys.some(isStack)) views.push(['Flame graph', (state) => new FlameGraph(map, rowsOf(state)).element]);
  if (histogramOnly) views.push(['Histogram', (state) => histograms(map, rowsOf(state))]);
  if (several && histogramOnly) views.push(['Over time', () => heatMaps(map)]);
  if (map.keys.length || !histogramOnly) {
    views.push(['Table', (state) => new Table([...map.keys, ...map.values], rowsOf(state), {
      label: map.name, keys: map.keys.length, sort: weightColumn(map) < 0 ? 0 : weightColumn(map),
    }).element]);
  }
  return views;
}

function overTime(map, numbers) {
  const holder = el('div');
  const show = ({column, i}) => holder.replaceChildren(
      new LineChart(seriesOf(map, i), map.name + (numbers.length > 1 ? ' ' + column.title : '')).element);
  show(numbers[0]);
  if (numbers.length < 2) return holder;
  return el('div', {}, el('div', {class: 'bar'}, choice('Value', numbers.map(({column}) => column.title), 0,
      (index) => show(numbers[index]))), holder);
}

function heatMaps(map) {
  const totals = new Map();
  for (const state of map.snapshots) {
    for (const row of state.rows) {
      const name = keyText(map, row);
      totals.set(name, (totals.get(name) || 0) + weight(map, row));
    }
  }
  const names = [...totals.keys()].sort((a, b) => totals.get(b) - totals.get(a)).slice(0, 200);
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
