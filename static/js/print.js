// A button that prints the page: <button type="button" data-print hidden>…</button>. Without scripts the browser's own menu does.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
