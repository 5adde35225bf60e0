// A grid of fields: Enter and the arrows go up and down, a block copied from a spreadsheet fills the fields from the
// focused one on. The server reads the numbers; a block with more columns (names of units) goes to the text field.
(() => {
  "use strict";
  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  const live = document.getElementById("live");
  const rows = [...grid.tBodies[0].rows].map((row) => [...row.querySelectorAll("td input, td select")]);

  const placeOf = (field) => {
    const row = rows.findIndex((fields) => fields.includes(field));
    return row < 0 ? null : { row, column: rows[row].indexOf(field) };
  };

  const go = (place, step) => {
    const field = (rows[place.row + step] || [])[place.column];
    if (!field) return false;
    field.focus();
    if (field.select) field.select();
    return true;
  };

  grid.addEventListener("keydown", (event) => {
    const place = placeOf(event.target);
    if (!place || event.altKey || event.ctrlKey || event.metaKey) return;
    const choosing = event.target.matches("select"); // its arrows choose
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: choosing ? 0 : 1, ArrowUp: choosing ? 0 : -1 }[event.key];
    if (!step) return;
    event.preventDefault(); // Enter in a field of a row does not send the whole grid
    go(place, step);
  });

  const put = (field, text) => {
    if (field.matches("select")) {
      const folded = text.trim().toLocaleLowerCase("vi");
      const option = [...field.options].find((o) => o.textContent.trim().toLocaleLowerCase("vi") === folded);
      if (!option) return false;
      field.value = option.value;
    } else {
      field.value = text.trim();
    }
    field.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };

  grid.addEventListener("paste", (event) => {
    const place = placeOf(event.target);
    const text = (event.clipboardData || { getData: () => "" }).getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!place || !/[\t\n]/.test(text)) return; // one value: as everywhere
    event.preventDefault();
    const lines = text.split("\n").map((line) => line.split("\t"));
    const room = rows[place.row].length - place.column;
    const area = document.getElementById("id_pasted");
    if (area && lines.some((line) => line.length > room)) {
      area.value = text;
      area.form.querySelector("button[value=read]").click();
      return;
    }
    let filled = 0;
    lines.forEach((line, down) => line.forEach((value, right) => {
      const field = (rows[place.row + down] || [])[place.column + right];
      if (field && put(field, value)) filled += 1;
    }));
    const over = Math.max(place.row + lines.length - rows.length, 0);
    live.textContent = `${grid.dataset.pasted} ${filled}.${over ? ` ${grid.dataset.overflow} ${over}.` : ""}`;
    const last = (rows[Math.min(place.row + lines.length, rows.length) - 1] || [])[place.column];
    if (last) last.focus();
  });
})();
