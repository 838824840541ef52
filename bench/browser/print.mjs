// Pages as paper: A4, whole, in vectors, with the heads of tables on every sheet, and nothing that only a screen uses.
import { execFileSync } from 'child_process';

const A4 = [595, 842], SIDE = 688;                       // px between the margins
const squeeze = s => s.replace(/[\s\u00ad]+/g, '');

// Inside the page, as it would be printed.
function sheet() {
  const shown = e => e.checkVisibility({ visibilityProperty: true });
  const texts = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = walk.nextNode());)
    if (n.textContent.trim() && shown(n.parentElement) && !n.parentElement.closest('.vh,option,datalist,noscript'))
      texts.push(n.textContent);
  const cut = [...document.querySelectorAll('main *')].filter(e => shown(e) && e.scrollWidth > e.clientWidth + 1 &&
    e.clientWidth > 1 && getComputedStyle(e).overflowX !== 'visible' && !e.closest('.vh'));
  const tables = [...document.querySelectorAll('table')].filter(t => shown(t) && t.tHead && t.tBodies[0]?.rows.length > 8)
    .map(t => ({ head: [...t.tHead.rows[0].cells].map(c => c.innerText), rows: [...t.tBodies[0].rows].map(r => r.innerText) }));
  const only = 'nav:not(.pager),.mast,button,select,.skip,.btn,input:not([type=hidden])';
  return { texts, tables, cut: cut.map(e => `${e.tagName} ${e.className}`),
    charts: [...document.querySelectorAll('main svg')].filter(shown).length,
    screen: [...document.querySelectorAll(only)].filter(e => shown(e)).map(e => e.outerHTML.slice(0, 60)) };
}

// The faults of an open page printed to a file; at most so many sheets.
export async function on_paper(page, file, most) {
  const faults = [], run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8' });
  const size = page.viewportSize();
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: SIDE, height: 1000 });
  const s = await page.evaluate(sheet);
  await page.emulateMedia({ media: null });
  await page.setViewportSize(size);
  await page.pdf({ path: file, preferCSSPageSize: true, printBackground: true });
  const info = run('pdfinfo', file), [, wide, high] = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(info);
  const count = +/Pages:\s+(\d+)/.exec(info)[1];
  if (Math.abs(wide - A4[0]) > 1 || Math.abs(high - A4[1]) > 1) faults.push(`${wide} by ${high} points`);
  if (count > most) faults.push(`${count} sheets`);
  if (run('pdfimages', '-list', file).trim().split('\n').length > 2) faults.push('an image that is no vector');
  for (const c of s.cut) faults.push(`cut off: ${c}`);
  for (const c of s.screen) faults.push(`for a screen alone: ${c}`);
  const sheets = run('pdftotext', '-raw', file, '-').split('\f').map(squeeze), whole = sheets.join('');
  const lost = s.texts.filter(t => !whole.includes(squeeze(t)) && !t.trim().split(/\s+/).every(w => whole.includes(w)));
  if (lost.length) faults.push(`not on paper: "${lost.slice(0, 3).map(t => t.trim()).join('", "')}" (${lost.length})`);
  // A sheet with a row of a long table has its heads.
  for (const t of s.tables) {
    const heads = t.head.map(squeeze).filter(Boolean);
    const own = t.rows.map(squeeze).filter((r, i, all) => r.length > 8 && all.indexOf(r) === i);
    sheets.forEach((p, i) => {
      if (own.some(r => p.includes(r)) && !heads.every(h => p.includes(h))) faults.push(`sheet ${i + 1} has rows without heads`);
    });
  }
  return { faults: faults.slice(0, 5).map(f => `print: ${f}`), sheets: count, charts: s.charts };
}
