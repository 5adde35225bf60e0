// Search from anywhere: Ctrl-K (or ⌘K) opens the dialog, arrows move through what was found, Esc closes. htmx fetches
// what was found, a moment after the last key. <dialog> itself keeps the focus inside and gives it back.
(() => {
  "use strict";
  const dialog = document.getElementById("search-dialog");
  if (!dialog || !dialog.showModal) return;
  const words = dialog.querySelector("input[name=q]");
  const found = document.getElementById("search-found");
  const said = document.getElementById("search-said");

  const open = () => {
    if (dialog.open) { words.focus(); words.select(); return; }
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    dialog.showModal();
    words.focus();
    words.select();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-search]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); }); // beside the box
  found.addEventListener("click", (event) => { if (event.target.closest("a")) dialog.close(); }); // a place on this page

  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); dialog.close(); return; } // a search field would only empty itself
    const links = [...found.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    const inWords = document.activeElement === words;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (to === undefined || (!inWords && at < 0) || (inWords && event.key !== "ArrowDown")) return;
    event.preventDefault();
    if (to < 0) words.focus();
    else if (links.length) links[Math.min(to, links.length - 1)].focus();
  });
  found.addEventListener("keydown", (event) => { // typing on goes on with the words
    if (event.key === "Backspace" || (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey)) words.focus();
  });
  dialog.addEventListener("htmx:beforeSwap", (event) => { // the session has ended: the page of search leads to the log-in
    const answered = event.detail.xhr.responseURL;
    if (!answered || new URL(answered).pathname === new URL(words.form.action).pathname) return;
    event.detail.shouldSwap = false;
    words.form.submit();
  });
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    dialog.addEventListener(failure, () => { found.textContent = said.textContent = found.dataset.failed; });
  }
  found.addEventListener("htmx:afterSettle", () => {
    const part = found.querySelector("[data-said]");
    said.textContent = part ? part.dataset.said : "";
  });
})();
