// Comfort on the check page: the pair of sentence and record, names of units, fields that a kind needs. All of it works without.
(() => {
  "use strict";

  // --- "this record is not there any more" takes the place of its card ---
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 404) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // --- a sentence and its record: both come into sight, both are outlined ---
  const clear = () => document.querySelectorAll(".paired").forEach((one) => one.classList.remove("paired"));
  const pairOf = (element) => {
    if (element.matches(".paragraph")) {
      const link = element.querySelector('a[href^="#record-"]');
      return link && document.getElementById(link.hash.slice(1));
    }
    const source = element.querySelector(".record-source");
    return source && document.getElementById(source.hash.slice(1));
  };
  const show = (element) => {
    const part = element.closest(".check > section");
    if (part && part.scrollHeight > part.clientHeight) {
      const offset = element.getBoundingClientRect().top - part.getBoundingClientRect().top;
      if (offset < 0 || offset > part.clientHeight * 0.7) part.scrollTop += offset - part.clientHeight * 0.25;
    }
  };
  const pair = () => {
    clear();
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.matches(".record, .paragraph")) return;
    const other = pairOf(target);
    for (const one of [target, other]) if (one) { one.classList.add("paired"); show(one); }
  };
  window.addEventListener("hashchange", pair);
  pair();

  // --- keep the place in both columns when the page is loaded anew ---
  const parts = [...document.querySelectorAll(".check > section")];
  const key = "check:" + location.pathname;
  window.addEventListener("pagehide", () => {
    sessionStorage.setItem(key, JSON.stringify(parts.map((part) => part.scrollTop)));
  });
  if (!location.hash && parts.length) {
    const kept = JSON.parse(sessionStorage.getItem(key) || "[]");
    parts.forEach((part, n) => { part.scrollTo({ top: kept[n] || 0, behavior: "instant" }); });
  }

  // --- a commitment's form shows what its kind needs ---
  const fit = (form) => {
    const kind = form.querySelector("select[name=kind]");
    if (!kind) return;
    for (const field of form.querySelectorAll("[data-for]")) {
      const group = field.closest(".mb-3") || field;
      group.hidden = !field.dataset.for.split(" ").includes(kind.value) && !group.querySelector(".is-invalid");
    }
  };

  // --- several units: one field with suggestions writes into the list, one a line ---
  const offer = (area) => {
    const list = document.getElementById(area.dataset.addUnit);
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
    };
    input.addEventListener("input", take);
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); take(); } });
    const place = document.createElement("div");
    place.className = "add-unit";
    place.append(input);
    area.after(place);
  };

  const dress = (part) => {
    for (const form of part.querySelectorAll("form")) fit(form);
    for (const area of part.querySelectorAll("textarea[data-add-unit]")) offer(area);
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[name=kind]")) fit(event.target.form);
  });
  document.addEventListener("htmx:load", (event) => { dress(event.target); if (event.target.matches(".record")) pair(); });
  dress(document);
})();
