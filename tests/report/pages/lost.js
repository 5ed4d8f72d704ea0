check(one('.loss').classList.contains('bad'), 'the loss stands out');
same(one('.loss dd').textContent.replace(/^\W+/, ''), '15 updates of @few');
same(texts('.log .l-lost').map((text) => text.replace(/^[\d.]*/, '')), ['Lost 15 updates of @few']);
coloured('.loss');
