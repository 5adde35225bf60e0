// Comfort on the check page: the pair of sentence and record, keys, selected words, what is typed is kept. All acts work without.
(() => {
  "use strict";
  const wide = matchMedia("(min-width: 1000px)");
  const $ = (id) => document.getElementById(id);
  const kept = (store, name, value) => { // a browser may refuse storage
    try { return value === undefined ? store.getItem(name) : value === null ? store.removeItem(name) : store.setItem(name, value); } catch { return null; }
  };

  // --- "this record is not there any more" takes the place of its card; a whole page never does ---
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 404) return;
    if (event.detail.serverResponse.includes("<html")) { location.reload(); return; }
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });

  // --- a sentence and its record: both come into sight, both are outlined ---
  const clear = () => {
    for (const name of ["paired", "paired-mark"]) document.querySelectorAll("." + name).forEach((one) => one.classList.remove(name));
  };
  const pairOf = (element) => {
    if (element.matches(".paragraph")) {
      const link = element.querySelector('a[href^="#record-"]');
      return link && $(link.hash.slice(1));
    }
    const source = element.querySelector(".record-source");
    return source && $(source.hash.slice(1));
  };
  const show = (element) => {
    const part = element.closest(".check > section");
    if (part && part.scrollHeight > part.clientHeight && wide.matches) {
      const offset = element.getBoundingClientRect().top - part.getBoundingClientRect().top;
      if (offset < 0 || offset + element.offsetHeight > part.clientHeight * 0.9) part.scrollTop += offset - part.clientHeight * 0.2;
    } else if (!wide.matches && element.matches(".record")) element.scrollIntoView({ block: "nearest" });
    if (!wide.matches || !element.matches(".record")) return;
    const place = element.getBoundingClientRect(); // the two columns themselves may stand below the edge of the window
    if (place.top < 0 || place.bottom > innerHeight) scrollBy({ top: place.top - Math.max(80, (innerHeight - place.height) / 2), behavior: "instant" });
  };
  const pairWith = (target) => {
    clear();
    const other = pairOf(target);
    for (const one of [target, other]) if (one) { one.classList.add("paired"); if (one.offsetParent) show(one); }
    const record = target.matches(".record") ? target : other;
    if (record) for (const mark of document.querySelectorAll(`.sheet a[href="#${CSS.escape(record.id)}"]`)) mark.classList.add("paired-mark");
  };
  const pair = () => {
    const target = location.hash.length > 1 && $(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.matches(".record, .paragraph")) return;
    pairWith(target);
    if (target.matches(".record")) go(target, false);
  };
  window.addEventListener("hashchange", pair);

  // --- the record one works on ---
  const page = $("records");
  let current = "";
  const records = () => (page ? [...page.querySelectorAll(".record[id]")] : []);
  const present = () => (current && $(current)) || null;
  const go = (record, withPair = true) => {
    if (!record) return;
    current = record.id;
    if (!wide.matches && location.hash && !location.hash.startsWith("#record")) location.hash = "#" + record.id; // the records' part
    if (!record.hasAttribute("tabindex")) record.tabIndex = -1;
    record.focus({ preventScroll: true });
    if (withPair) pairWith(record);
    show(record);
  };
  const step = (by, wanted = () => true) => {
    const all = records();
    const at = all.findIndex((one) => one.id === current);
    const after = all.slice(at + 1), before = all.slice(0, Math.max(at, 0));
    const rest = by > 0 ? [...after, ...before] : [...before.reverse(), ...after.reverse()];
    go(rest.find(wanted));
  };
  const doubtful = (one) => one.classList.contains("doubtful");
  if (page) {
    page.addEventListener("focusin", (event) => { const record = event.target.closest(".record[id]"); if (record) current = record.id; });
    page.addEventListener("click", (event) => {
      const record = event.target.closest(".record[id]");
      if (!record || event.target.closest("a, button, input, select, textarea, label, summary") || String(getSelection())) return;
      go(record);
    });
  }

  // --- keep the place in both columns when the page is loaded anew ---
  const parts = [...document.querySelectorAll(".check > section")];
  const key = "check:" + location.pathname;
  window.addEventListener("pagehide", () => {
    if (!parts.length) return;
    const all = records().map((one) => one.id);
    const at = all.indexOf(current);
    const near = at < 0 ? [] : [current, ...all.slice(at + 1, at + 3), ...all.slice(Math.max(at - 1, 0), at)];
    kept(sessionStorage, key, JSON.stringify({ tops: parts.map((part) => part.scrollTop), near }));
  });
  if (!location.hash && parts.length) {
    const was = JSON.parse(kept(sessionStorage, key) || "{}");
    parts.forEach((part, n) => { part.scrollTo({ top: (was.tops || [])[n] || 0, behavior: "instant" }); });
    const again = (was.near || []).map($).find(Boolean);
    if (again && !document.querySelector(".error-summary")) go(again);
  }

  // --- keys ---
  const keysOn = $("keys-on");
  if (keysOn) {
    keysOn.closest("p").hidden = false;
    keysOn.checked = kept(localStorage, "check:keys") !== "off";
    keysOn.addEventListener("change", () => kept(localStorage, "check:keys", keysOn.checked ? "on" : "off"));
  }
  const press = (act, inside = present()) => {
    const control = inside && inside.querySelector(`[data-act="${act}"]`);
    if (control) control.click();
    return Boolean(control);
  };
  const add = () => {
    const bar = $("select-bar");
    if (!bar.hidden) { bar.querySelector("a").click(); return; }
    const source = present() && present().querySelector(".record-source");
    const number = source && $(source.hash.slice(1)) && $(source.hash.slice(1)).querySelector(".number");
    if (number) number.click();
  };
  const help = () => {
    const keys = $("keys");
    keys.open = !keys.open;
    keys.querySelector("summary").focus();
    keys.scrollIntoView({ block: "nearest" });
  };
  const source = () => {
    const link = present() && present().querySelector(".record-source");
    if (link) link.click();
  };
  const solutionOf = () => {
    const own = present();
    if (!own) return;
    const block = own.closest(".solution");
    press("add", block ? block.querySelector(".record-solution") : own);
  };
  const acts = {
    j: () => step(1), k: () => step(-1), n: () => step(1, doubtful), p: () => step(-1, doubtful),
    a: () => press("accept"), u: () => press("undo") || press("undo", $(accepted)), e: () => press("edit"), d: () => press("drop"),
    i: add, c: solutionOf, m: () => press("find"), s: source, "?": help,
  };
  const typing = (element) => element.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest && event.target.closest(".record-form form, .record-ask form");
    if (event.key === "Escape") {
      const open = event.target.closest && event.target.closest(".record-form, .record-ask");
      if (open) { press("cancel", open); event.preventDefault(); }
      else if ($("select-bar") && !$("select-bar").hidden) { getSelection().removeAllRanges(); $("select-bar").hidden = true; }
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
      event.preventDefault();
      (form.querySelector("[data-act=save], [data-act=confirm]") || form.querySelector("button")).click();
      return;
    }
    if (!page || !keysOn.checked || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
    const letter = event.key === "Process" ? event.code.replace("Key", "").toLowerCase() : event.key;
    const act = acts[letter.length === 1 ? letter.toLowerCase() : ""];
    if (!act || event.target.closest(".record-form, .record-ask")) return;
    event.preventDefault();
    act();
  });

  // --- htmx: where to go after an act, and which state of the draft the page shows ---
  document.addEventListener("htmx:configRequest", (event) => {
    const state = $("check-state");
    if (!state) return;
    event.detail.headers["X-Seen"] = state.dataset.version;
    const lists = state.querySelector("[data-lists]"); // what is missing: sent again only when it has changed
    if (lists) event.detail.headers["X-Lists"] = lists.dataset.lists;
  });
  let acted = "";
  let accepted = ""; // the record accepted last: "u" takes it back though the next one is already in focus
  document.addEventListener("htmx:beforeRequest", (event) => {
    const own = event.target.closest(".record[id]");
    if (own) current = own.id;
    acted = event.detail.requestConfig.path;
    if (own && /\/accept\/$/.test(acted)) accepted = own.id;
    if (/\/drop\/$/.test(acted) && event.detail.requestConfig.verb === "post" && own) {
      const all = records();
      const next = all[all.indexOf(own) + 1] || all[all.indexOf(own) - 1];
      event.detail.xhr.following = next ? next.id : "";
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const xhr = event.detail.xhr;
    if (!xhr || event.detail.elt.id === "check-state") return;
    if (/\/accept\/$/.test(acted) && xhr.status === 200) { if (document.querySelector(".record.doubtful")) step(1, doubtful); else go(present()); acted = ""; return; }
    if (xhr.following) { go($(xhr.following)); return; }
    const form = event.detail.elt.matches(".record-form, .record-ask") ? event.detail.elt : null;
    if (form && !form.querySelector(".is-invalid, .error-summary, .alert-danger")) {
      const first = form.querySelector("textarea, input:not([type=hidden]), select, button.btn-danger");
      if (first) first.focus({ preventScroll: true });
      show(form);
    } else if (form) { // refused: what to know stands at its top
      const words = form.querySelector(".alert, .error-summary") || form;
      words.tabIndex = -1;
      words.focus({ preventScroll: true });
      words.scrollIntoView({ block: "center", behavior: "instant" });
    } else if (!form && event.detail.elt.matches(".record")) go(present() || event.detail.elt);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const next = event.detail.xhr && event.detail.xhr.following;
    if (next && event.detail.successful && $(next)) go($(next));
  });

  // --- what others changed: asked for when one comes back to the page, at most twice a minute ---
  let asked = Date.now();
  const ask = () => {
    const keys = $("keys");
    if (!keys || document.hidden || Date.now() - asked < 30000 || document.querySelector(".check-others")) return;
    asked = Date.now();
    window.htmx.ajax("GET", keys.dataset.news, { target: "#check-state", swap: "outerHTML" });
  };
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("focus", ask);

  // --- selected words of one paragraph ---
  const bar = $("select-bar");
  const length = (text) => [...text].length; // the server counts characters, not halves of them
  const offsetIn = (words, node, offset) => {
    const range = document.createRange();
    range.selectNodeContents(words);
    range.setEnd(node, offset);
    return Number(words.dataset.start) + length(range.toString());
  };
  const wordsAt = (node) => { const element = node.nodeType === 1 ? node : node.parentElement; return element && element.closest(".sheet .words"); };
  const select = () => {
    const selection = getSelection();
    const range = selection.rangeCount && !selection.isCollapsed && selection.getRangeAt(0);
    const first = range && wordsAt(range.startContainer);
    if (!range || !first || !range.toString().trim()) { if (!bar.contains(document.activeElement)) bar.hidden = true; return; }
    const last = wordsAt(range.endContainer);
    const start = offsetIn(first, range.startContainer, range.startOffset);
    const end = last && last.closest(".paragraph") === first.closest(".paragraph")
      ? offsetIn(last, range.endContainer, range.endOffset)
      : Number(first.dataset.start) + length(first.textContent);
    if (end <= start) return;
    const number = first.closest(".paragraph").id.slice(2);
    for (const link of bar.querySelectorAll("a")) {
      link.search = new URLSearchParams({ paragraph: number, start, end }).toString();
    }
    bar.hidden = false;
  };
  if (bar) document.addEventListener("selectionchange", () => { clearTimeout(select.timer); select.timer = setTimeout(select, 150); });

  // --- what is typed is kept in this window until it is saved or thrown away ---
  const unkept = ["csrfmiddlewaretoken", "preview", "form_key"];
  const values = (form) => JSON.stringify([...new FormData(form)].filter(([name]) => !unkept.includes(name)));
  const fill = (form, entries) => {
    const wanted = new Map();
    for (const [name, value] of entries) wanted.set(name, [...(wanted.get(name) || []), value]);
    for (const field of form.elements) {
      if (!field.name || unkept.includes(field.name) || field.type === "submit" || field.type === "button") continue;
      const list = wanted.get(field.name) || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = list.includes(field.value);
      else if (field.tagName === "SELECT" && field.multiple) for (const option of field.options) option.selected = list.includes(option.value);
      else if (list.length) field.value = list[0];
    }
  };
  const keep = (form) => {
    if (form.dataset.kept) return;
    form.dataset.kept = "yes";
    const name = "typed:" + form.dataset.keep;
    const note = form.querySelector(".kept");
    const tell = (words) => { note.querySelector("span").textContent = words; note.hidden = false; };
    const original = values(form);
    const typed = kept(sessionStorage, name);
    const answered = form.closest(".record-form").querySelector(".is-invalid, .alert-danger, table");
    if (typed && typed !== original && !answered) { fill(form, JSON.parse(typed)); tell(note.dataset.again); }
    let timer = 0;
    const write = () => {
      const now = values(form);
      if (now === original) { kept(sessionStorage, name, null); note.hidden = true; return; }
      kept(sessionStorage, name, now);
      tell(`${note.dataset.words} ${new Date().toTimeString().slice(0, 5)}.`);
    };
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(write, 500); });
    form.addEventListener("change", () => { clearTimeout(timer); write(); });
    form.addEventListener("submit", () => { clearTimeout(timer); if (!form.hasAttribute("hx-post")) kept(sessionStorage, "sent:" + location.pathname, name); });
    note.querySelector("button").addEventListener("click", () => {
      kept(sessionStorage, name, null);
      fill(form, JSON.parse(original));
      note.hidden = true;
      form.querySelector("textarea, input:not([type=hidden]), select").focus();
    });
    form.querySelector("[data-act=cancel]").addEventListener("click", () => { clearTimeout(timer); kept(sessionStorage, name, null); });
  };
  document.addEventListener("htmx:afterRequest", (event) => { // saved: nothing is kept any more
    const form = event.target;
    if (form.matches && form.matches("form[data-keep]") && event.detail.successful) kept(sessionStorage, "typed:" + form.dataset.keep, null);
  });
  if (page) for (let n = sessionStorage.length - 1; n >= 0; n -= 1) { // a form sent from a page of its own came back here: saved
    const name = sessionStorage.key(n);
    if (name && name.startsWith("sent:")) { kept(sessionStorage, kept(sessionStorage, name), null); kept(sessionStorage, name, null); }
  }

  // --- several units: one field with suggestions writes into the list, one a line ---
  const offer = (area) => {
    const list = $(area.dataset.addUnit);
    if (!list || area.dataset.offered) return;
    area.dataset.offered = "yes";
    const input = document.createElement("input");
    input.className = "form-control";
    input.setAttribute("list", list.id);
    input.setAttribute("aria-label", area.dataset.addLabel);
    input.placeholder = area.dataset.addLabel;
    input.autocomplete = "off";
    const names = new Set([...list.options].map((option) => option.value));
    const take = () => {
      if (!names.has(input.value)) return;
      area.value = [...area.value.split("\n").filter((line) => line.trim()), input.value].join("\n");
      input.value = "";
      area.dispatchEvent(new Event("input", { bubbles: true }));
    };
    input.addEventListener("input", take);
    input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.ctrlKey) { event.preventDefault(); take(); } });
    const place = document.createElement("div");
    place.className = "add-unit";
    place.append(input);
    area.after(place);
  };

  const dress = (part) => {
    const forms = part.matches && part.matches("form") ? [part] : [...part.querySelectorAll("form")];
    for (const form of forms) if (form.dataset.keep) keep(form);
    for (const area of part.querySelectorAll("textarea[data-add-unit]")) offer(area);
  };
  document.addEventListener("htmx:load", (event) => dress(event.target));
  dress(document);
  pair();
})();
