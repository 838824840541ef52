// What people do here, done to its end without a script: each journey asserts what is there afterwards.
const VILLAGE = '653224103222';

const text = page => page.innerText('main');
const need = (ok, what) => { if (!ok) throw new Error(what); };

// A task's page renews itself where there is no script; here it is asked again, until it rests.
async function rested(page) {
  for (const end = Date.now() + 60000; await page.locator('progress').count();) {
    need(Date.now() < end, 'the task does not end');
    await page.goto(page.url());
  }
}

async function saved(page) {
  if (await page.locator('.esum').count()) throw new Error((await page.innerText('.esum')).replace(/\n/g, ' '));
}

async function send(page, path, name, sheet) {
  await page.goto(path);
  await page.setInputFiles('#f-file', { name, mimeType: 'text/csv', buffer: Buffer.from(sheet) });
  await page.click('main form button');
  await rested(page);
}

const journeys = {
  async 'a file is sent, checked, loaded, and taken back'(page, base) {
    const list = `${base}/en/records/organisation?f.code.begins=99-JS`;
    await send(page, `${base}/en/imports`, 'organisation.csv', 'code,name_zh,name_en,kind\n' +
      '99-JS-1,示范合作社,Demo weavers,cooperative\n99-JS-2,示范工厂,Demo factory,nonsense\n');
    need(/1 row is refused/.test(await text(page)), 'the faulty row is not refused');
    const refused = await page.getAttribute('main a[href$="refused.xlsx"]', 'href');
    const file = await page.request.get(base + refused);
    need(file.status() === 200 && (await file.body()).subarray(0, 2).toString() === 'PK', 'no refused.xlsx');
    const task = page.url();
    await page.click('main form button.pri');
    await rested(page);
    await page.goto(list);
    need(/99-JS-1/.test(await text(page)) && !/99-JS-2/.test(await text(page)), 'the good row is not there');
    await page.goto(task);
    await page.locator('main form button', { hasText: /undo|take/i }).last().click();
    await rested(page);
    await page.goto(list);
    need(!/99-JS-1/.test(await text(page)), 'undone, and the row is there');
  },
  async 'a household is written down, and what is wrong is told'(page, base) {
    await page.goto(`${base}/en/records/household/new`);
    const code = `${VILLAGE}9901`;
    await page.fill('#f-code', code);
    await page.fill('#f-place', VILLAGE);
    await page.fill('#f-members', 'four');
    await page.click('main form button.pri');
    need(await page.locator('.esum').count() === 1, 'no summary of what is wrong');
    need(await page.inputValue('#f-code') === code, 'what was typed is gone');
    await page.fill('#f-members', '4');
    for (const select of await page.locator('.fld.bad select').all()) await select.selectOption({ index: 1 });
    await page.click('main form button.pri');
    if (await page.locator('.esum.warn').count()) await page.click('main form button.pri');
    await saved(page);
    await page.goto(`${base}/en/households?f.code=${code}`);
    need((await text(page)).includes(code), 'the household is not in the register');
  },
  async 'a visit is written down on the page of a household'(page, base) {
    const visits = async () => (await (await page.request.get(`${base}/en/records/visit/export?format=csv`)).text())
      .trim().split('\n').length;
    const before = await visits();
    await page.goto(`${base}/en/households`);
    await page.goto(`${base}${await page.getAttribute('tbody th a', 'href')}/visits/new`);
    await page.fill('#f-seen', 'Water and house without a script');
    await page.click('main form button.pri');
    await saved(page);
    need(await visits() === before + 1, 'the visit is not there');
  },
  async 'a payment run is approved by another person'(page, base) {
    await page.goto(`${base}/en/money/payments`);
    await page.locator('tbody tr', { hasText: 'prepared' }).locator('a').first().click();
    const run = page.url();
    await page.click('main form[action$=approve] button');
    await page.goto(run);
    need(/approved/i.test(await text(page)) && !await page.locator('form[action$=approve]').count(), 'not approved');
  },
  async 'what came is confirmed by who received it'(page, base) {
    await page.goto(`${base}/en/records/transfer?f.taker=99-COOP`);
    const path = await page.getAttribute('tbody th a', 'href');
    await page.goto(`${base}${path}/word`);
    await page.fill('#f-as', '99-COOP');
    await page.selectOption('#f-says', 'confirmed');
    await page.click('main form button.pri');
    await saved(page);
    await page.goto(`${base}${path}/word`);
    need(/walnut cooperative[^\n]*\s+confirms/.test(await text(page)), 'the word is not there');
  },
  async 'a list is narrowed, ordered, turned over and taken along'(page, base) {
    const list = `${base}/en/records/household`, rows = () => page.locator('tbody tr').count();
    await page.goto(list);
    const first = await page.innerText('tbody tr >> nth=0'), all = await rows();
    await page.click('a[rel=next]');
    need(await page.innerText('tbody tr >> nth=0') !== first, 'the next page is the same');
    await page.click('a[rel=prev]');
    need(await page.innerText('tbody tr >> nth=0') === first, 'back is not where it was');
    await page.click('thead a >> nth=0');
    need(/sort=/.test(page.url()) && await page.locator('th[aria-sort]').count() === 1, 'no order');
    await page.goto(list);
    await page.selectOption('main form select >> nth=0', { index: 1 });
    await page.click('main form button >> nth=0');
    const narrowed = page.url();
    need(narrowed.includes('?') && await rows() <= all && await page.locator('.chips.on .chip').count(), 'not narrowed');
    const csv = await page.request.get(base + await page.getAttribute('main a[href*="format=csv"]', 'href'));
    const lines = (await csv.text()).trim().split('\r\n').length - 1;
    const told = +(await page.innerText('.pager')).replace(/,/g, '').match(/of (\d+)|–(\d+)/).slice(1).find(Boolean);
    need(lines === told, `${lines} rows taken along of ${told}`);
  },
  async 'one act on all of a list'(page, base) {
    const list = `${base}/en/records/project?f.code.has=99`;
    await page.goto(list);
    const n = await page.locator('tbody tr').count();
    await page.goto(list.replace('?', '/bulk?'));
    await page.selectOption('#f-field', 'note').catch(() => page.selectOption('#f-field', { index: 1 }));
    await page.fill('#f-value', 'All at once');
    await page.locator('main form', { has: page.locator('#f-field') }).locator('button.pri').click();
    await rested(page);
    if (await page.locator('main form button.pri').count()) await page.click('main form button.pri');
    await rested(page);
    await page.goto(`${list}&c=code&c=note`);
    const changed = (await text(page)).split('All at once').length - 1;
    need(changed === n, `${changed} of ${n} rows are changed`);
  },
  async 'a release is read, printed and fetched'(page, base) {
    await page.goto(`${base}/en/releases/2020`);
    await page.click('main a[href$="/sheet"]');
    need(/Aid of 2020/.test(await page.innerText('body')), 'no sheet');
    const file = await page.request.get(`${base}/en/releases/2020/file`);
    need(file.status() === 200 && (await file.body()).length > 500, 'no file');
  },
};
const walkers = { 'a household is written down, and what is wrong is told': 'ayaksayi',
  'a visit is written down on the page of a household': 'ayaksayi' };

// open(login, work) gives work a page without a script.
export async function without_a_script(open, base, tell) {
  for (const [name, walk] of Object.entries(journeys)) {
    await open(walkers[name] ?? 'officer', async page => {
      const fault = await walk(page, base).then(() => null, e => `${e.message.split('\n')[0]} at ${page.url()}`);
      tell(`without the script: ${name}`, fault ? [fault] : []);
    });
  }
}
