// The service worker. The server puts 'use strict' and ASSETS, the address of this version's assets, before it.
// It keeps the assets, and answers from what a village team has taken along (outbox.js puts it there) where the
// network does not answer. Nothing else is kept: no answer to a POST, no other page, nothing of the API.
const HELD = 'jiedui-assets-' + ASSETS.slice(-16), PAGES = 'jiedui-pages', PATIENCE = 6000;
const FILES = ['jiedui.css', 'jiedui.js', 'outbox.js', 'icon.svg'];
const TAKEN = /^\/(en|zh)\/(offline(\/villages\/\d+)?|records\/\w+\/new|households\/[\w-]+\/visits\/new)$/;

self.addEventListener('install', e => e.waitUntil((async () => {
  await (await caches.open(HELD)).addAll(FILES.map(f => ASSETS + '/' + f));
  await self.skipWaiting();
})()));

self.addEventListener('activate', e => e.waitUntil((async () => {
  for (const name of await caches.keys())
    if (name.startsWith('jiedui-assets-') && name !== HELD) await caches.delete(name);
  await self.clients.claim();
})()));

// A page that was taken along may name the assets of an older version: this version's stand in for them.
async function asset(request, url) {
  const held = await caches.open(HELD), name = url.pathname.split('/').pop();
  const exact = await held.match(url.pathname);
  if (exact) return exact;
  const fresh = await fetch(request).catch(() => null);
  if (fresh && fresh.ok && !fresh.redirected) return fresh;
  return await held.match(ASSETS + '/' + name) || fresh || Response.error();
}

function answered(request) {
  return Promise.race([fetch(request), new Promise((_, no) => setTimeout(no, PATIENCE, new Error('late')))]);
}

// The network first; what was taken along when it does not answer. A page asked for without words in its
// address takes the place of the one that is held.
async function page(request, url) {
  const pages = await caches.open(PAGES), held = await pages.match(url.pathname);
  if (request.headers.get('X-Jiedui-Away')) return held || new Response('', { status: 504 });
  if (!held) return elsewhere(request, url);
  const fresh = await answered(request).catch(() => null);
  if (!fresh || fresh.status >= 500) return held;
  if (fresh.ok && !fresh.redirected && !url.search) await pages.put(url.pathname, fresh.clone()).catch(() => {});
  return fresh;
}

// A page that was not taken along: without network the outbox says so in its place.
async function elsewhere(request, url) {
  try {
    return await fetch(request);
  } catch (why) {
    const pages = await caches.open(PAGES), [mine, other] = url.pathname.startsWith('/zh') ? ['zh', 'en'] : ['en', 'zh'];
    const stand = await pages.match(`/${mine}/offline`) || await pages.match(`/${other}/offline`);
    if (stand) return stand;
    throw why;
  }
}

self.addEventListener('fetch', e => {
  const url = new URL(e.request.url);
  if (e.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/assets/')) e.respondWith(asset(e.request, url));
  else if (TAKEN.test(url.pathname)) e.respondWith(page(e.request, url));
  else if (e.request.mode === 'navigate') e.respondWith(elsewhere(e.request, url));
});
