// Records written away from the network: kept in this browser (IndexedDB) until the server has them, each sent once
// under a key of its own; and the pages a village team takes along. Forms that bear [data-outbox] go through it.
(function () {
  'use strict';
  const d = document, me = d.currentScript.dataset, zh = d.documentElement.lang !== 'en', lang = zh ? '/zh' : '/en';
  const CACHE = 'jiedui-pages', DAY = 864e5, LATE = 5, KEEP = 7, PATIENCE = 30000;
  const t = (en, cn) => zh ? cn : en;
  const one = (s, r) => (r || d).querySelector(s), all = (s, r) => [...(r || d).querySelectorAll(s)];
  const parts = new BroadcastChannel('jiedui-outbox');
  let trouble = '', timer = 0, waits = 15;

  function el(tag, text, set) {
    const e = d.createElement(tag);
    if (text) e.textContent = text;
    return Object.assign(e, set);
  }

  // --- what is kept ---

  let opened;
  function open() {
    opened = opened || new Promise((ok, no) => {
      const r = indexedDB.open('jiedui', 1);
      r.onupgradeneeded = () => {
        r.result.createObjectStore('outbox', { keyPath: 'id' });
        r.result.createObjectStore('known', { keyPath: 'key' });
      };
      r.onsuccess = () => ok(r.result);
      r.onerror = () => no(r.error);
    });
    return opened;
  }
  async function tx(store, mode, work) {
    const db = await open();
    return new Promise((ok, no) => {
      const x = db.transaction(store, mode, { durability: 'strict' }), q = work(x.objectStore(store));
      x.oncomplete = () => ok(q && q.result);
      x.onabort = x.onerror = () => no(x.error || (q && q.error));
    });
  }
  const put = r => tx('outbox', 'readwrite', s => s.put(r)), get = id => tx('outbox', 'readonly', s => s.get(id));
  const drop = id => tx('outbox', 'readwrite', s => s.delete(id));
  const known = key => tx('known', 'readonly', s => s.get(key));
  const learn = o => tx('known', 'readwrite', s => s.put(o));
  async function list() {
    const r = await tx('outbox', 'readonly', s => s.getAll());
    return r.sort((a, b) => a.at - b.at);
  }
  const unsent = rs => rs.filter(r => r.state !== 'sent');
  const mine = r => !me.account || r.account === me.account;

  // --- sending ---

  function timely(url, options) {
    const stop = new AbortController(), late = setTimeout(() => stop.abort(), PATIENCE);
    return fetch(url, { cache: 'no-store', redirect: 'error', signal: stop.signal, ...options })
      .finally(() => clearTimeout(late));
  }
  async function ready() {
    const x = await timely(lang + '/offline/ready');
    if (!x.ok) throw new Error(x.status);
    const r = await x.json();
    await learn({ key: 'clock', ahead: Date.now() - r.now });
    return r;
  }
  // What came of it; a record that stays as it was is for later. A refusal without fields is about the session, not
  // about the record; what says that it was received and does not say where did not come from our server.
  async function settle(r, x) {
    const j = x.ok ? await x.json() : await x.json().catch(() => ({}));
    r.errors = j.errors || (j.detail ? [{ message: j.detail }] : []);
    if (x.ok) {
      Object.assign(r, { state: 'sent', sent: Date.now(), remark: (j.warnings || []).join('; '),
        fields: {}, errors: [], there: `${lang}/records/${r.entity}/${j.county}-${j.id}` });
    } else if (x.status === 409) {
      Object.assign(r, { state: 'conflict', current: j.current });
    } else if (x.type === 'opaqueredirect' || (x.status === 403 && !j.errors)) {
      trouble = 'session';
    } else if (x.status === 429 || x.status >= 500) {
      trouble = 'server';
    } else {
      r.state = 'refused';
    }
  }
  async function send(r, csrf, strict) {
    Object.assign(r, { state: 'sending', errors: [] });
    await put(r);
    try {
      const x = await timely(r.url, { method: 'POST', redirect: 'manual', headers: { 'Idempotency-Key': r.id },
        body: new URLSearchParams({ ...r.fields, csrf, ...(strict ? {} : { warned: 1 }) }) });
      await settle(r, x);
    } finally {
      if (r.state === 'sending') r.state = 'waiting';
      await put(r);
    }
  }
  // One tab at a time; a record found as "sending" was left so by one that was closed.
  function alone(work) {
    return navigator.locks ? navigator.locks.request('jiedui-outbox', work) : work();
  }
  async function pump(only, strict) {
    const due = rs => rs.filter(r => (r.state === 'waiting' || r.state === 'sending') && (!only || r.id === only));
    if (!due(await list()).length) return paint();
    await alone(async () => {
      const rs = due(await list());
      trouble = '';
      try {
        const who = rs.length && await ready();
        for (const r of rs) {
          if (who.account !== r.account) trouble = who.account ? 'other' : 'session';
          else if (trouble !== 'session') await send(r, who.csrf, strict);
        }
      } catch (why) {
        trouble = 'network';
      }
    });
    parts.postMessage(0);
    again();
    return paint();
  }
  function again() {
    clearTimeout(timer);
    waits = trouble === 'network' || trouble === 'server' ? Math.min(waits * 2, 300) : 15;
    if (waits > 15) timer = setTimeout(pump, waits * 1000);
  }

  // --- the bar under the masthead: only when something could be lost ---

  const many = rs => rs.every(r => r.entity === 'visit')
    ? rs.length === 1 ? t('1 visit', '1 条走访') : t(`${rs.length} visits`, `${rs.length} 条走访`)
    : rs.length === 1 ? t('1 record', '1 条记录') : t(`${rs.length} records`, `${rs.length} 条记录`);
  const is = rs => rs.length === 1 ? 'is' : 'are';
  const age = rs => Math.max(0, ...rs.map(r => Math.floor((Date.now() - r.at) / DAY)));
  function bar_text(rs, stuck) {
    const n = many(rs);
    if (!navigator.onLine || trouble === 'network')
      return t(`You are offline. ${n} ${is(rs)} saved on this phone.`, `当前离线，本机已存 ${n}。`);
    if (trouble === 'session') return t(`${n} ${is(rs)} saved on this phone. Sign in, then they are sent.`,
      `本机已存 ${n}，请登录后发送。`);
    if (stuck.length) return t(`${many(stuck)} on this phone cannot be sent as ${stuck.length === 1 ? 'it is' : 'they are'}.`,
      `本机有 ${many(stuck)}无法发送，请处理。`);
    if (trouble === 'server') return t(`The server is busy. ${n} ${is(rs)} saved on this phone.`, `服务器繁忙，本机已存 ${n}。`);
    if (trouble === 'other') return t(`${n} on this phone wait for ${rs[0].login} to sign in.`,
      `本机有 ${n}，待 ${rs[0].login} 登录后发送。`);
    return '';
  }
  async function bar(rs) {
    const left = unsent(rs), days = age(left), late = days >= LATE, text = left.length &&
      (bar_text(left, left.filter(r => r.state === 'conflict' || r.state === 'refused')) ||
       (late ? t(`${many(left)} wait on this phone.`, `本机有 ${many(left)}待发送。`) : ''));
    let b = one('.net');
    if (b && !text) b.remove();
    if (!text) return;
    if (!b) {
      one('header.mast').after(b = el('div', '', { className: 'net' }));
      b.setAttribute('role', 'status');
      b.append(el('p', '', { className: 'wrap' }));
    }
    b.classList.toggle('late', late);
    b.firstChild.replaceChildren(text + (late ? ' ' + t(`For ${days} days.`, `已 ${days} 天。`) : '') + ' ',
      el('a', t('See them', '查看'), { href: lang + '/offline' }));
  }

  // --- the list of what is on this phone ---

  const day = at => new Intl.DateTimeFormat(zh ? 'zh-CN' : 'en-GB',
    { dateStyle: 'medium', timeStyle: 'short' }).format(at);
  const state = r => ({ waiting: ['', t('waits', '待发送')], sending: ['', t('is being sent', '发送中')],
    sent: ['ok', t('sent', '已发送')], conflict: ['warn', t('stands against what is there', '与已有记录冲突')],
    refused: ['err', t('refused', '被退回')] })[r.state];
  function button(text, act, kind) {
    const b = el('button', text, { type: 'button', className: 'btn sm ' + (kind || '') });
    b.addEventListener('click', act);
    return b;
  }
  function sides(r) {
    const l = el('ul', '', { className: 'wmsg' }), now = r.current.fields;
    for (const [k, v] of Object.entries(r.fields))
      if (now[k] != null && String(now[k]) !== v)
        l.append(el('li', t(`${r.labels[k]}: here "${v}", there "${now[k]}"`,
          `${r.labels[k]}：本机“${v}”，服务器“${now[k]}”`)));
    return l;
  }
  function remove(r) {
    const done = r.state === 'sent', b = button(done ? t('Clear', '清除') : t('Delete', '删除'), async () => {
      if (!done && !b.dataset.sure) {
        b.dataset.sure = 1;
        b.textContent = t('Delete it for good', '确认删除，不可恢复');
        b.classList.add('warn');
        return;
      }
      await drop(r.id);
      parts.postMessage(0);
      paint();
    });
    return b;
  }
  function item(r) {
    const li = el('li'), s = state(r), acts = el('div', '', { className: 'acts' }), head = el('div');
    li.dataset.state = r.state;
    head.append(el('b', r.title), ' ', el('span', s[1], { className: 'tag ' + s[0] }));
    li.append(head, el('p', `${r.label}, ${day(r.at)}` + (mine(r) ? '' : `, ${r.login}`), { className: 'hint' }));
    for (const e of r.errors || [])
      li.append(el('p', (e.field ? (r.labels[e.field] || e.field) + t(': ', '：') : '') + e.message,
        { className: 'emsg' }));
    if (r.remark) li.append(el('p', r.remark, { className: 'wmsg' }));
    if (r.current) li.append(sides(r));
    if (r.state === 'sent') acts.append(el('a', t('Open it', '打开'), { className: 'btn sm', href: r.there }));
    else if (mine(r)) {
      acts.append(button(t('Try again', '重试'), async () => { r.state = 'waiting'; await put(r); pump(r.id); }),
        el('a', t('Change', '修改'), { className: 'btn sm', href: `${r.page}?outbox=${r.id}` }),
        button(t('Save to a file', '存为文件'), () => save_file([r])));
    }
    acts.append(remove(r));
    li.append(acts);
    return li;
  }
  async function clock_note() {
    const c = await known('clock'), off = c ? Math.round(c.ahead / 6e4) : 0;
    if (Math.abs(off) < 10) return '';
    const n = Math.abs(off) < 180 ? t(`${Math.abs(off)} minutes`, `${Math.abs(off)} 分钟`) : Math.abs(off) < 2880
      ? t(`${Math.round(Math.abs(off) / 60)} hours`, `${Math.round(Math.abs(off) / 60)} 小时`)
      : t(`${Math.round(Math.abs(off) / 1440)} days`, `${Math.round(Math.abs(off) / 1440)} 天`);
    return off > 0 ? t(`The clock of this phone is ${n} fast: look at the dates you write.`, `本机时间快 ${n}，填写日期请核对。`)
      : t(`The clock of this phone is ${n} slow: look at the dates you write.`, `本机时间慢 ${n}，填写日期请核对。`);
  }
  async function panel(rs) {
    const l = one('[data-list]');
    if (!l) return;
    l.replaceChildren(...rs.map(item));
    const note = await clock_note();
    if (note) l.prepend(el('li', note, { className: 'wmsg' }));
    one('[data-none]').hidden = rs.length > 0;
    one('[data-act=send]').hidden = !rs.some(r => r.state === 'waiting');
    one('[data-act=save]').hidden = !unsent(rs).length;
  }
  async function paint() {
    let rs = await list();
    for (const r of rs) if (r.state === 'sent' && Date.now() - r.sent > KEEP * DAY) await drop(r.id);
    rs = await list();
    d.documentElement.dataset.held = rs.map(r => r.state).join(',');
    await bar(rs);
    return panel(rs);
  }

  // --- a file: a sheet of each kind, as the import takes it ---

  const cell = v => /[",\n\r]/.test(v) ? '"' + v.replace(/"/g, '""') + '"' : v;
  function row(r) {
    return !r.sheet ? r.fields : Object.fromEntries(Object.entries(JSON.parse(r.sheet)).map(([k, v]) =>
      [k, v.replace(/@(\w+)/g, (_, n) => r.fields[n] || '').trim()]));
  }
  function sheet(rs) {
    const rows = rs.map(row), names = [...new Set(rows.flatMap(Object.keys))];
    const lines = [names, ...rows.map(r => names.map(n => r[n] || ''))];
    return '\ufeff' + lines.map(x => x.map(cell).join(',') + '\r\n').join('');
  }
  function save_file(rs) {
    for (const kind of new Set(rs.map(r => r.entity))) {
      const a = el('a', '', { download: `${kind}-${rs[0].login}-${new Date().toISOString().slice(0, 10)}.csv`,
        href: URL.createObjectURL(new Blob([sheet(rs.filter(r => r.entity === kind))], { type: 'text/csv' })) });
      a.click();
      setTimeout(() => URL.revokeObjectURL(a.href), 60000);
    }
  }

  // --- the form ---

  const named = (f, k) => all('[name]', f).filter(i => i.name === k);
  function fill(f, values) {
    for (const [k, v] of Object.entries(values))
      for (const i of named(f, k))
        if (i.type === 'checkbox') i.checked = v.split(';').includes(i.value);
        else if (i.type !== 'hidden' || k === 'code') i.value = v;
  }
  function faults(f, errors, warns) {
    all('.esum,.emsg,.wmsg', f).forEach(e => e.remove());
    const ul = el('ul'), s = el('div', '', { className: 'esum' + (warns ? ' warn' : ''), tabIndex: -1 });
    s.setAttribute('role', 'alert');
    for (const e of errors) {
      const i = e.field && named(f, e.field)[0], label = i && one('label', i.closest('.fld'));
      const li = el('li'), text = (label ? label.firstChild.textContent.trim() + t(': ', '：') : '') + e.message;
      li.append(i ? el('a', text, { href: '#f-' + e.field }) : text);
      ul.append(li);
      if (i) label.after(el('p', e.message, { className: warns ? 'wmsg' : 'emsg' }));
    }
    s.append(el('h2', warns ? t('This looks unusual: save it if it is true', '以下内容少见，确认无误可保存')
      : t('It is kept on this phone, and cannot be sent like this', '已存本机，但须更正后才能发送')), ul);
    f.prepend(s);
    s.focus();
  }
  function read(f, mark) {
    const fields = {}, labels = {};
    new FormData(f).forEach((v, k) => {
      if (/^(csrf|row_id|warned)$/.test(k) || typeof v !== 'string' || !v.trim()) return;
      fields[k] = fields[k] ? fields[k] + ';' + v : v;
      const fld = named(f, k)[0].closest('.fld');
      labels[k] = fld ? one('label', fld).firstChild.textContent.trim() : k;
    });
    return { id: f.dataset.id, account: me.account, login: me.login, entity: mark.dataset.outbox,
      label: mark.dataset.label, url: f.getAttribute('action'), page: location.pathname, at: Date.now(),
      state: 'waiting', sheet: mark.dataset.sheet,
      title: mark.dataset.title || fields.subject || fields.title || fields.household || fields.code, fields, labels, errors: [] };
  }
  // A code of its own makes a record one record, however it arrives.
  function fresh(f) {
    f.dataset.id = crypto.randomUUID();
    delete f.dataset.sure;
    all('input[type=date]', f).forEach(i => { if (i.value) i.value = new Date().toLocaleDateString('sv'); });
    const code = named(f, 'code')[0];
    if (code && !code.value) code.value = `${me.login}-${f.dataset.id.slice(0, 8)}`.toUpperCase();
  }
  function kept_note(f, text, kind) {
    const old = one('.note-line', f), p = el('p', text, { className: 'note-line ' + kind, tabIndex: -1 });
    if (old) old.remove();
    p.setAttribute('role', 'status');
    f.prepend(p);
    p.focus();
    return p;
  }
  function saved(f) {
    all('.esum,.emsg,.wmsg', f).forEach(e => e.remove());
    f.reset();
    fill(f, { code: '', place: new URLSearchParams(location.search).get('place') || '' });
    fresh(f);
    kept_note(f, t('Saved on this phone, and sent when you are back in the network. Here is an empty form. ',
      '已存本机，联网后自动发送。可继续填写下一条。'), 'ok')
      .append(el('a', t('What waits', '查看待发'), { href: lang + '/offline' }));
  }
  async function not_kept(f, r, why) {
    const full = why && why.name === 'QuotaExceededError';
    const p = kept_note(f, full ? t('This phone is full: the record could not be saved on it. ', '手机存储已满，未能保存。')
      : t('This browser saves nothing (a private window?): the record is not saved. ',
        '此浏览器无法保存（无痕窗口？），记录未保存。'), 'err');
    p.append(button(t('Save to a file', '存为文件'), () => save_file([r])), ' ',
      button(t('Send it without saving', '直接发送'), () => { f.dataset.plain = 1; f.submit(); }));
  }
  async function submit(f, mark) {
    const r = read(f, mark), before = await get(f.dataset.id).catch(() => null);
    if (before) r.at = before.at;
    try {
      await put(r);
    } catch (why) {
      return not_kept(f, r, why);
    }
    await pump(r.id, !f.dataset.sure);
    const now = await get(r.id) || r, warns = now.state === 'refused' && now.errors.every(e => e.warns);
    if (now.state === 'sent') location.assign(now.there);
    else if (now.state === 'refused') faults(f, now.errors, warns);
    else if (now.state === 'conflict') location.assign(lang + '/offline');
    else saved(f);
    if (warns) f.dataset.sure = 1;
  }
  async function hook(mark) {
    const f = mark.form, words = new URLSearchParams(location.search), id = words.get('outbox');
    const r = id && await get(id).catch(() => null);
    words.delete('outbox');
    fill(f, r ? r.fields : Object.fromEntries(words));
    if (r) {
      f.dataset.id = id;
      if (r.errors.length) faults(f, r.errors, r.errors.every(e => e.warns));
    } else {
      fresh(f);
    }
    let busy = false;
    f.addEventListener('submit', async e => {
      e.preventDefault();
      if (busy) return;
      busy = true;
      try {
        await submit(f, mark);
      } finally {
        busy = false;
      }
    });
  }

  // --- taking pages along ---

  let policy;
  function worker_url() {
    policy = policy || (window.trustedTypes && trustedTypes.createPolicy('jiedui', {
      createScriptURL: u => { if (u !== '/sw.js') throw new TypeError(u); return u; } }));
    return policy ? policy.createScriptURL('/sw.js') : '/sw.js';
  }
  function cannot() {
    if (/MicroMessenger/i.test(navigator.userAgent)) return t("This is WeChat's browser: open this page in the " +
      'phone\'s own browser (the three dots, then "Open in browser").', '当前为微信内置浏览器，请点右上角“…”，选择“在浏览器打开”。');
    if (!window.isSecureContext) return t('The address begins with http://, so this phone may not keep pages. Ask ' +
      'for the https:// address.', '网址以 http:// 开头，不能离线使用，请向管理员索取 https:// 网址。');
    if (!navigator.serviceWorker || !window.caches) return t('This browser, or this private window, cannot keep ' +
      'pages. Use a newer browser, not in private.', '此浏览器或无痕窗口不能离线保存，请换用较新浏览器的普通窗口。');
    return '';
  }
  async function controlled() {
    await navigator.serviceWorker.register(worker_url());
    await navigator.serviceWorker.ready;
    for (let i = 0; i < 50 && !navigator.serviceWorker.controller; i++) await new Promise(go => setTimeout(go, 100));
    if (!navigator.serviceWorker.controller) throw new Error(t('the browser does not start it', '浏览器未启动离线服务'));
  }
  // A village's list names the forms of its households.
  async function fetch_all(urls, tell) {
    const pages = await caches.open(CACHE);
    for (let i = 0; i < urls.length; i++) {
      tell(i);
      const u = urls[i], x = await timely(u, { cache: 'no-cache', headers: { Accept: 'text/html' } });
      const text = x.ok ? await x.clone().text() : '';
      if (!text.includes(`data-account="${me.account}"`)) throw new Error(u);
      await pages.put(u, x);
      if (u.includes('/villages/')) urls.push(...text.match(/\/(en|zh)\/households\/[\d-]+\/visits\/new/g) || []);
    }
    for (const k of await pages.keys()) if (!urls.includes(new URL(k.url).pathname)) await pages.delete(k);
  }
  // As it will be out there: each page and asset from what is held, and a record written, read and deleted.
  async function prove(urls) {
    const away = { 'X-Jiedui-Away': '1' };
    for (const u of urls) {
      const x = await fetch(u, { headers: away }), text = x.ok ? await x.text() : '';
      if (!text.includes(`data-account="${me.account}"`)) throw new Error(u);
      for (const a of text.match(/\/assets\/[0-9a-f]+\/\w+\.(css|js)/g))
        if (!await caches.match(a)) throw new Error(a);
    }
    await learn({ key: 'trial', text: 'x'.repeat(1e5) });
    if ((await known('trial')).text.length !== 1e5) throw new Error('IndexedDB');
    await tx('known', 'readwrite', s => s.delete('trial'));
  }
  async function take(urls) {
    const say = one('[data-taken]'), b = one('[data-act=take]');
    if (!navigator.onLine) {
      say.textContent = t('There is no network now. What was taken along before is still here.',
        '当前无网络，之前带走的内容仍在。');
      return;
    }
    b.disabled = true;
    say.className = 'note-line';
    try {
      await controlled();
      await fetch_all(urls, n => { say.textContent = t(`Being taken along: ${n} pages so far`, `正在保存，已存 ${n} 页`); });
      await prove(urls);
      const kept = navigator.storage && navigator.storage.persist ? await navigator.storage.persist() : false;
      await learn({ key: 'taken', at: Date.now(), account: me.account, urls, kept, assets: assets() });
    } catch (why) {
      say.className = 'note-line err';
      say.textContent = t('It did not work, so do not rely on it: ', '未成功，请勿依赖离线：') + why.message;
      b.disabled = false;
      return;
    }
    b.disabled = false;
    await taken_note();
  }
  const assets = () => one('script[data-account]').getAttribute('src').split('/')[2];
  async function taken_note() {
    const k = await known('taken').catch(() => null), say = one('[data-taken]');
    if (!say || !k || k.account !== me.account) return;
    say.className = 'note-line ok';
    say.textContent = t(`${k.urls.length} pages were taken along on ${day(k.at)}, and tried out without network. `,
      `${day(k.at)} 已带走 ${k.urls.length} 页，离线检验通过。`) +
      (k.kept ? t('The browser keeps them until they are removed.', '浏览器将长期保留。')
        : t('The browser may remove them when space runs out, and after some time without use.',
          '存储不足或长期未用时，浏览器可能将其清除。'));
  }
  async function hook_take() {
    const b = one('[data-act=take]'), why = cannot(), box = all('[data-take] input');
    if (!b) return;
    if (why) {
      one('[data-cannot]').textContent = why;
      one('[data-cannot]').hidden = false;
      one('[data-taken]').hidden = true;
      return;
    }
    b.disabled = false;
    b.addEventListener('click', () => take([lang + '/offline', ...box.filter(i => i.checked).map(i => i.value),
      ...all('a[data-form]').map(a => a.getAttribute('href'))]));
    one('[data-act=send]').addEventListener('click', () => pump());
    one('[data-act=save]').addEventListener('click', async () => save_file(unsent(await list()).filter(mine)));
    await taken_note();
    if (location.pathname !== lang + '/offline') {
      one('[data-elsewhere]').textContent = t('There is no network, and the page you asked for was not taken along.',
        '当前无网络，且未带走您要打开的页面。');
      one('[data-elsewhere]').hidden = false;
    }
  }
  // What another account took along is not for this one; what an older version took is taken anew.
  async function look_after() {
    const k = await known('taken').catch(() => null);
    if (!k || !me.account || !window.caches) return;
    if (k.account !== me.account) await forget();
    else if (k.assets !== assets() && navigator.onLine && location.pathname.endsWith('/offline'))
      await take(k.urls.filter(u => !u.includes('/households/')));
  }
  async function forget() {
    if (window.caches) await caches.delete(CACHE);
    await tx('known', 'readwrite', s => s.clear()).catch(() => {});
  }

  // --- signing out ---

  async function leave(f) {
    await forget();
    for (const r of (await list()).filter(mine)) await drop(r.id);
    const w = navigator.serviceWorker && await navigator.serviceWorker.getRegistration();
    if (w) await w.unregister();
    f.submit();
  }
  async function sign_out(f) {
    const left = unsent(await list().catch(() => [])).filter(mine);
    const p = el('div', '', { className: 'esum warn after', tabIndex: -1 });
    if (!left.length) return leave(f).catch(() => f.submit());
    const acts = el('p', '', { className: 'acts after' });
    p.setAttribute('role', 'alert');
    p.append(el('h2', t(`${many(left)} on this phone ${is(left)} not sent`, `本机有 ${many(left)}未发送`)),
      el('p', t('Signing out deletes what is not sent. Send it first, or save it to a file.',
        '退出登录将删除未发送的记录，请先发送或存为文件。')), acts);
    acts.append(el('a', t('See them', '查看'), { className: 'btn', href: lang + '/offline' }),
      button(t('Save to a file', '存为文件'), () => save_file(left)),
      button(t('Delete them and sign out', '删除并退出'), () => leave(f), 'warn'));
    all('.esum', f.parentNode).forEach(e => e.remove());
    f.after(p);
    p.focus();
  }

  all('form[action*="/sign-out"]').forEach(f => f.addEventListener('submit', e => {
    e.preventDefault();
    sign_out(f);
  }));
  all('[data-outbox]').forEach(hook);
  addEventListener('online', () => pump());
  addEventListener('offline', () => paint());
  addEventListener('pageshow', e => { if (e.persisted) pump(); });
  d.addEventListener('visibilitychange', () => { if (!d.hidden) pump(); });
  parts.onmessage = () => paint();
  (async () => {
    await hook_take();
    await look_after();
    await pump();
  })().catch(() => {});
})();
