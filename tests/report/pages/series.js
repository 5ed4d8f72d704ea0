const clock = /^\d\d:\d\d(:\d\d(\.\d+)?)?$/;
const depth = one('#map-depth');
same(texts('.tabs .group button', depth), ['Time series', 'Table']);
check(one('.summary', depth).textContent.includes('intervals of 20 ms'), one('.summary', depth).textContent);
const axis = () => texts('.grid text', depth).filter((text) => clock.test(text));
check(axis().length >= 2, 'times of day on the axis: ' + texts('.grid text', depth));
same([...axis()].sort(), axis(), 'times in order');
// The time of the host, as the head says it: within the run.
const started = JSON.parse(one('#data').textContent).about.started;
const picture = one('.chart svg', depth);
picture.focus();
key('Home', picture);
const read = one('.reading', depth).textContent;
check(read.startsWith(started.slice(0, 13)) || read.slice(14, 16) < started.slice(14, 16), 'reads ' + read + ' of a run from ' + started);
check(read.includes('.') && read.includes(' ' + started.slice(-5)), 'milliseconds and the zone: ' + read);
const levels = texts('.grid text', depth).filter((text) => !clock.test(text)).map(Number);
check(levels.length >= 4 && levels[0] < 0 && levels[levels.length - 1] > 0, 'levels: ' + levels);
// The states: the first one has about half of the intervals.
const points = () => one('.series path', depth).getAttribute('d').split(/[ML]/).length - 1;
const whole = points();
const states = one('select', one('.tabs', depth));
same(states.options.length, 2, 'states');
states.value = '0';
states.dispatchEvent(new Event('change'));
await frames();
check(points() < 0.7 * whole && points() > 0.2 * whole, points() + ' of ' + whole);
states.value = '1';
states.dispatchEvent(new Event('change'));
button('Table', depth).click();
await frames();
const values = column(depth, 1).filter((text) => /\d/.test(text)).map(Number);  // A busy machine may leave one out.
check(values.length > 20 && values.every((value) => value >= -30 && value < 70), 'values: ' + values);
check(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(column(depth, 0)[0]), column(depth, 0)[0]);
button('Time series', depth).click();
// Many keys: eight lines with gaps, the others in the table.
const queue = one('#map-queue');
same(all('.series path', queue).length, 8, 'lines');
check(all('.series path', queue).every((path) => path.getAttribute('d').split('M').length > 3), 'lines have gaps');
check(one('.legend', queue).textContent.includes('and 2 smaller keys'), one('.legend', queue).textContent);
check(one('.legend', queue).textContent.includes('9, \\x1b[31mqueue'), 'escaped once: ' + one('.legend', queue).textContent);
key('End', one('.chart svg', queue));
check(one('.reading', queue).textContent.includes('none'), 'an interval without a value');
button('Table', queue).click();
await frames();
same(all('tbody tr', queue).length, 10);
same(all('.trend path', queue).length, 10, 'lines in cells');
same(column(queue, 0), ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'].reverse());
button('series', queue).click();
const last = column(queue, 2).map(Number);
same(last, last.slice().sort((a, b) => b - a), 'by the last value');
check(one('td.number[title]', queue).title.includes('intervals of 40 ms, the last '), 'a cell in words');
all('tbody tr', queue)[0].click();
await frames();
check(all('.details .series path', queue).length === 1, 'the details draw the series');
button('Time series', queue).click();
// No flame graph without sizes; a name of one key of stacks.
check(!texts('.tabs button', one('#map-stacks')).includes('Flame graph'), 'stacks of series');
check(one('.summary', one('#map-days')).textContent.includes('intervals of 1 day'), one('.summary', one('#map-days')).textContent);
// Intervals of a day and of a microsecond.
check(texts('.grid text', one('#map-days')).some((text) => /^\d{4}-\d\d-\d\d$/.test(text)), 'dates');
button('Table', one('#map-large')).click();
await frames();
same(column(one('#map-large'), 1), ['18,446,744,073,709,551,615']);
check(/\.\d{6}$/.test(column(one('#map-large'), 0)[0]), column(one('#map-large'), 0)[0]);
await frames();
coloured('#map-depth .chart');
coloured('#map-queue .chart');
