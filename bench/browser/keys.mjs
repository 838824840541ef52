// A page by the keyboard alone, from the top to the end: the skip link first, every control reached once in the order
// it is read, the focus always seen, and nothing that holds it; what opens closes with Escape and gives the focus back.

// Inside the page: what is there to be reached, and what each step of the walk is like.
function install() {
  const d = document, x = window.walked = { order: [], faults: new Set(), look: null };
  const shown = e => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length;
  const name = e => {
    const text = (e.getAttribute('aria-label') || e.innerText || e.textContent || e.name || '').trim();
    return `${e.tagName.toLowerCase()} "${text.replace(/\s+/g, ' ').slice(0, 40)}"`;
  };
  const group = e => e.closest('[data-roving]') ?? (e.type === 'radio' ? e.form : null);
  x.name = name;
  x.wanted = () => {
    const once = new Set();
    return [...d.querySelectorAll('a,button,input,select,textarea,summary,[tabindex]')].filter(e => {
      if (e.matches('a:not([href])') || e.disabled || e.type === 'hidden' || e.tabIndex < 0 || !shown(e)) return false;
      const g = group(e), key = g && e.type === 'radio' ? `${[...d.forms].indexOf(g)} ${e.name}` : g;
      if (!key) return true;
      return !once.has(key) && once.add(key);
    });
  };
  const look = e => [e, ...(e.ownerSVGElement ? e.querySelectorAll('*') : [])].map(k => {
    const s = getComputedStyle(k);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.stroke, s.strokeWidth].join();
  }).join(';');
  const place = e => (e.ownerSVGElement?.closest('svg') ?? e).getClientRects()[0];
  // Beside or below what came before, as one reads; a column may begin higher, to the right.
  function order(a, b, e) {
    if (!a) return;
    const above = b.bottom <= a.top + 1 && b.left < a.right - 1;
    const row = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > Math.min(a.height, b.height) / 2;
    if (above || (row && b.right <= a.left + 1)) x.faults.add(`${name(e)} comes after what stands behind it`);
  }
  // The ring is 3 px wide: three of its sides must be seen, whatever scrolls around it.
  function clipped(e, r) {
    for (let p = e.parentElement; p && p !== d.body; p = p.parentElement) {
      const s = getComputedStyle(p);
      if (p instanceof SVGElement || (s.overflowX === 'visible' && s.overflowY === 'visible')) continue;
      const c = p.getBoundingClientRect();
      const cut = (r.left - 3 < c.left - .5) + (r.top - 3 < c.top - .5) + (r.right + 3 > c.right + .5) +
        (r.bottom + 3 > c.bottom + .5);
      if (cut > 1) x.faults.add(`${name(e)}: the ring of its focus is cut off by ${p.className || p.tagName}`);
    }
  }
  function covered(e) {
    const r = e.getClientRects()[0];
    const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .2], [.5, .8]];
    const free = points.some(([u, v]) => {
      const at = d.elementFromPoint(r.left + r.width * u, r.top + r.height * v);
      return at && (at === e || e.contains(at) || at.contains(e) || at.closest('label')?.control === e ||
        (e.ownerSVGElement && at.ownerSVGElement));
    });
    if (!free) x.faults.add(`${name(e)} has the focus where it is not seen`);
  }
  // Before a press of Tab: who has the focus by the one before it.
  function step() {
    const e = d.activeElement, last = x.order.at(-1);
    if (last && last.e !== e && last.look === look(last.e)) x.faults.add(`${name(last.e)} looks the same with the focus`);
    x.around = last && (!e || e === d.body || e === d.documentElement || e === x.order[0].e);
    if (x.around || last?.e === e || e === d.body) return;         /* a date has parts */
    const r = place(e), at = { left: r.left + scrollX, right: r.right + scrollX, top: r.top + scrollY,
      bottom: r.bottom + scrollY, height: r.height };
    if (!e.matches('.skip') && !last?.e.closest('thead')) order(last?.at, at, e);   /* on a phone heads come and go */
    if (!e.matches('input[type=checkbox],input[type=radio]')) clipped(e, e.getClientRects()[0]);
    covered(e);
    x.order.push({ e, at: e.matches('.skip') ? null : at, look: look(e) });
    if (e.tagName === 'SUMMARY' && !e.closest('.menu')) e.parentElement.open = true;
  }
  addEventListener('keydown', e => { if (e.key === 'Tab' && !x.around) step(); }, true);
  // Every mark of a chart by its arrows, from the one that Tab comes to.
  x.arrows = g => {
    const marks = [...g.querySelectorAll('a')].filter(shown);
    if (!marks.length) return;
    const found = new Set([marks.find(m => m.tabIndex === 0)]), todo = [...found];
    if (!todo[0]) { x.faults.add('a chart that Tab does not come to'); return; }
    while (todo.length) {
      const from = todo.pop();
      for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
        from.focus();
        from.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        const to = d.activeElement;
        if (!found.has(to)) { found.add(to); todo.push(to); }
      }
    }
    if (found.size < marks.length) x.faults.add(`arrows come to ${found.size} of ${marks.length} marks of a chart`);
    if (marks.filter(m => m.tabIndex === 0).length !== 1) x.faults.add('a chart with more than one stop');
  };
  x.missed = () => x.wanted().filter(e => !x.order.some(o => o.e === e ||
    (group(e) && group(o.e) === group(e) && (e.type !== 'radio' || o.e.name === e.name)))).map(name);
}

const MOST = 900, AT_ONCE = 30;

async function menu(page, faults) {
  const summary = page.locator('details.menu > summary');
  if (!await summary.isVisible().catch(() => false)) return;
  await summary.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const inside = await page.evaluate(() => !!document.activeElement.closest('details.menu ul'));
  if (!inside) faults.push('the menu does not open by Enter, or Tab does not come into it');
  await page.keyboard.press('Escape');
  const back = await page.evaluate(() => document.activeElement === document.querySelector('.menu > summary') &&
    !document.querySelector('.menu').open);
  if (!back) faults.push('Escape does not close the menu and give the focus back');
}

async function twin(page, faults) {
  const summary = page.locator('main details > summary').first();
  if (!await summary.isVisible().catch(() => false)) return;
  const open = () => summary.evaluate(s => s.parentElement.open);
  const was = await open();
  await summary.focus();
  await page.keyboard.press('Enter');
  if (await open() === was) faults.push('what folds does not by Enter');
}

async function charts(page, faults) {
  await page.evaluate(() => document.querySelectorAll('[data-roving]').forEach(window.walked.arrows));
  const mark = page.locator('[data-roving] a[data-tip]:visible').first();
  if (!await mark.count()) return;
  await mark.focus();
  const told = await page.evaluate(() => !document.getElementById('tip').hidden);
  await page.keyboard.press('Escape');
  if (!told || !await page.evaluate(() => document.getElementById('tip').hidden))
    faults.push('the tip of a mark is not told with the focus and taken away by Escape');
}

// Enter in a field sends its form by the button that stands first, as a click on it would.
async function enter(page, faults) {
  await page.evaluate(() => {
    window.sent = [];
    addEventListener('submit', e => { e.preventDefault(); window.sent.push(e.target); }, true);
    addEventListener('invalid', e => window.sent.push(e.target.form), true);
  });
  const forms = await page.evaluate(() => [...document.forms].map((f, i) => [i, [...f.elements].findIndex(e =>
    e.matches('input[type=text],input[type=search],input[type=password],input:not([type])') &&
    e.checkVisibility() && !e.disabled)]).filter(([, k]) => k >= 0));
  for (const [i, k] of forms) {
    await page.evaluate(([i, k]) => { window.sent = []; document.forms[i].elements[k].focus(); }, [i, k]);
    await page.keyboard.press('Enter');
    if (!await page.evaluate(i => window.sent.includes(document.forms[i]), i))
      faults.push(`Enter does not send form ${i}`);
  }
}

async function skip_link(page, faults) {
  await page.evaluate(() => document.querySelector('.skip').focus());
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const there = await page.evaluate(() => {
    const e = document.activeElement;
    return document.querySelector('main').contains(e) || !document.querySelector('main :is(a,button,input,select)');
  });
  if (!there) faults.push('the skip link does not lead to the content');
}

// All that the keyboard shows of a page that was just opened; leaves it with its parts unfolded.
export async function by_keyboard(page) {
  const faults = [];
  await page.evaluate(install);
  // From the top, wherever the page has put the focus.
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  const framed = await page.locator('.skip').count();    // a document for paper has no frame to skip
  await page.keyboard.press('Tab');
  if (framed && !await page.evaluate(() => document.activeElement.matches('.skip') &&
    document.activeElement.getBoundingClientRect().top >= 0)) faults.push('the skip link is not the first stop');
  const cdp = await page.context().newCDPSession(page);
  const tab = { type: 'rawKeyDown', key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
  let steps = 0;
  while (steps < MOST && !await page.evaluate(() => window.walked.around || !window.walked.wanted().length)) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => cdp.send('Input.dispatchKeyEvent', tab)));
    steps += AT_ONCE;
  }
  await cdp.detach();
  if (steps >= MOST) faults.push('Tab does not come around');
  const missed = await page.evaluate(() => window.walked.missed());
  if (missed.length) faults.push(`Tab does not come to ${missed.length}: ${missed.slice(0, 3).join(', ')}`);
  if (framed) await skip_link(page, faults);
  await menu(page, faults);
  await twin(page, faults);
  await charts(page, faults);
  await enter(page, faults);
  const seen = await page.evaluate(() => [...window.walked.faults]);
  return { faults: [...faults, ...seen].map(f => `keyboard: ${f}`), steps };
}
