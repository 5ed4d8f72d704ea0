check(one('#empty h2').textContent === 'No results', 'says so');
same(one('.loss dd').textContent.replace(/^\W+/, ''), 'nothing');
// Light and dark by hand.
const before = getComputedStyle(document.body).backgroundColor;
one('.theme').click();
check(getComputedStyle(document.body).backgroundColor !== before, 'the button changes the colours');
one('.theme').click();
coloured('.code');
