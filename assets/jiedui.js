// Enhancement only: every page works without this file. No eval, no inline handlers.
(function () {
  'use strict';
  var d = document;
  function all(s, r) { return Array.prototype.slice.call((r || d).querySelectorAll(s)); }

  // A filter whose choices are few sends itself.
  all('form[data-auto]').forEach(function (f) {
    f.addEventListener('change', function (e) {
      if (e.target.tagName === 'SELECT') f.requestSubmit();
    });
  });
  // Fields left empty need not stand in the address.
  all('form[method=get]').forEach(function (f) {
    f.addEventListener('submit', function () {
      all('input,select', f).forEach(function (i) { if (i.name && i.value === '') i.disabled = true; });
      setTimeout(function () { all('input,select', f).forEach(function (i) { i.disabled = false; }); }, 0);
    });
  });

  // Tasks under way: one stream tells of all of them; where it fails, the page asks every 3 seconds.
  var tasks = all('[data-task]');
  function tell(list) {
    list.forEach(function (t) {
      tasks.forEach(function (el) {
        if (el.getAttribute('data-task') !== t.id) return;
        if (t.rests) { location.reload(); return; }
        var bar = el.querySelector('progress'), said = el.querySelector('.said');
        if (bar && t.value === null) bar.removeAttribute('value');
        else if (bar) bar.value = t.value;
        (said || el).textContent = said ? t.text : t.label;
      });
    });
  }
  function listen(url) {
    var source, timer;
    function poll() {
      fetch(url + '?poll=1', { headers: { Accept: 'text/event-stream' } }).then(function (r) {
        if (r.redirected || r.status === 401 || r.status === 403) location.reload();
        return r.ok ? r.json() : [];
      }).then(tell, function () {});
    }
    function stop() {
      if (source) source.close();
      clearInterval(timer);
      source = timer = null;
    }
    function ask() { stop(); poll(); timer = setInterval(poll, 3000); }
    function start() {
      stop();
      if (!window.EventSource) { ask(); return; }
      source = new EventSource(url);
      source.onmessage = function (e) { tell(JSON.parse(e.data)); };
      source.addEventListener('poll', ask);
      source.onerror = function () { if (source && source.readyState === 2) ask(); };
    }
    // A page that nobody looks at leaves its connection to the others.
    d.addEventListener('visibilitychange', function () { if (d.hidden) stop(); else start(); });
    addEventListener('pagehide', stop);
    addEventListener('pageshow', function (e) { if (e.persisted) start(); });
    start();
  }
  if (tasks.length) listen(tasks[0].getAttribute('data-events'));

  // What is wrong is told first.
  var wrong = d.querySelector('.esum');
  if (wrong) wrong.focus();

  // The menu closes with Escape, and gives the focus back.
  all('details.menu').forEach(function (m) {
    m.addEventListener('keydown', function (e) {
      if (e.key !== 'Escape' || !m.open) return;
      m.open = false;
      m.firstElementChild.focus();
    });
  });

  // The tip of a chart's mark: hover, focus, Escape.
  var tip = d.createElement('div');
  tip.id = 'tip';
  tip.hidden = true;
  tip.setAttribute('aria-hidden', 'true');
  d.body.appendChild(tip);
  function show(a) {
    var b = a.getBoundingClientRect();
    tip.textContent = a.getAttribute('data-tip');
    tip.hidden = false;
    var w = tip.offsetWidth, h = tip.offsetHeight, y = b.top - h - 8;
    var x = Math.max(8, Math.min(b.left + b.width / 2 - w / 2, innerWidth - w - 8));
    if (y < 8) y = b.bottom + 8;
    tip.style.left = x + scrollX + 'px';
    tip.style.top = y + scrollY + 'px';
  }
  function hide() { tip.hidden = true; }
  function follow(e) {
    var a = e.target.closest && e.target.closest('[data-tip]');
    if (a) show(a); else hide();
  }
  d.addEventListener('mouseover', follow);
  d.addEventListener('focusin', follow);
  d.addEventListener('keydown', function (e) { if (e.key === 'Escape') hide(); });

  // A chart is one tab stop; the arrows go to the nearest mark that way.
  function middle(a) {
    var b = a.getBoundingClientRect();
    return [b.left + b.width / 2, b.top + b.height / 2];
  }
  all('[data-roving]').forEach(function (g) {
    var marks = all('a', g);
    marks.forEach(function (a, i) { a.setAttribute('tabindex', i ? -1 : 0); });
    g.addEventListener('keydown', function (e) {
      var v = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
      var c = e.target.closest('a'), best, least = 1e9;
      if (!v || !c) return;
      e.preventDefault();
      var p = middle(c);
      marks.forEach(function (a) {
        if (a === c) return;
        var q = middle(a), dx = q[0] - p[0], dy = q[1] - p[1];
        var ahead = dx * v[0] + dy * v[1], aside = Math.abs(dx * v[1]) + Math.abs(dy * v[0]);
        if (ahead > 1 && ahead + 2.5 * aside < least) { least = ahead + 2.5 * aside; best = a; }
      });
      if (best) {
        marks.forEach(function (a) { a.setAttribute('tabindex', a === best ? 0 : -1); });
        best.focus();
      }
    });
  });
})();
