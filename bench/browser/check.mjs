// Every kind of page, in both languages, wide and narrow. Exit status 1 when a budget is broken.
import { chromium } from 'playwright-core';
import { createRequire } from 'module';

const [base, docs] = process.argv.slice(2);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const budget = { bytes: 40 * 1024, requests: 6, nodes: 1500, lcp: 1500 };
const paths = {
  overview: '/', claims: '/claims', figures: '/figures?place=620000', figure: '/figures/poor_villages',
  trace: '/figures/poor_villages/trace', places: '/places', place: '/places/620000', records: '/records',
  list: '/records/agreement', record: null, search: '/search?q=Chaoyang', empty: '/records/agreement?f.level=township',
  wrong: '/records/agreement?where=amnt+%3E+1', missing: '/nowhere',
};
const shots = { 'web-overview': ['en', 1280, 'overview'], 'web-claims-zh': ['zh', 390, 'claims'] };
// Pages of who has signed in, by a demo account.
const signed = { signin: '/sign-in', me: '/me', code: '/me/code', accounts: '/admin/accounts',
  account: '/admin/accounts/gansu', tokens: '/admin/tokens', journal: '/journal', mine: '/', own: '/records/agreement' };
const account = { signin: null, mine: 'gansu', own: 'helper' };
let broken = 0;
function fault(page, what) { broken++; console.log(`  ${page}: ${what}`); }

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });

// One session an account, its cookie given to every context that wants it.
const sessions = {};
async function session_of(name) {
  const login = name in signed ? (name in account ? account[name] : 'admin') : null;
  if (!login) return undefined;
  if (!sessions[login]) {
    const context = await browser.newContext(), page = await context.newPage();
    await page.goto(`${base}/en/sign-in`);
    await page.fill('#f-login', login);
    await page.fill('#f-password', 'jiedui-demo');
    await page.click('main button');
    if (page.url().includes('sign-in')) fault('sign-in', `${login} is not let in`);
    sessions[login] = await context.storageState();
    await context.close();
  }
  return sessions[login];
}

async function visit(lang, width, name, path) {
  const context = await browser.newContext({ viewport: { width, height: width < 500 ? 844 : 900 }, bypassCSP: false,
    storageState: await session_of(name) });
  const page = await context.newPage(), id = `${name} ${lang} ${width}`;
  const expected = name === 'wrong' ? 400 : name === 'missing' ? 404 : 200;
  let bytes = 0, requests = 0;
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  session.on('Network.loadingFinished', e => { bytes += e.encodedDataLength; requests++; });
  page.on('console', m => {
    if (m.type() === 'error' && !(expected !== 200 && m.text().includes('status of'))) fault(id, m.text());
  });
  page.on('pageerror', e => fault(id, e.message));
  const answer = await page.goto(`${base}/${lang}${path}`, { waitUntil: 'networkidle' });
  if (answer.status() !== expected) fault(id, `status ${answer.status()}`);
  const seen = await page.evaluate(() => new Promise(done => {
    const out = { nodes: document.querySelectorAll('*').length, lcp: 0 };
    new PerformanceObserver(l => { out.lcp = l.getEntries().at(-1).startTime; })
      .observe({ type: 'largest-contentful-paint', buffered: true });
    const small = [...document.querySelectorAll('a,button,summary,input,select')].filter(e => {
      const b = e.getBoundingClientRect();
      // Links inside running text and links of a table's cell are measured by their line.
      return b.width && b.height && (b.height < 15 || b.width < 8);
    });
    out.small = small.length;
    setTimeout(() => done(out), 60);
  }));
  if (bytes > budget.bytes) fault(id, `${(bytes / 1024).toFixed(1)} KB`);
  if (requests > budget.requests) fault(id, `${requests} requests`);
  if (seen.nodes > budget.nodes) fault(id, `${seen.nodes} nodes`);
  if (seen.lcp > budget.lcp) fault(id, `largest paint after ${seen.lcp.toFixed(0)} ms`);
  if (seen.small) fault(id, `${seen.small} targets too small`);
  await page.setViewportSize({ width: 320, height: 700 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (over > 0) fault(id, `${over} px too wide at 320`);
  await page.setViewportSize({ width, height: 900 });
  const shot = Object.entries(shots).find(([, s]) => s[0] === lang && s[1] === width && s[2] === name);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.${lang}.${width}.png`, fullPage: true });
  if (shot) await page.screenshot({ path: `${docs}/${shot[0]}.png` });
  await context.close();
  return { id, bytes, requests, ...seen };
}

// axe is put into the page, which the policy forbids: a context that sets the policy aside.
async function accessible(lang, width, name, path) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true,
    storageState: await session_of(name) });
  const page = await context.newPage();
  await page.goto(`${base}/${lang}${path}`);
  await page.addScriptTag({ path: axe });
  const r = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a',
    'wcag21aa', 'wcag22aa', 'best-practice'] }));
  for (const v of r.violations)
    fault(`${name} ${lang} ${width}`, `${v.id}: ${v.nodes[0].html.slice(0, 120)} (${v.nodes.length}) ${v.nodes[0].failureSummary.split('\n')[1] ?? ''}`);
  await context.close();
  return r.passes.length;
}

const rows = [];
let passes = 0;
{
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${base}/en/records/agreement`);
  paths.record = (await page.$eval('tbody th a', a => a.getAttribute('href'))).slice(3);
  await context.close();
}
for (const lang of ['en', 'zh'])
  for (const width of [1280, 390])
    for (const [name, path] of Object.entries({ ...paths, ...signed })) {
      rows.push(await visit(lang, width, name, path));
      passes += await accessible(lang, width, name, path);
    }
await browser.close();
const max = f => Math.max(...rows.map(f));
console.log(`${rows.length} pages; most: ${(max(r => r.bytes) / 1024).toFixed(1)} KB, ${max(r => r.requests)} requests, ` +
  `${max(r => r.nodes)} nodes, largest paint ${max(r => r.lcp).toFixed(0)} ms at 4x slower CPU; ${passes} axe rules passed; ` +
  `${broken} faults`);
process.exit(broken ? 1 : 0);
