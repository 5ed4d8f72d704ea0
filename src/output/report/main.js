// The page: head, contents and the cards of what the run has shown.

const sections = [];

function card(id, title, note, ...content) {
  return el('section', {class: 'card', id, 'aria-label': title},
      el('div', {class: 'title'}, el('h2', {}, title), note && el('p', {class: 'summary'}, note)), ...content);
}

function add(id, name, kind, element) {
  sections.push({id, name, kind});
  document.getElementById('results').append(element);
}

// Scalar maps that were printed once are figures, not tables.
const isFigure = (map) => !map.keys.length && map.snapshots.length === 1 && !map.values.some((column) => isHistogram(column) || isSeries(column));

function figures(maps) {
  return el('div', {class: 'figures'}, maps.map((map) => el('div', {class: 'figure', id: mapId(map.name)},
      el('h3', {}, map.name),
      map.snapshots[0].rows.map((row) => el('dl', {}, map.values.map((column, i) => el('div', {},
          el('dt', {}, column.title), el('dd', {class: !isNumber(column) ? 'words' : cellText(row[i], column).length > 14 ? 'long' : ''}, cellLines(row[i], column)))))))));
}

function lossText() {
  const parts = [];
  if (exact(data.lost.events) > 0) parts.push(plural(exact(data.lost.events), 'event'));
  if (exact(data.lost.stacks) > 0) parts.push(plural(exact(data.lost.stacks), 'stack'));
  if (exact(data.lost.calls) > 0) parts.push(plural(exact(data.lost.calls), 'call') + ' of kernel functions');
  for (const [name, count] of data.lost.maps) parts.push(plural(exact(count), 'update') + ' of ' + name);
  return parts;
}

function themeButton() {
  const button = el('button', {type: 'button', class: 'theme', onclick: () => {
    const dark = document.documentElement.dataset.theme === 'dark' ||
        (!document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
    document.documentElement.dataset.theme = dark ? 'light' : 'dark';
  }}, 'Light / dark');
  return button;
}

function head() {
  const about = data.about;
  const losses = lossText();
  const fact = (name, value) => value && el('div', {}, el('dt', {}, name), el('dd', {}, value));
  const name = about.name === 'stdin' ? 'Trace report' : about.name.replace(/^.*\//, '');
  document.title = name + ' \u2013 sonde report';
  document.getElementById('head').append(
      el('div', {class: 'brand'}, el('span', {class: 'mark', 'aria-hidden': 'true'}), 'sonde'),
      el('h1', {}, name), themeButton(),
      el('dl', {class: 'facts'},
         fact('Started', about.started), fact('Duration', duration(about.duration)),
         fact('Probes', format(about.probes)), fact('Host', about.host), fact('System', about.system),
         el('div', {class: losses.length ? 'loss bad' : 'loss'}, el('dt', {}, 'Lost'),
            el('dd', {}, losses.length ? '\u26a0 ' + losses.join(', ') : '\u2713 nothing'))));
  document.getElementById('foot').append('Made by sonde ' + about.version + '. Everything in this page is in this file: it loads nothing.');
}

function tests() {
  const kinds = new Set(data.tests.map((row) => row[0]));
  if (kinds.has('test')) {
    add('tests', 'Tests', 'table', card('tests', 'Tests', '', new Table(
        [{title: 'test', kind: 'text'}, {title: 'result', kind: 'text'}, {title: 'reason', kind: 'text'}],
        data.tests.filter((row) => row[0] === 'test').map((row) => row.slice(1)), {label: 'Tests', sort: 1}).element));
  }
  if (kinds.has('benchmark')) {
    add('benchmarks', 'Benchmarks', 'table', card('benchmarks', 'Benchmarks', 'Nanoseconds of one run', new Table(
        [{title: 'benchmark', kind: 'text'}, {title: 'nanoseconds', kind: 'number'}],
        data.tests.filter((row) => row[0] === 'benchmark').map((row) => row.slice(1, 3)), {label: 'Benchmarks', keys: 1}).element));
  }
}

const KINDS = [['flame', (map) => map.keys.some(isStack)], ['histogram', (map) => map.values.some(isHistogram)],
  ['lines', (map) => map.snapshots.length > 1 || map.values.some(isSeries)], ['table', () => true]];

function build() {
  head();
  const small = data.maps.filter(isFigure);
  if (small.length) add('figures', 'Figures', 'figure', card('figures', 'Figures', '', figures(small)));
  for (const map of data.maps) {
    if (!isFigure(map)) add(mapId(map.name), map.name, KINDS.find(([, fits]) => fits(map))[0], mapCard(map));
  }
  tests();
  // Without text between them the places where maps were printed say nothing.
  if (data.log.lines.some((line) => line[1] !== 'map')) add('log', 'Printed text', 'log', card('log', 'Printed text', '', new Log(data.log).element));
  if (!sections.length) add('empty', 'Results', 'log', card('empty', 'No results', 'The script printed nothing, and its maps were empty.'));
  add('script', 'Script', 'script', card('script', 'Script', data.about.name, highlighted(data.about.script),
      el('p', {class: 'command'}, el('span', {}, 'Command line'), el('code', {}, data.about.command))));
  document.getElementById('contents').append(el('ul', {}, sections.map(({id, name, kind}) =>
      el('li', {}, el('a', {href: '#' + id, class: 'n-' + kind}, name)))));
}

build();
