// Files for a report: photos one after the other, several choices, pasted and dropped ones, each with a button to leave it out.
// Without this script the inputs of the form do: what was chosen last is sent.
(() => {
  "use strict";
  try { new DataTransfer(); } catch { return; } // an old browser keeps the plain inputs
  document.documentElement.classList.add("picks-files");
  const kept = new Map(); // files by the form's address: a form that comes back with an error gets them again
  const live = document.getElementById("live");
  const place = (picker) => picker.closest("form").getAttribute("action") || location.pathname;
  const files = (picker) => kept.get(place(picker)) || [];
  const say = (words) => { live.textContent = ""; setTimeout(() => { live.textContent = words; }, 50); };
  const size = (bytes) => (bytes < 1e6
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`);
  const same = (a, b) => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

  const show = (picker) => {
    const transfer = new DataTransfer();
    for (const file of files(picker)) transfer.items.add(file);
    picker.querySelector("input:not([capture])").files = transfer.files;
    picker.querySelector("[data-chosen]").replaceChildren(...files(picker).map((file) => {
      const line = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = `${file.name} (${size(file.size)})`;
      const out = document.createElement("button");
      out.type = "button";
      out.className = "btn btn-link btn-sm";
      out.textContent = picker.dataset.remove;
      out.setAttribute("aria-label", `${picker.dataset.remove}: ${file.name}`);
      out.addEventListener("click", () => leaveOut(picker, file));
      line.append(name, out);
      return line;
    }));
  };

  const add = (picker, more) => {
    const single = picker.querySelector("[data-single]");
    const before = single ? [] : files(picker);
    const fresh = more.filter((file) => !before.some((old) => same(old, file)));
    kept.set(place(picker), single ? fresh.slice(-1) : [...before, ...fresh]);
    show(picker);
    if (fresh.length) say(`${picker.dataset.added} ${fresh.map((file) => file.name).join(", ")}`);
  };

  const leaveOut = (picker, file) => {
    kept.set(place(picker), files(picker).filter((one) => one !== file));
    show(picker);
    say(`${picker.dataset.removed} ${file.name}`);
    (picker.querySelector("[data-chosen] button") || picker.querySelector("input:not([capture])")).focus();
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    const picker = input.matches("input[type=file]") && input.closest("[data-picker]");
    if (!picker) return;
    const chosen = [...input.files];
    if (input.hasAttribute("capture")) input.value = ""; // it goes into the list, and the camera can be used again
    add(picker, chosen);
  });

  // --- a computer: paste and drop ---
  const around = (element) => {
    const form = element && element.closest && element.closest("form");
    return form && form.querySelector("[data-picker]");
  };
  document.addEventListener("paste", (event) => {
    const pasted = [...event.clipboardData.files];
    const all = document.querySelectorAll("[data-picker]");
    const picker = around(document.activeElement) || (all.length === 1 && all[0]);
    if (!pasted.length || !picker) return;
    event.preventDefault();
    const now = new Date();
    const clock = [now.getHours(), now.getMinutes(), now.getSeconds()].map((n) => String(n).padStart(2, "0")).join("");
    add(picker, pasted.map((file, n) => (file.name === "image.png" // what every pasted picture is called
      ? new File([file], `${picker.dataset.pasted}-${clock}${n || ""}.png`, { type: file.type }) : file)));
  });
  document.addEventListener("dragover", (event) => {
    const picker = event.dataTransfer.types.includes("Files") && around(event.target);
    if (!picker) return;
    event.preventDefault();
    picker.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    const picker = around(event.target);
    if (picker && !picker.closest("form").contains(event.relatedTarget)) picker.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    const picker = around(event.target);
    if (!picker || !event.dataTransfer.files.length) return;
    event.preventDefault();
    picker.classList.remove("over");
    add(picker, [...event.dataTransfer.files]);
  });

  // --- Enter in a search inside a report must not send the report ---
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input[data-search-only]")) event.preventDefault();
  });

  // --- a report that comes back with an error keeps its files; one that is sent forgets them ---
  document.addEventListener("htmx:afterSwap", (event) => {
    const failed = event.detail.xhr && event.detail.xhr.status >= 400;
    const sent = event.detail.requestConfig && event.detail.requestConfig.verb === "post" && event.detail.requestConfig.path;
    if (!sent) return;
    if (!failed) { kept.delete(sent); return; }
    for (const picker of document.querySelectorAll("[data-picker]")) {
      if (place(picker) !== sent || !files(picker).length) continue;
      show(picker);
      const lost = picker.querySelector("[data-lost]");
      if (lost) lost.remove();
    }
  });
})();
