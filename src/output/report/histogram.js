// Histograms: bars with labelled buckets, and small ones for the cells of tables.

// The label of the bucket in which the value lies that `share` of all values do not exceed.
function quantile(buckets, share) {
  const total = sum(buckets.map((bucket) => bucket[2]));
  const wanted = Number(total) * share;
  let seen = 0;
  for (const [, label, count] of buckets) {
    seen += approximate(count);
    if (seen >= wanted && seen > 0) return label;
  }
  return '';
}

function histogram(buckets, title) {
  const counts = buckets.map((bucket) => approximate(bucket[2]));
  const largest = Math.max(1, ...counts);
  const total = counts.reduce((a, b) => a + b, 0);
  const lines = buckets.map(([, label, count], i) => el('tr', {title: label + ': ' + percent(counts[i], total)},
      el('th', {scope: 'row'}, label),
      el('td', {class: 'count'}, formatCell(count)),
      el('td', {class: 'track'}, el('span', {class: 'bar', vars: {width: (100 * counts[i] / largest).toFixed(2) + '%'}})),
      el('td', {class: 'share'}, percent(counts[i], total))));
  const quantiles = [['median', 0.5], ['90%', 0.9], ['99%', 0.99]].map(([name, share]) => el('span', {},
      name + ' ', el('b', {}, quantile(buckets, share))));
  return el('figure', {class: 'histogram'},
      el('figcaption', {}, title && el('strong', {}, title),
         el('span', {}, plural(sum(buckets.map((bucket) => bucket[2])), 'value')), quantiles),
      el('table', {'aria-label': title || 'Histogram'},
         el('thead', {class: 'unseen'}, el('tr', {},
             ['bucket', 'count', 'bar', 'share'].map((name) => el('th', {scope: 'col'}, name)))),
         el('tbody', {}, lines)));
}

// Bars without labels, 4 pixels each.
function sparkBars(buckets) {
  const counts = buckets.map((bucket) => approximate(bucket[2]));
  const largest = Math.max(1, ...counts);
  const picture = svg('svg', {width: Math.max(1, 5 * counts.length), height: 18, 'aria-hidden': 'true'});
  counts.forEach((count, i) => {
    const height = count ? Math.max(1, 18 * count / largest) : 0;
    picture.append(svg('rect', {x: 5 * i, y: 18 - height, width: 4, height}));
  });
  return picture;
}

// Histograms of a map with keys: the largest as bars, all of them as rows.
const LARGE_HISTOGRAMS = 6;

function histograms(map, rows) {
  const at = map.keys.length;
  const largest = rows.slice().sort((a, b) => compareCells(b[at], a[at], map.values[0]));
  const shown = map.keys.length ? largest.slice(0, LARGE_HISTOGRAMS) : rows;
  return el('div', {},
      rows.length > shown.length && el('p', {class: 'note'}, 'The ' + shown.length + ' with the most values of ' +
          format(rows.length) + '; the table has all.'),
      el('div', {class: shown.length > 1 ? 'multiples' : ''},
         shown.map((row) => histogram(row[at], keyText(map, row)))));
}
