// The admin site's searchable choices get the name of their field: the library leaves an empty one nameless.
(() => {
  "use strict";
  const name = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const label = document.querySelector(`label[for="${select.id}"]`);
      const box = select.parentElement.querySelector(".select2-selection");
      if (!label || !box) continue;
      const words = label.textContent.replace(/:\s*$/, "").trim();
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", words);
      const inner = box.querySelector(".select2-selection__rendered");
      if (inner) { inner.removeAttribute("role"); inner.removeAttribute("aria-readonly"); }
    }
  };
  window.addEventListener("load", () => setTimeout(name));
})();
