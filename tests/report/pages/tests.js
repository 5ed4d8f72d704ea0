same(texts('#tests thead th'), ['test', 'result', 'reason']);
same(column(one('#tests'), 1), ['failed', 'passed']);
check(texts('#tests tbody td').some((text) => text.includes('it has reported an error')), 'the reason');
coloured('.code');
