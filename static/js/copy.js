// A button that copies a field: <button data-copy="id of the field" data-copied="Copied" hidden><span>…</span></button>.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      field.select();
      await navigator.clipboard.writeText(field.value);
      button.querySelector("span").textContent = button.dataset.copied;
      document.getElementById("live").textContent = button.dataset.copied;
    });
  }
})();
