// A village team away from the network, on the real program, through a proxy that loses answers, kills the server,
// and plays a new version of the assets.
//   node outbox.mjs PROGRAM DIRECTORY VILLAGE    DIRECTORY holds demo.db, a demo store with households in VILLAGE
// One line a step, "ok" or "not ok". Exit status 1 when one is not.
import { chromium } from 'playwright-core';
import { spawn, execFileSync } from 'child_process';
import { createServer, request as ask } from 'http';
import { mkdirSync } from 'fs';

const [program, dir, village] = process.argv.slice(2), store = `${dir}/demo.db`;
const FORM = 'form:has([data-outbox])', RECORD = /\/records\/visit\/\d+-\d+$/;
let said = 0, broken = 0;
function tell(name, ok, why) {
  said++;
  broken += !ok;
  console.log(`${ok ? 'ok' : 'not ok'} ${said} - ${name}${ok ? '' : ': ' + why}`);
}
const same = (name, got, wanted) => tell(name, JSON.stringify(got) === JSON.stringify(wanted),
  `${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);

// --- the server, and the way to it ---

let server, port;
async function start() {
  server = spawn(program, ['serve', '--store', store, '--listen', '127.0.0.1:0', '--demo', '--quiet'],
    { stdio: ['ignore', 'pipe', 'ignore'] });
  port = await new Promise((ok, no) => {
    let text = '';
    server.stdout.on('data', b => {
      const m = /127\.0\.0\.1:(\d+)/.exec(text += b);
      if (m) ok(+m[1]);
    });
    server.on('exit', () => no(new Error('the server does not start')));
  });
}
const gone = () => new Promise(ok => server.exitCode !== null || server.signalCode ? ok() : server.once('exit', ok));

// What happens to a POST of a record on its way; each test sets it.
const way = { posts: [], sent: null, digest: null, other: null };
function forward(q, r, body) {
  const headers = { ...q.headers, 'accept-encoding': 'identity' };
  const url = way.other ? q.url.replace(way.other, way.digest) : q.url;
  const up = ask({ host: '127.0.0.1', port, path: url, method: q.method, headers }, x => {
    const parts = [];
    x.on('data', p => parts.push(p));
    x.on('end', () => {
      let answer = Buffer.concat(parts);
      if (way.other && !/image/.test(x.headers['content-type'] ?? ''))
        answer = Buffer.from(answer.toString().replaceAll(way.digest, way.other));
      const post = q.method === 'POST' && q.headers['idempotency-key'];
      // Half an answer: nothing at all would make the browser itself ask again.
      if (post && way.answered?.(q, x)) {
        r.writeHead(x.statusCode, { 'content-length': 1000 });
        return r.write('{', () => r.destroy());
      }
      delete x.headers['content-length'];
      delete x.headers['transfer-encoding'];
      r.writeHead(x.statusCode, x.headers);
      r.end(answer);
    });
    x.on('error', () => r.destroy());
  });
  up.on('error', () => r.destroy());
  up.end(body);
}
const proxy = createServer((q, r) => {
  const parts = [];
  q.on('data', p => parts.push(p));
  q.on('end', async () => {
    const body = Buffer.concat(parts);
    if (q.method === 'POST' && q.headers['idempotency-key']) {
      way.posts.push(q.headers['idempotency-key']);
      await way.sent?.(q, body);
      if (way.busy) return r.writeHead(503, { 'content-type': 'text/html' }).end('busy');
    }
    forward(q, r, body);
  });
});

// --- the phone ---

await start();
await new Promise(ok => proxy.listen(0, '127.0.0.1', ok));
const base = `http://127.0.0.1:${proxy.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox'] });
const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true,
  acceptDownloads: true });
phone.setDefaultTimeout(60000);
const complaints = [];
const watch = p => {
  p.on('pageerror', e => complaints.push(e.message));
  p.on('console', c => {
    if (c.type() === 'error' && !/Failed to load resource|net::ERR/.test(c.text())) complaints.push(c.text());
  });
};
phone.on('page', watch);

async function sign_in(page, login) {
  await page.goto(`${base}/en/sign-in?next=/en/offline`);
  await page.fill('#f-login', login);
  await page.fill('#f-password', 'jiedui-demo');
  await Promise.all([page.waitForURL('**/en/offline'), page.click('main form button')]);
}
async function there(where) {
  const x = await phone.request.get(`${base}/en/api/v1/records/visit?limit=1000&where=${encodeURIComponent(where)}`);
  return (await x.json()).rows;
}
const states = page => page.evaluate(() => document.documentElement.dataset.held);
const becomes = (page, wanted) => page.waitForFunction(w => document.documentElement.dataset.held === w, wanted);
const settled = page => page.waitForFunction(() =>
  !/waiting|sending/.test(document.documentElement.dataset.held ?? 'waiting'));
const bar = page => page.locator('.net p').innerText().catch(() => '');
const away = on => phone.setOffline(on);

// A visit written down; how many records the phone has then.
async function write(page, subject, more = {}) {
  await page.goto(`${base}/en/records/visit/new?place=${village}`);
  await page.waitForFunction(() => document.querySelector('[data-outbox]')?.form.dataset.id);
  await page.fill('#f-subject', subject);
  for (const [k, v] of Object.entries(more)) await page.fill(`#f-${k}`, v);
  const code = await page.inputValue('#f-code');
  await page.click(`${FORM} button.pri`);
  return code;
}
const saved = page => page.waitForSelector(`${FORM} .note-line.ok`);
async function clear(page) {
  await page.goto(`${base}/en/offline`);
  await page.evaluate(() => new Promise(ok => {
    indexedDB.open('jiedui').onsuccess = e => {
      const x = e.target.result.transaction('outbox', 'readwrite');
      x.objectStore('outbox').clear();
      x.oncomplete = ok;
    };
  }));
}

async function taken_along(page) {
  await sign_in(page, 'ayaksayi');
  await page.click('[data-act=take]');
  await page.waitForSelector('[data-taken].ok, [data-taken].err');
  tell('villages and forms are taken along and tried out', await page.locator('[data-taken].ok').count() === 1,
    await page.innerText('[data-taken]'));
  const held = await page.evaluate(async () => (await (await caches.open('jiedui-pages')).keys())
    .map(k => new URL(k.url).pathname).sort());
  const forms = held.filter(u => /\/households\/653224-\d+\/visits\/new$/.test(u));
  same('each household has its form', forms.length, 24);
  same('nothing else is held', held.filter(u => !forms.includes(u)), ['/en/offline', `/en/offline/villages/${village}`, '/en/records/outcome_look/new',
    '/en/records/problem/new', '/en/records/visit/new']);
}

async function written_down(page) {
  await away(true);
  await page.goto(`${base}/en/offline/villages/${village}`);
  const rows = await page.locator('tbody tr').count();
  await page.click('tbody th a >> nth=3');
  await page.waitForFunction(() => document.querySelector('[data-outbox]')?.form.dataset.id);
  const title = await page.innerText('h1'), today = await page.evaluate(() => new Date().toLocaleDateString('sv'));
  tell('without network: households, and the form of the one chosen', rows === 24 && /A visit: /.test(title) &&
    await page.inputValue('#f-day') === today, `${rows} rows, ${title}, ${await page.inputValue('#f-day')}`);
  await page.fill('#f-seen', 'the roof leaks');
  await page.fill('#f-problem', 'a roof to mend');
  await page.click(`${FORM} button.pri`);
  await saved(page);
  await write(page, 'second');
  await saved(page);
  const taken = await write(page, 'third');
  await saved(page);
  same('the bar', (await bar(page)).replace(' See them', ''), 'You are offline. 3 visits are saved on this phone.');
  await page.goto(`${base}/en/me`);
  tell('a page that was not taken along says so', await page.locator('[data-elsewhere]').isVisible(), page.url());
  return taken;
}

async function sent_once(page, taken) {
  await page.close();
  page = await phone.newPage();
  await page.goto(`${base}/en/offline`);
  await becomes(page, 'waiting,waiting,waiting');
  tell('they are there after the tab was closed', true);
  await write(page, 'fourth', { visitors: 'many' });
  await saved(page);
  same('nothing was sent meanwhile', way.posts.length, 0);
  // Somebody else takes the third one's code before it arrives.
  const csrf = (await (await phone.request.get(`${base}/en/offline/ready`)).json()).csrf;
  const other = await phone.request.post(`${base}/en/api/v1/records/visit`, {
    headers: { 'X-CSRF-Token': csrf, Origin: base }, data: { code: taken, place: village, subject: 'of somebody else' } });
  same('another record takes a code', other.status(), 201);
  way.posts.length = 0;
  await away(false);
  await settled(page);
  same('back in the network: sent, sent, conflict, refused', await states(page), 'sent,sent,conflict,refused');
  same('each once', [way.posts.length, new Set(way.posts).size], [4, 4]);
  const first = await there('findings = "the roof leaks"');
  same('and they are there', [first.length, (await there('subject = "second"')).length], [1, 1]);
  const problems = await phone.request.get(`${base}/en/api/v1/records/problem?limit=1000`);
  same('with the problem that one raised', (await problems.json()).rows.map(r => [r.fields.title, r.fields.code]),
    [['a roof to mend', first[0]?.fields.code]]);
  await page.reload();
  await settled(page);
  same('opening again sends nothing', way.posts.length, 4);
  await page.goto(`${base}/en/offline`);
  await page.waitForSelector('[data-state=refused]');
  tell('the refusal names the field', /Visitors: .*number/i.test(await page.innerText('[data-state=refused]')),
    await page.innerText('[data-state=refused]'));
  await page.click('[data-state=refused] a:has-text("Change")');
  await page.waitForSelector(`${FORM} .esum`);
  same('it opens as it was written', await page.inputValue('#f-subject'), 'fourth');
  await page.fill('#f-visitors', '4');
  await Promise.all([page.waitForURL(RECORD), page.click(`${FORM} button.pri`)]);
  same('put right, it is sent', (await there('subject = "fourth"')).length, 1);
  await page.goto(`${base}/en/offline`);
  await page.click('[data-state=conflict] button:has-text("Delete")');
  await page.click('[data-state=conflict] button.warn');
  await becomes(page, 'sent,sent,sent');
  tell('one record is deleted alone, after being asked twice', true);
  return page;
}

async function warned(page) {
  await page.goto(`${base}/en/records/problem/new?place=${village}&raised_on=2020-11-20`);
  await page.waitForFunction(() => document.querySelector('[data-outbox]')?.form.dataset.id);
  way.posts.length = 0;
  await page.click(`${FORM} button.pri`);
  await page.waitForSelector('.esum.warn');
  const code = await page.inputValue('#f-code'), list = await phone.request.get(`${base}/en/records/problem?drafts=1`);
  tell('what is not complete is asked about first', !(await list.text()).includes(code), 'it is written');
  await Promise.all([page.waitForURL(/\/records\/problem\/\d+-\d+$/), page.click(`${FORM} button.pri`)]);
  same('and sent as a draft when it is sent again', [way.posts.length, new Set(way.posts).size], [2, 1]);
}

async function answer_lost(page) {
  await clear(page);
  way.answered = (q, x) => x.statusCode === 201 && !(way.answered = null);
  await write(page, 'lost answer');
  await saved(page);
  same('an answer that is lost leaves the record waiting', await states(page), 'waiting');
  const [row] = await there('subject = "lost answer"');
  const csrf = (await (await phone.request.get(`${base}/en/offline/ready`)).json()).csrf;
  const path = `${base}/en/api/v1/records/visit/${row.county}-${row.id}`;
  const edited = await phone.request.patch(path, {
    headers: { 'X-CSRF-Token': csrf, 'If-Match': `"${row.version}"`, Origin: base }, data: { findings: 'added at the office' } });
  same('the office adds to it', edited.status(), 200);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await settled(page);
  same('sent again, it is known as the same', await states(page), 'sent');
  const rows = await there('subject = "lost answer"');
  same('and is there once, as the office left it', rows.map(r => r.fields.findings), ['added at the office']);
}

async function killed(page) {
  await clear(page);
  await away(true);
  for (let i = 0; i < 5; i++) {
    await write(page, `killed ${i}`, { visitors: '77' });
    await saved(page);
  }
  let n = 0;
  way.posts.length = 0;
  way.answered = () => ++n === 2 && (server.kill('SIGKILL'), true);
  way.sent = async () => { if (way.posts.length === 4) { server.kill('SIGKILL'); await gone(); } };
  await away(false);
  await page.waitForFunction(() => /waiting/.test(document.documentElement.dataset.held) &&
    !/sending/.test(document.documentElement.dataset.held));
  for (const until = Date.now() + 120e3; Date.now() < until && /waiting/.test(await states(page));) {
    if (server.killed) {
      await gone();
      await start();
    }
    const before = way.posts.length;
    await page.evaluate(() => dispatchEvent(new Event('online')));
    for (let i = 0; i < 100 && way.posts.length === before; i++) await new Promise(go => setTimeout(go, 50));
    await page.waitForFunction(() => !/sending/.test(document.documentElement.dataset.held)).catch(() => {});
    await new Promise(go => setTimeout(go, 200));
  }
  way.sent = way.answered = null;
  same('killed twice in mid-send, the server has each once', (await there('visitors = 77')).length, 5);
  same('and the phone knows', await states(page), 'sent,sent,sent,sent,sent');
}

async function two_tabs(page) {
  await clear(page);
  await away(true);
  for (const s of ['tab a', 'tab b']) {
    await write(page, s);
    await saved(page);
  }
  const second = await phone.newPage();
  await second.goto(`${base}/en/offline`);
  way.posts.length = 0;
  way.sent = () => new Promise(go => setTimeout(go, 300));
  await away(false);
  await Promise.all([page, second].map(p => p.evaluate(() => dispatchEvent(new Event('online')))));
  await Promise.all([settled(page), settled(second)]);
  way.sent = null;
  same('two tabs send each once', [way.posts.length, new Set(way.posts).size], [2, 2]);
  await second.close();
}

async function full_phone() {
  const page = await phone.newPage();
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (v) {
      if (this.name === 'outbox') throw new DOMException('full', 'QuotaExceededError');
      return put.call(this, v);
    };
  });
  await write(page, 'full phone');
  await page.waitForSelector(`${FORM} .note-line.err`);
  tell('a full phone says so, and keeps the page', /full/.test(await page.innerText(`${FORM} .note-line.err`)) &&
    await page.inputValue('#f-subject') === 'full phone', await page.innerText(`${FORM} .note-line.err`));
  await Promise.all([page.waitForURL(RECORD), page.click('button:has-text("without saving")')]);
  same('and the record can be sent as it is', (await there('subject = "full phone"')).length, 1);
  await page.close();
}

async function wrong_clock(page) {
  await clear(page);
  const wrong = await phone.newPage();
  await wrong.addInitScript(() => { const now = Date.now; Date.now = () => now() - 6 * 864e5; });
  await away(true);
  await write(wrong, 'six days ago');
  await saved(wrong);
  await page.goto(`${base}/en/offline`);
  await becomes(page, 'waiting');
  await page.waitForSelector('.net.late');
  tell('what waits for six days is told in red', /For 6 days/.test(await bar(page)), await bar(page));
  await away(false);
  await settled(page);
  same('a record of a wrong clock is sent', (await there('subject = "six days ago"')).length, 1);
  await write(wrong, 'clock');
  await wrong.waitForURL(RECORD);
  await wrong.goto(`${base}/en/offline`);
  await wrong.waitForSelector('[data-list] .wmsg');
  const said = await wrong.innerText('[data-list]');
  tell('the clock is told', /6 days slow/.test(said), said);
  await wrong.close();
}

async function session_over(page) {
  await clear(page);
  await page.goto(`${base}/en/records/visit/new?place=${village}`);
  await phone.clearCookies();
  await page.fill('#f-subject', 'session over');
  await page.click(`${FORM} button.pri`);
  await saved(page);
  tell('a session that is over: kept, and said', /Sign in, then they are sent/.test(await bar(page)), await bar(page));
  await sign_in(page, 'admin');
  await page.waitForSelector('.net');
  tell('somebody else does not send it', /wait for ayaksayi/.test(await bar(page)) && await states(page) === 'waiting',
    `${await bar(page)} ${await states(page)}`);
  same('nor has what another took along', await page.evaluate(() => caches.has('jiedui-pages')), false);
  await phone.clearCookies();
  await sign_in(page, 'ayaksayi');
  await settled(page);
  same('signed in again, it is sent', await there('subject = "session over"').then(r => r.length), 1);
}

async function filed(page) {
  await clear(page);
  way.busy = true;
  const code = await write(page, 'by file, "quoted"', { findings: 'two\nlines' });
  await saved(page);
  await page.goto(`${base}/en/offline/villages/${village}`);
  await page.click('tbody th a >> nth=7');
  await page.waitForFunction(() => document.querySelector('[data-outbox]')?.form.dataset.id);
  const short = await page.inputValue('[name=code]');
  await page.fill('#f-seen', 'water is clean');
  await page.fill('#f-need', 'a pump');
  await page.click(`${FORM} button.pri`);
  await saved(page);
  await page.goto(`${base}/en/offline`);
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('[data-act=save]')]);
  mkdirSync(`${dir}/file`);
  await file.saveAs(`${dir}/file/visit.csv`);
  tell('a server that is busy is told', /server is busy/.test(await bar(page)), await bar(page));
  tell('a file is named by its kind', /^visit-ayaksayi-.*csv$/.test(file.suggestedFilename()), file.suggestedFilename());
  execFileSync(program, ['load', `${dir}/file`, '--store', store]);
  way.busy = false;
  await page.click('[data-act=send]');
  await settled(page);
  same('what was loaded meanwhile is known by its code', await states(page), 'conflict,conflict');
  const rows = [...await there(`code = "${code}"`), ...await there(`code = "${short}"`)];
  same('loaded and sent, they are there once', rows.map(r => [r.fields.subject, r.fields.findings]),
    [['by file, "quoted"', 'two\nlines'], ['Household visit', 'water is clean a pump']]);
}

async function new_version(page) {
  await page.goto(`${base}/en/offline`);
  await page.click('[data-act=take]');
  await page.waitForSelector('[data-taken].ok');
  way.digest = await page.evaluate(() => document.querySelector('script[data-account]').src.split('/')[4]);
  way.other = way.digest.split('').reverse().join('');
  await page.evaluate(async () => {
    const r = await navigator.serviceWorker.getRegistration();
    const changed = new Promise(ok => navigator.serviceWorker.addEventListener('controllerchange', ok));
    await r.update();
    await changed;
  });
  await away(true);
  await page.goto(`${base}/en/records/visit/new`);
  await page.waitForFunction(() => document.querySelector('[data-outbox]')?.form.dataset.id);
  const style = await page.evaluate(() => getComputedStyle(document.querySelector('header.mast')).backgroundColor);
  tell('pages of the version before work with the new assets', style === 'rgb(28, 43, 94)', style);
  await away(false);
  await page.goto(`${base}/en/offline`);
  const anew = await page.waitForFunction(async wanted =>
    (await (await caches.match('/en/records/visit/new')).text()).includes(wanted), way.other).catch(e => e.message);
  tell('and are taken anew when there is a network', typeof anew !== 'string', anew);
  same('the old assets are gone', await page.evaluate(async () => (await caches.keys()).length), 2);
}

async function signed_out(page) {
  await away(true);
  await write(page, 'not sent');
  await saved(page);
  await away(false);
  way.sent = q => new Promise(go => setTimeout(go, 1e6, q));
  await page.goto(`${base}/en/me`);
  await page.click('form[action$="/sign-out"] button');
  await page.waitForSelector('.esum.warn');
  const asked = await page.innerText('.esum.warn');
  tell('signing out asks about what is not sent', /1 visit on this phone is not sent/.test(asked), asked);
  await Promise.all([page.waitForURL(u => !u.pathname.endsWith('/me')), page.click('.esum.warn button.warn')]);
  const left = await page.evaluate(async () => [(await caches.keys()).filter(k => k === 'jiedui-pages').length,
    (await navigator.serviceWorker.getRegistrations()).length, await new Promise(ok => {
      indexedDB.open('jiedui').onsuccess = e => {
        e.target.result.transaction('outbox').objectStore('outbox').count().onsuccess = c => ok(c.target.result);
      };
    })]);
  same('then nothing is left on the phone', left, [0, 0, 0]);
}

// A record stays in the language it was written in.
async function in_its_language(page) {
  await clear(page);
  await page.goto(`${base}/zh/records/visit/new?place=${village}`);
  await page.waitForFunction(() => document.querySelector('[data-outbox]')?.form.dataset.id);
  await page.fill('#f-visitors', 'many');
  await page.click(`${FORM} button.pri`);
  await page.waitForSelector(`${FORM} .esum`);
  await page.goto(`${base}/en/offline`);
  const link = await page.getAttribute('[data-state=refused] a', 'href');
  tell('a record keeps its language', link.startsWith('/zh/records/visit/new?outbox='), link);
  await clear(page);
}

async function refused_places() {
  const agent = 'Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0';
  const places = [["WeChat's browser", /WeChat/, { userAgent: agent }, () => {}],
    ['plain http', /http:/, {}, () => Object.defineProperty(window, 'isSecureContext', { value: false })],
    ['a private window', /private/, {}, () => Object.defineProperty(navigator, 'serviceWorker', { value: undefined })]];
  for (const [name, words, options, script] of places) {
    const other = await browser.newContext({ storageState: await phone.storageState(), ...options });
    const page = await other.newPage();
    await page.addInitScript(script);
    await page.goto(`${base}/en/offline`);
    await page.waitForSelector('[data-cannot]:not([hidden])');
    const said = await page.innerText('[data-cannot]');
    tell(`in ${name} it says that it does not work`, words.test(said) && await page.isDisabled('[data-act=take]'), said);
    await other.close();
  }
}

let page = await phone.newPage();
try {
  await taken_along(page);
  const taken = await written_down(page);
  page = await sent_once(page, taken);
  await warned(page);
  await answer_lost(page);
  await killed(page);
  await two_tabs(page);
  await full_phone();
  await wrong_clock(page);
  await filed(page);
  await session_over(page);
  await in_its_language(page);
  await refused_places();
  await new_version(page);
  await signed_out(page);
} catch (e) {
  tell(e.message.split('\n')[0], false,
    `at ${page.url()} ${await states(page).catch(() => '')} ${e.stack.split('\n').slice(1, 4)}`);
}
same('the console is clean', complaints, []);
await browser.close();
server.kill();
await gone();
proxy.close();
proxy.closeAllConnections();
console.log(`1..${said}`);
process.exit(broken ? 1 : 0);
