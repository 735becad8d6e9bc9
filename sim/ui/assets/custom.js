/* What the parts of the page share: numbers and months in the language's form, colours, icons, tables, downloads. */
(function () {
  const kit = window.bdg = {};
  const root = document.documentElement;

  /* ---- numbers and months ---- */
  const LOCALES = {id: 'id-ID', en: 'en-GB'};
  const kept = new Map();
  kit.locale = language => LOCALES[language] || LOCALES.en;
  function formatter(Kind, language, options) {
    const key = Kind.name + language + JSON.stringify(options);
    if (!kept.has(key)) kept.set(key, new Kind(kit.locale(language), options));
    return kept.get(key);
  }
  kit.number = function (value, form, language) {
    if (value === null || value === undefined || !isFinite(value)) return '–';
    const f = form || {}, digits = f.digits === undefined ? 1 : f.digits;
    const options = {minimumFractionDigits: digits, maximumFractionDigits: digits};
    if (f.signed) options.signDisplay = 'exceptZero';
    return (f.prefix || '') + formatter(Intl.NumberFormat, language, options).format(value * (f.factor || 1)) + (f.suffix || '');
  };
  kit.isMonth = text => /^\d{4}-\d{2}$/.test(text);
  kit.month = function (text, language, long) {
    if (!kit.isMonth(text)) return text;
    const [year, month] = text.split('-').map(Number);
    const options = {month: long ? 'long' : 'short', year: 'numeric', timeZone: 'UTC'};
    return formatter(Intl.DateTimeFormat, language, options).format(Date.UTC(year, month - 1));
  };
  kit.fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => name in values ? values[name] : all);

  /* ---- colours ---- */
  kit.dark = () => root.dataset.theme === 'dark';
  kit.inLight = function (work) {  // for pictures, which are always on white
    const now = root.dataset.theme;
    root.dataset.theme = 'light';
    try { return work(); } finally { root.dataset.theme = now; }
  };
  kit.token = name => getComputedStyle(root).getPropertyValue('--' + name).trim();
  kit.paint = function (dark) {
    root.dataset.theme = dark ? 'dark' : 'light';
    try {
      localStorage.setItem('bandung:colours', dark ? 'dark' : 'light');
      localStorage.setItem(':solara:theme.variant', dark ? '"dark"' : '"light"');
    } catch (refused) { /* a browser that keeps nothing: the choice lasts until the page is left */ }
    window.dispatchEvent(new CustomEvent('bdg-colours'));
  };
  kit.calm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

  /* ---- libraries, downloads, the clipboard ---- */
  let charts = null;
  kit.echarts = function () {
    if (!charts) {
      charts = new Promise((done, failed) => window.requirejs([window.chartsLibrary], done, failed));
      charts.catch(() => { charts = null; });
    }
    return charts;
  };
  kit.save = function (name, type, content) {
    const link = document.createElement('a');
    const address = typeof content === 'string' && content.startsWith('data:') ? content
      : URL.createObjectURL(new Blob([content], {type: type + ';charset=utf-8'}));
    link.href = address;
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    if (address.startsWith('blob:')) setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
  kit.csv = function (columns, rows) {
    // A text that a spreadsheet would take for a formula gets a quote in front; numbers stay numbers.
    const cell = value => {
      if (value === null || value === undefined) return '';
      if (typeof value === 'number') return String(value);
      const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value);
      return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
    };
    const head = c => c.unit ? c.label + ' (' + c.unit + ')' : c.label;
    const lines = [columns.map(c => cell(head(c))), ...rows.map(row => columns.map(c => cell(row[c.id])))];
    return '\ufeff' + lines.map(line => line.join(',')).join('\r\n') + '\r\n';
  };
  kit.copy = async function (text) {
    try { await navigator.clipboard.writeText(text); return true; } catch (refused) { /* older way below */ }
    const area = document.createElement('textarea');
    area.value = text;
    area.setAttribute('readonly', '');
    area.className = 'bdg-hidden';
    document.body.appendChild(area);
    area.select();
    let done = false;
    try { done = document.execCommand('copy'); } catch (refused) { done = false; }
    area.remove();
    return done;
  };

  /* ---- icons: strokes in a box of 24 ---- */
  const ICONS = {
    sun: 'M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2',
    moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5Z',
    undo: 'M4 9h10a5 5 0 0 1 0 10h-4M4 9l4-4M4 9l4 4',
    close: 'M6 6l12 12M18 6L6 18',
    down: 'M6 9l6 6l6-6',
    right: 'M9 6l6 6l-6 6',
    check: 'M5 12.5l4.5 4.5L19 7.5',
    warning: 'M12 4L2.5 20h19ZM12 10v4.5M12 17v.5',
    info: 'M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M12 11v5.5M12 7.5v.5',
    error: 'M8 3h8l5 5v8l-5 5H8l-5-5V8ZM12 7.5v5.5M12 16v.5',
    download: 'M12 4v11M7.5 10.5L12 15l4.5-4.5M4 20h16',
    upload: 'M12 15V4M7.5 8.5L12 4l4.5 4.5M4 20h16',
    copy: 'M9 9h11v11H9ZM5 15H4V4h11v1',
    link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
    table: 'M4 5h16v14H4ZM4 10h16M4 14.5h16M10 5v14',
    image: 'M4 5h16v14H4ZM4 16l5-5l4 4l3-3l4 4M15.5 9v.1',
    sliders: 'M4 7h9M17 7h3M15 4.5v5M4 17h3M11 17h9M9 14.5v5M4 12h16',
    chart: 'M4 4v16h16M7 15l4-5l3 3l5-7',
    map: 'M3 6l6-2l6 2l6-2v14l-6 2l-6-2l-6 2ZM9 4v14M15 6v14',
    people: 'M9 11a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7M2.5 20c0-4 3-6.5 6.5-6.5s6.5 2.5 6.5 6.5M16 5a3 3 0 0 1 0 6M17.5 14c2.5.5 4 2.5 4 6',
    box: 'M4 8l8-4l8 4v9l-8 4l-8-4ZM4 8l8 4l8-4M12 12v9',
    home: 'M4 11l8-7l8 7M6 9.5V20h12V9.5M10 20v-5h4v5',
    save: 'M5 4h11l3 3v13H5ZM8 4v5h7V4M8 20v-6h8v6',
    plus: 'M12 5v14M5 12h14',
    run: 'M7 5l12 7l-12 7Z',
    help: 'M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .8-1 1.7M12 16.5v.5',
    shock: 'M13 3L5 14h6l-1 7l8-11h-6Z',
    code: 'M8 7l-5 5l5 5M16 7l5 5l-5 5',
    rise: 'M12 20V5M6 11l6-6l6 6',
    fall: 'M12 4v15M6 13l6 6l6-6',
    same: 'M5 9.5h14M5 14.5h14',
  };
  Vue.component('bdg-icon', {
    functional: true,
    props: {name: String},
    render(h, context) {
      const path = ICONS[context.props.name];
      return path ? h('svg', {class: 'bdg-icon', attrs: {viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false'}},
        [h('path', {attrs: {d: path}})]) : null;
    },
  });

  /* ---- a table: headed rows and columns, sorted by a click on a column's head ---- */
  Vue.component('bdg-table', {
    props: {caption: String, columns: Array, rows: Array, locale: String, sorts: Boolean, picked: String, picks: Boolean},
    data() { return {by: null, falling: true}; },
    computed: {
      ordered() {
        if (!this.by) return this.rows;
        const sign = this.falling ? -1 : 1, by = this.by, language = kit.locale(this.locale);
        const none = v => v === null || v === undefined;
        return this.rows.slice().sort((one, other) => {
          const a = one[by], b = other[by];
          if (none(a) || none(b)) return none(a) - none(b);
          return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), language));
        });
      },
    },
    methods: {
      sort(id) {
        if (this.by === id) this.falling = !this.falling;
        else { this.by = id; this.falling = this.rows.some(row => typeof row[id] === 'number'); }
      },
      state(id) { return this.by === id ? (this.falling ? 'descending' : 'ascending') : 'none'; },
      text(row, column) {
        const value = row[column.id];
        if (typeof value === 'number') return kit.number(value, column.form, this.locale);
        return value === null || value === undefined ? '–' : kit.month(String(value), this.locale);
      },
    },
    template: `
      <div class="bdg-scroll" role="region" tabindex="0" :aria-label="caption">
        <table class="bdg-table">
          <caption>{{ caption }}</caption>
          <thead><tr>
            <th v-for="c in columns" :key="c.id" scope="col" :class="{num: !!c.form}" :title="c.help"
                :aria-sort="sorts ? state(c.id) : null">
              <button v-if="sorts" type="button" @click="sort(c.id)">{{ c.label }}<span aria-hidden="true">{{
                by === c.id ? (falling ? ' ▼' : ' ▲') : '' }}</span></button>
              <template v-else>{{ c.label }}</template>
            </th>
          </tr></thead>
          <tbody>
            <tr v-for="(row, n) in ordered" :key="row._id || n" :class="{picked: picked && row._id === picked}">
              <template v-for="(c, k) in columns">
                <th v-if="k === 0" :key="c.id" scope="row" :class="{num: !!c.form}">
                  <button v-if="picks && row._id" type="button" class="bdg-link" @click="$emit('pick', row._id)">{{ text(row, c) }}</button>
                  <template v-else>{{ text(row, c) }}</template>
                </th>
                <td v-else :key="c.id" :class="[{num: !!c.form}, row._tone && c.form ? row._tone : '']">{{ text(row, c) }}</td>
              </template>
            </tr>
          </tbody>
        </table>
      </div>`,
  });

  /* ---- after the server was away: back as soon as it answers ----
     By itself the connection waits longer after each failure, in the end half a minute and more. */
  const AGAIN = 2000;  // ms
  setInterval(async function () {
    const tools = window.solara && window.solara.debug, kernel = tools && tools.kernel();
    const waits = () => !kernel.isDisposed && kernel.connectionStatus !== 'connected' && !(tools.ws() && tools.ws().readyState === WebSocket.CONNECTING);
    if (!kernel || !waits()) return;
    try {
      const answer = await fetch(window.solara.rootPath + '/readyz', {cache: 'no-store'});
      if (answer.ok && waits()) await kernel.reconnect();
    } catch (away) { /* not yet */ }
  }, AGAIN);

  /* ---- Solara's own few texts, in the language of the page ---- */
  const SAID = {
    id: {
      'Server disconnected': 'Sambungan ke server terputus',
      'Restoring session…': 'Memulihkan sesi…',
      'Please refresh the page': 'Muat ulang halaman',
      'Could not restore session. Please refresh.': 'Sesi tidak dapat dipulihkan. Muat ulang halaman.',
      'Refresh now': 'Muat ulang',
      'Cancel': 'Batal',
    },
  };
  function translate(node) {
    const said = SAID[root.lang];
    if (!said || !node.querySelectorAll) return;
    node.querySelectorAll('.v-overlay__content *, .v-dialog *, .v-snack *').forEach(part => {
      part.childNodes.forEach(text => {
        const found = text.nodeType === 3 && said[text.nodeValue.trim()];
        if (found) text.nodeValue = found;
      });
    });
  }
  let first = document.getElementById('first');  // what the server sent until the page itself would come
  function there() {
    if (!first || !document.querySelector('#app .bdg-main .bdg-card, #app .bdg-main .bdg-panel, #app .bdg-main .bdg-notice')) return;
    requestAnimationFrame(() => { if (first) first.remove(); first = null; });
  }
  /* ---- names for what Mesa's page leaves without one ---- */
  function named() {
    if (!/\/agents\/?$/.test(location.pathname)) return;
    const id = root.lang === 'id';
    const name = (found, text) => document.querySelectorAll(found).forEach(one => one.getAttribute('aria-label') || one.setAttribute('aria-label', text));
    name('.v-app-bar__nav-icon', id ? 'Panel samping' : 'Side panel');
    name('.v-app-bar .v-btn--icon:not(.v-app-bar__nav-icon)', id ? 'Warna terang atau gelap' : 'Light or dark colours');
    document.querySelectorAll('img.widget-image:not([alt])').forEach(one => { one.alt = id ? 'Gambar model bulan ini' : 'Picture of the model this month'; });
    document.querySelectorAll('.v-input__slot[role=button][aria-haspopup=listbox]').forEach(one => {  // the field in it is what is focused
      one.removeAttribute('role');
      one.removeAttribute('aria-haspopup');
      one.removeAttribute('aria-expanded');
      one.removeAttribute('aria-owns');
    });
  }
  new MutationObserver(changes => there() || named() || changes.forEach(change => change.addedNodes.forEach(node => {
    if (node.classList && /v-(overlay|dialog|snack)/.test(node.className)) translate(node.parentNode || node);
  }))).observe(document.body, {childList: true, subtree: true});
})();
