// Every kind of page in headless Chromium, in both languages, wide and narrow, as the public and signed in.
//   node check.mjs BASE             what the tests hold: axe, bytes, requests, console, width, targets, no script
//   node check.mjs BASE --measure   besides: the largest paint at 4 times slower CPU, and every role on every page
//   ... --shots DIR [--docs DIR]    keeps pictures of all pages; takes those of the documents anew
//   ... --only overview,claims      these pages
// One line a page, "ok" or "not ok" with its faults. Exit status 1 when a budget is broken.
import { chromium } from 'playwright-core';
import { createRequire } from 'module';
import { readFileSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { spawnSync } from 'child_process';
import { by_keyboard } from './keys.mjs';
import { on_paper } from './print.mjs';
import { without_a_script } from './journeys.mjs';

const base = process.argv[2];
const option = name => process.argv.includes(name) && (process.argv[process.argv.indexOf(name) + 1] ?? true);
const measure = process.argv.includes('--measure'), shots = option('--shots'), docs = option('--docs'),
  only = option('--only');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const budget = { bytes: 40 * 1024, map: 70 * 1024, requests: 6, lcp: 1500, text: 0.98 };
const WIDE = 1280, NARROW = 390, between = [1201, 700, 640, 320];
const roles = ['admin', 'auditor', 'officer', 'gansu', 'ayaksayi', 'labour', 'helper'];

// What is looked at: address, who looks (none: the public), what it answers.
const pages = {
  overview: { path: '/' }, claims: { path: '/claims' }, figures: { path: '/figures?place=620000' },
  figure: { path: '/figures/poor_villages' }, trace: { path: '/figures/poor_villages/trace' },
  map: { path: '/map', map: true }, pairings: { path: '/map/pairings', map: true }, flow: { path: '/flow' },
  places: { path: '/places' }, place: { path: '/places/620000' }, records: { path: '/records' },
  list: { path: '/records/agreement' }, search: { path: '/search?q=Chaoyang' },
  empty: { path: '/records/agreement?f.level=hospital' }, 'sign-in': { path: '/sign-in' },
  large: { path: '/?size=large' },
  wrong: { path: '/records/agreement?where=amnt+%3E+1', status: 400 }, missing: { path: '/nowhere', status: 404 },
  'overview-officer': { path: '/', who: 'officer' }, 'overview-helper': { path: '/', who: 'helper' },
  'flow-officer': { path: '/flow', who: 'officer' }, 'map-officer': { path: '/map', who: 'officer', map: true },
  tour: { path: '/tour', who: 'officer' },
  interface: { path: '/interface' }, 'interface-kind': { path: '/interface/visit', who: 'officer' },
  work: { path: '/work', who: 'officer' }, 'work-helper': { path: '/work', who: 'helper' },
  offline: { path: '/offline', who: 'ayaksayi' }, village: { path: '/offline/villages/653224103222', who: 'ayaksayi' },
  visit: { path: '/records/visit/new', who: 'ayaksayi' },
  vacancies: { path: '/records/vacancy', who: 'labour' },
  'list-officer': { path: '/records/project', who: 'officer' },
  'list-counts': { path: '/records/agreement?counts=1&sort=code&f.code.has=TJ', who: 'officer' },
  'list-choice': { path: '/records/agreement?f.helper=tianjin', who: 'officer' },
  bulk: { path: '/records/agreement/bulk?f.level=county', who: 'officer' },
  new: { path: '/records/agreement/new', who: 'officer' }, imports: { path: '/imports', who: 'officer' },
  tasks: { path: '/tasks', who: 'officer' },
  me: { path: '/me', who: 'admin' }, code: { path: '/me/code', who: 'admin' },
  accounts: { path: '/admin/accounts', who: 'admin' }, account: { path: '/admin/accounts/gansu', who: 'admin' },
  plans: { path: '/plans', who: 'officer' }, releases: { path: '/releases' }, release: { path: '/releases/2020' },
  sheet: { path: '/releases/2020/sheet' },
  watch: { path: '/watch', who: 'officer' },
  payments: { path: '/money/payments', who: 'officer' }, ageing: { path: '/money/ageing', who: 'officer' },
  uses: { path: '/money/rules', who: 'officer' }, transfers: { path: '/flow/transfers', who: 'officer' },
  statement: { path: '/records/bank_line', who: 'officer' },
  households: { path: '/households', who: 'ayaksayi' }, 'work-village': { path: '/work', who: 'ayaksayi' },
  'overview-village': { path: '/', who: 'ayaksayi' }, helpers: { path: '/helpers', who: 'helper' }, projects: { path: '/projects', who: 'officer' },
  batches: { path: '/batches', who: 'officer' }, reports: { path: '/reports', who: 'officer' },
  report: { path: '/reports/year?period=2020', who: 'officer' },
  notice: { path: '/reports/notice?period=2020&place=653224', who: 'officer' },
  scorecards: { path: '/scorecards', who: 'officer' },
  scorecard: { path: '/scorecards/COUNTY?place=653224&period=2020', who: 'officer' },
  'bulk-households': { path: '/records/household/bulk', who: 'officer' },
  answer: { path: '/records/form_answer/new?place=653224103222&due_on=2026-11-22', who: 'ayaksayi' }, labour: { path: '/rooms/labour', who: 'officer' },
  behind: { path: '/plans?behind=1', who: 'officer' },
  tokens: { path: '/admin/tokens', who: 'admin' }, journal: { path: '/journal', who: 'auditor' },
};
// What people print, and the most sheets that it may take.
const paper = { report: 12, notice: 2, release: 4, sheet: 4, receipt: 2, points: 6, 'list-officer': 4, households: 6,
  household: 4, trail: 3, 'flow-officer': 3, 'map-officer': 5, figure: 4, claims: 8, 'work': 6, 'overview-officer': 4,
  helper: 4, plan: 3, 'large': 4 };
const pictures = {
  'web-overview': ['overview', 'en', WIDE], 'web-claims-zh': ['claims', 'zh', NARROW],
  'web-map-zh': ['map', 'zh', WIDE],
  'web-import': ['import', 'en', WIDE], 'web-form-zh': ['faulty', 'zh', NARROW],
  'roles/helper-work': ['work-helper', 'en', NARROW], 'roles/village-offline': ['offline', 'zh', NARROW],
  'roles/village-visit': ['visit', 'zh', NARROW], 'roles/labour-list': ['vacancies', 'zh', NARROW],
  'roles/officer-work': ['work', 'zh', WIDE], 'roles/auditor-journal': ['journal', 'en', WIDE],
  'roles/administrator-accounts': ['accounts', 'en', WIDE], 'roles/public-overview': ['overview', 'zh', NARROW],
};

// A browser that dies by itself says nothing of a page: it is started again, a few times, and the page looked at anew.
const MOST_STARTS = 4;
let browser = null, starting = null, starts = 0;
async function start() {
  if (starts++) console.log('# the browser died and is started again');
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'], timeout: 60000 });
  starting = null;
  return browser;
}
async function running() {
  if (browser?.isConnected()) return browser;
  return starting ??= start();
}

const seen = [], sessions = {};
let passes = 0, broken = 0, said = 0, steps = 0, printed = 0;
const pdf = !spawnSync('pdftotext', ['-v']).error && mkdtempSync(`${tmpdir()}/jiedui-paper-`);
function tell(name, faults) {
  said++;
  broken += faults.length > 0;
  console.log(`${faults.length ? 'not ok' : 'ok'} ${said} - ${name}${faults.length ? ': ' + faults.join('; ') : ''}`);
}

async function open(options, work) {
  const context = await (await running()).newContext(options);
  context.setDefaultTimeout(60000);
  try {
    return await work(await context.newPage(), context);
  } finally {
    if (browser.isConnected()) await context.close();
  }
}

// The forms are used without the script, as anybody may.
async function sign_in(login) {
  await open({ javaScriptEnabled: false }, async (page, context) => {
    await page.goto(`${base}/en/sign-in`);
    await page.fill('#f-login', login);
    await page.fill('#f-password', 'jiedui-demo');
    await page.click('main form button');
    tell(`${login} signs in without the script`, page.url().includes('sign-in') ? ['not let in'] : []);
    sessions[login] = await context.storageState();
  });
}

// A sheet with a good row and a refused one; what a first look at an import shows.
async function send_sheet(page) {
  const sheet = 'code,name_zh,name_en,kind\n99-WEB-1,示范合作社,Demo weavers,cooperative\n' +
    '99-WEB-2,示范工厂,Demo factory,nonsense\n';
  await page.goto(`${base}/en/imports`);
  await page.setInputFiles('#f-file', { name: 'organisation.csv', mimeType: 'text/csv', buffer: Buffer.from(sheet) });
  await page.click('main form button');
  for (let i = 0; i < 240 && await page.locator('progress').count(); i++) {
    await new Promise(go => setTimeout(go, 500));
    await page.goto(page.url());
  }
  const text = await page.innerText('main');
  tell('a sheet is sent and checked without the script', /1 row is refused/.test(text) ? [] : [text.slice(0, 200)]);
  pages.import = { path: page.url().replace(/.*\/en/, ''), who: 'officer' };
  pages.task = { path: pages.import.path.replace('imports', 'tasks'), who: 'officer' };
}

async function find_instances() {
  await open({ javaScriptEnabled: false, storageState: sessions.officer }, async page => {
    await page.goto(`${base}/en/records/agreement`);
    const path = (await page.getAttribute('tbody th a', 'href')).slice(3);
    pages.record = { path };
    pages['record-officer'] = { path, who: 'officer' };
    pages.edit = { path: `${path}/edit`, who: 'officer' };
    pages.delete = { path: `${path}/delete`, who: 'officer' };
    pages.faulty = { path: '/records/agreement/new', who: 'officer', send: true };
    await page.goto(`${base}/en${path}/edit`);
    await page.click('main form button.pri');
    tell('a record is saved without the script', page.url().endsWith(path) ? [] : [`${page.url()} instead`]);
    await page.goto(`${base}/en/records/agreement`);
    await page.selectOption('main select >> nth=0', { index: 1 });
    await page.click('main form button >> nth=0');
    tell('a list is filtered without the script', page.url().includes('?') ? [] : ['nothing is asked']);
    await send_sheet(page);
  });
  await open({ javaScriptEnabled: false, storageState: sessions.officer }, async page => {
    for (const [name, list] of [['household', 'households'], ['helper', 'helpers'], ['project', 'projects'],
                                ['batch', 'batches'], ['run', 'money/payments'],
                                ['account', 'records/ledger_account'], ['receipt', 'records/receipt']]) {
      await page.goto(`${base}/en/${list}`);
      pages[name] = { path: (await page.getAttribute('tbody th a', 'href')).slice(3), who: 'officer' };
    }
    pages.trail = { path: `${pages.household.path}/trail`, who: 'officer' };
    pages['visit-new'] = { path: `${pages.household.path}/visits/new`, who: 'ayaksayi' };
    await page.goto(`${base}/en/work?kind=confirm`);
    pages.word = { path: (await page.locator('.work .btn').first().getAttribute('href')).slice(3), who: 'officer' };
    pages['points'] = { path: '/scorecards/EW-HELPED?period=2020&place=620000', who: 'officer' };
    await page.goto(`${base}/en/plans`);
    const plan = await page.locator('main a[href*="/plans/"]').first().getAttribute('href');
    pages.plan = { path: plan.slice(3), who: 'officer' };
  });
  await open({ javaScriptEnabled: false, storageState: sessions.auditor }, async page => {
    await page.goto(`${base}/en/journal`);
    pages.entry = { path: (await page.getAttribute('tbody a', 'href')).slice(3), who: 'auditor' };
  });
}

// Inside the page: what can be pressed and is smaller than a fingertip needs. Links are axe's to judge, which
// knows those that stand in running text.
function small_targets() {
  return [...document.querySelectorAll('button,summary,select,textarea,input:not([type=hidden])')].filter(e => {
    const b = e.getBoundingClientRect(), label = e.closest('label');
    const l = label ? label.getBoundingClientRect() : b;
    return b.width && b.height && (Math.max(b.height, l.height) < 24 || Math.max(b.width, l.width) < 24);
  }).map(e => e.outerHTML.slice(0, 60));
}

// Inside the page: text in a chart that the colours of the eye leave unreadable, and what still moves.
function unread() {
  const faults = [], luminance = c => {
    const v = c.match(/[\d.]+/g).map(Number);
    if (v[3] === 0) return null;
    const [r, g, b] = v.map(x => x / 255).map(x => x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const under = e => {
    for (let p = e; p; p = p.parentElement) {
      const l = luminance(getComputedStyle(p).backgroundColor);
      if (l !== null) return l;
    }
    return 1;
  };
  const ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  for (const t of document.querySelectorAll('svg text')) {
    if (!t.checkVisibility()) continue;
    const r = t.getBoundingClientRect(), own = getComputedStyle(t);
    const shape = [...t.ownerSVGElement.querySelectorAll('rect,path,circle')].filter(s => {
      const b = s.getBoundingClientRect(), c = getComputedStyle(s);
      const x = r.left + r.width / 2, y = r.top + r.height / 2;
      return s.tagName === 'rect' && /^rgb\(/.test(c.fill) && c.fillOpacity === '1' && b.left <= x && x <= b.right &&
        b.top <= y && y <= b.bottom;
    }).at(-1);
    const ground = shape ? luminance(getComputedStyle(shape).fill) : under(t.ownerSVGElement);
    const ink = luminance(own.fill);
    if (ink !== null && ratio(ink, ground) < 4.5)
      faults.push(`with forced colours "${t.textContent}" is ${ratio(ink, ground).toFixed(1)}:1`);
  }
  for (const e of document.querySelectorAll('*')) {
    const s = getComputedStyle(e);
    if (/[1-9]/.test(s.transitionDuration) || /[1-9]/.test(s.animationDuration))
      faults.push(`moves: ${e.tagName} ${e.className}`);
  }
  return faults.slice(0, 3);
}

async function rules_of(page, faults, width) {
  await page.evaluate(axe + ';0');
  const r = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { 'target-size': { enabled: true } } }));
  for (const v of r.violations)
    faults.push(`${width}: ${v.id}: ${v.nodes[0].html.slice(0, 110)} (${v.nodes.length}) ` +
      (v.nodes[0].failureSummary.split('\n')[1] ?? ''));
  passes += r.passes.length;
}

async function paint(page) {
  return page.evaluate(() => new Promise(done => {
    let last = 0;
    new PerformanceObserver(l => { last = l.getEntries().at(-1).startTime; })
      .observe({ type: 'largest-contentful-paint', buffered: true });
    setTimeout(() => done(last), 60);
  }));
}

// 640 px is a window of 1280 at 200 %.
async function too_wide(page, faults) {
  for (const size of ['usual', 'large']) {
    await page.evaluate(s => { document.documentElement.className = s; }, size);
    for (const width of between) {
      await page.setViewportSize({ width, height: 700 });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) faults.push(`${over} px too wide at ${width}, ${size} text`);
    }
  }
  await page.evaluate(() => { document.documentElement.className = 'usual'; });
}

// The eyes and wishes of others: colours of their own, no motion, a dark desk.
async function as_wished(page, faults) {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce', colorScheme: 'dark' });
  for (const f of await page.evaluate(unread)) faults.push(f);
  await page.emulateMedia({ forcedColors: null, reducedMotion: null, colorScheme: null });
}

async function keep(page, name, lang, width) {
  if (shots) await page.screenshot({ path: `${shots}/${name}.${lang}.${width}.png`, fullPage: true });
  const wanted = Object.entries(pictures).find(([, p]) => p[0] === name && p[1] === lang && p[2] === width);
  // The pages by role show the top of theirs.
  const clip = wanted?.[0].startsWith('roles/') ? { x: 0, y: 0, width, height: width < 500 ? 700 : 470 } : undefined;
  if (docs && wanted) await page.screenshot({ path: `${docs}/${wanted[0]}.png`, clip });
}

// One load at the first width; the others by resizing, as a turned phone does.
async function visit(name, lang, widths, who, faults, lax) {
  const p = pages[name], expected = p.status ?? 200;
  return open({ viewport: { width: widths[0], height: widths[0] < 500 ? 844 : 900 },
    storageState: who ? sessions[who] : undefined }, async (page, context) => {
    const cdp = await context.newCDPSession(page), m = { bytes: 0, requests: 0, nodes: 0, lcp: 0 };
    await cdp.send('Network.enable');
    if (measure) await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    cdp.on('Network.loadingFinished', e => {
      if (!sent) { m.bytes += e.encodedDataLength; m.requests++; }
    });
    let listens = true, sent = false;
    page.on('console', c => {
      if (listens && c.type() === 'error' && !c.text().includes('status of')) faults.push(c.text());
    });
    page.on('pageerror', e => faults.push(e.message));
    const answer = await page.goto(`${base}/${lang}${p.path}`, { waitUntil: measure ? 'networkidle' : 'load' });
    if (answer.status() !== expected && !lax) faults.push(`status ${answer.status()}`);
    if (answer.status() >= 500) faults.push(`status ${answer.status()}`);
    if (measure) m.lcp = await paint(page);
    m.nodes = await page.evaluate(() => document.querySelectorAll('*').length);
    m.text = await page.evaluate(() => document.querySelector('main').innerText.length);
    if (m.lcp > budget.lcp) faults.push(`largest paint after ${m.lcp.toFixed(0)} ms`);
    if (measure) await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    sent = p.send && who;
    if (sent) await Promise.all([page.waitForNavigation(), page.click('main form button.pri')]);
    listens = false;
    for (const width of widths) {
      await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
      await keep(page, name, lang, width);
      for (const t of await page.evaluate(small_targets)) faults.push(`${width}: smaller than 24 px: ${t}`);
      await rules_of(page, faults, width);
    }
    sent = true;                                          /* what is loaded from here on, the looking itself asks for */
    await too_wide(page, faults);
    if (!lax && lang === 'en') await as_wished(page, faults);
    if (!lax && pdf && paper[name] && lang === (name.length % 2 ? 'en' : 'zh')) {
      faults.push(...(await on_paper(page, `${pdf}/${name}.pdf`, paper[name])).faults);
      printed++;
    }
    // One walk a page: the pages take turns at being wide and in English, or narrow and in Chinese.
    const keys = name.length % 2 ? WIDE : NARROW;
    if (!lax && (lang === 'en') === (keys === WIDE) && widths.includes(keys)) {
      await page.setViewportSize({ width: keys, height: keys < 500 ? 844 : 900 });
      const walk = await by_keyboard(page);
      steps += walk.steps;
      faults.push(...walk.faults);
    }
    const most = p.map ? budget.map : budget.bytes;
    if (m.bytes > most) faults.push(`${(m.bytes / 1024).toFixed(1)} KB`);
    if (m.requests > budget.requests) faults.push(`${m.requests} requests`);
    seen.push({ name: `${name} ${lang} ${widths[0]}`, ...m });
    return m.text;
  });
}

// The page says the same without its script, and its forms can be sent.
async function without_script(name, text, faults) {
  const p = pages[name];
  await open({ javaScriptEnabled: false, storageState: p.who ? sessions[p.who] : undefined }, async page => {
    await page.goto(`${base}/en${p.path}`);
    const n = (await page.innerText('main')).length;
    if (n < budget.text * text) faults.push(`without the script ${n} letters of ${text}`);
    const mute = await page.locator('form:not(:has(button))').count();
    if (mute) faults.push(`${mute} forms without a button`);
  });
}

const chosen = () => Object.keys(pages).filter(n => !only || only.split(',').includes(n));

async function look(name, lang) {
  const faults = [];
  try {
    const rounds = measure ? [[WIDE], [NARROW]] : [[WIDE, NARROW]];
    let text = 0;
    for (const widths of rounds) text = await visit(name, lang, widths, pages[name].who, faults);
    if (lang === 'en' && !pages[name].send) await without_script(name, text, faults);
  } catch (e) {
    faults.push(e.message.split('\n')[0]);
  }
  return faults;
}

async function one_page(name) {
  for (const lang of ['en', 'zh']) {
    const was = await running();
    let faults = await look(name, lang);
    if (!was.isConnected() && starts < MOST_STARTS) faults = await look(name, lang);
    tell(`${name} (${lang})`, faults);
  }
}

// Every role on every page; the languages and widths take turns.
async function every_role() {
  let turn = 0;
  for (const who of roles) {
    const all = [];
    for (const name of chosen()) {
      const faults = [], width = turn & 1 ? NARROW : WIDE, lang = turn & 2 ? 'zh' : 'en';
      if (pages[name].send) continue;
      turn++;
      await visit(name, lang, [width], who, faults, true).catch(e => faults.push(e.message.split('\n')[0]));
      for (const f of faults) all.push(`${name} ${lang} ${width}: ${f}`);
    }
    tell(`every page as ${who}`, all);
  }
}

async function all_pages() {
  const names = chosen();
  const worker = async () => { while (names.length) await one_page(names.shift()); };
  await Promise.all(measure ? [worker()] : [worker(), worker()]);
}

for (const who of roles) await sign_in(who);
await find_instances();
await all_pages();
if (measure) await every_role();
// Last, for they change the store.
if (!only || only.split(',').includes('journeys'))
  await without_a_script((who, work) => open({ javaScriptEnabled: false, storageState: sessions[who] }, work), base, tell);
await browser.close();
if (pdf) rmSync(pdf, { recursive: true });
else console.log(`# skipped: ${Object.keys(paper).length} pages on paper, for there is no pdftotext (tools/install test)`);
const top = f => seen.reduce((a, b) => f(b) > f(a) ? b : a);
const bytes = top(s => s.bytes), lcp = top(s => s.lcp), nodes = top(s => s.nodes);
console.log(`# ${seen.length} loads; most: ${(bytes.bytes / 1024).toFixed(1)} KB (${bytes.name}), ` +
  `${top(s => s.requests).requests} requests, ${nodes.nodes} nodes (${nodes.name})` +
  (measure ? `, largest paint ${lcp.lcp.toFixed(0)} ms at 4 times slower CPU (${lcp.name})` : '') +
  `; ${passes} axe rules passed, ${steps} presses of Tab, ${printed} pages printed; ${broken} of ${said} not ok`);
console.log(`1..${said}`);
process.exit(broken ? 1 : 0);
