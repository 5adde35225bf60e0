// The rule editor shows only the fields that its kind and its repeats need. All fields work without.
(() => {
  "use strict";
  const speaks = (form, field) => {
    const kind = form.querySelector("select[name=kind]");
    if (kind && !field.dataset.for.split(" ").includes(kind.value)) return false;
    if (!field.dataset.repeat) return true;
    const repeat = form.querySelector(`select[name=${field.dataset.series}]`);
    return !repeat || field.dataset.repeat.split(" ").includes(repeat.value);
  };
  const fit = (form) => {
    for (const field of form.querySelectorAll("[data-for]")) {
      const group = field.closest(".mb-3") || field;
      group.hidden = !speaks(form, field) && !group.querySelector(".is-invalid");
    }
    const raw = form.querySelector("select[name=repeat]");
    if (raw && raw.value === "as_read") form.querySelector(".rule-more").open = true;
  };
  const fitAll = (part) => {
    const forms = part.matches && part.matches("form") ? [part] : part.querySelectorAll("form");
    for (const form of forms) if (form.querySelector("[data-for]")) fit(form);
    for (const button of part.querySelectorAll("[data-act=preview]")) button.hidden = true; // the line above is always right
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[name=kind], select[name=repeat], select[name=repeat_2]")) fit(event.target.form);
  });
  document.addEventListener("htmx:load", (event) => fitAll(event.target));
  fitAll(document);
})();
