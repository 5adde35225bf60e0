// Comfort on top of pages that work without it: progress, double submit, focus, announcements, "select all".
(() => {
  "use strict";
  const busy = document.getElementById("busy");
  const live = document.getElementById("live");
  let running = 0;
  let timer = 0;

  // --- progress: shown after 150 ms, so that quick answers do not flicker ---
  const start = () => {
    running += 1;
    if (running === 1) timer = setTimeout(() => { busy.hidden = false; }, 150);
  };
  const stop = () => {
    running = Math.max(0, running - 1);
    if (running) return;
    clearTimeout(timer);
    busy.hidden = true;
  };

  // --- a form is sent once ---
  const lock = (form, on) => {
    form.toggleAttribute("data-sent", on);
    for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) button.disabled = on;
    if (on) form.setAttribute("aria-busy", "true"); else form.removeAttribute("aria-busy");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get" || form.hasAttribute("data-again")) return;
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "");
    setTimeout(() => lock(form, true)); // later: the pressed button's value still has to be sent
    if (form.hasAttribute("data-busy")) { start(); const bar = form.querySelector("progress.upload"); if (bar) bar.hidden = false; }
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return; // only when the browser brings the page back with "Back"
    running = 0;
    stop();
    for (const form of document.querySelectorAll("form[data-sent]")) lock(form, false);
  });

  // --- days: eight digits become dd/mm/yyyy ---
  document.addEventListener("change", (event) => {
    if (!event.target.matches("input[data-date]")) return;
    const digits = event.target.value.trim().match(/^(\d{2})(\d{2})(\d{4})$/);
    if (digits) event.target.value = digits.slice(1).join("/");
  });

  // --- htmx ---
  document.addEventListener("htmx:beforeRequest", (event) => {
    start();
    if (event.target.matches("form")) lock(event.target, true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    stop();
    if (event.target.matches("form")) lock(event.target, false);
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = event.target.querySelector && event.target.querySelector("progress.upload");
    if (!bar || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.value = (100 * event.detail.loaded) / event.detail.total;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    if (!focusError(part) && (document.activeElement === document.body || !document.activeElement)) {
      const next = part.querySelector("[data-focus]") || part;
      if (!next.matches("a, button, input, select, textarea, [tabindex]")) next.tabIndex = -1;
      next.focus({ preventScroll: true });
    }
    const said = part.matches("[data-announce]") ? part : part.querySelector("[data-announce]");
    const text = said ? said.dataset.announce || said.textContent.trim() : document.body.dataset.swapped;
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 50);
    countAll();
  });

  // --- errors: focus the summary, else the first wrong field ---
  const focusError = (part) => {
    const wrong = part.querySelector(".error-summary, [aria-invalid=true], .is-invalid");
    if (!wrong) return false;
    if (wrong.matches(".error-summary")) wrong.tabIndex = -1;
    wrong.focus();
    return true;
  };

  // --- "select all": <input type=checkbox data-select-all="name">, [data-select-count], [data-needs-selection] ---
  const boxes = (form, name) => [...(form.elements || form.querySelectorAll("input"))].filter((box) => box.type === "checkbox" && box.name === name); // also boxes outside it with form="…"
  const count = (all) => {
    const form = all.form || all.closest("form, table");
    const list = boxes(form, all.dataset.selectAll);
    const chosen = list.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === list.length;
    all.indeterminate = chosen > 0 && chosen < list.length;
    for (const place of form.querySelectorAll("[data-select-count]")) place.textContent = chosen;
    for (const button of form.querySelectorAll("[data-needs-selection]")) button.disabled = !chosen;
  };
  const countAll = () => document.querySelectorAll("input[data-select-all]").forEach(count);
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches("input[type=checkbox]")) return;
    if (box.dataset.selectAll) for (const one of boxes(box.form || box.closest("form, table"), box.dataset.selectAll)) one.checked = box.checked;
    countAll();
  });

  // --- menus: close on Escape and on a click elsewhere ---
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // --- copy a text: <button data-copy="#id" data-copied="words" hidden>; the text stands in a textarea ---
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.querySelector(button.dataset.copy);
      text.select();
      try { await navigator.clipboard.writeText(text.value); } catch { document.execCommand("copy"); } // no clipboard without https
      live.textContent = "";
      button.textContent = button.dataset.copied;
      setTimeout(() => { live.textContent = button.dataset.copied; }, 50);
    });
  }

  // --- filters fold away on a phone until they are used ---
  const phone = matchMedia("(max-width: 599px)");
  const fold = () => {
    for (const part of document.querySelectorAll(".filters > [data-fold]")) part.open = !phone.matches || part.hasAttribute("data-used");
  };
  phone.addEventListener("change", fold);
  fold();

  const failure = document.querySelector("form .alert-danger");
  if (!focusError(document) && failure) {
    live.textContent = failure.textContent.trim();
    if (document.activeElement === document.body) { failure.tabIndex = -1; failure.focus(); }
  }
  countAll();
})();
