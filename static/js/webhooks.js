"use strict";
// The box of a topic and those of its kinds say the same: all ticked, or not.
(() => {
  for (const topic of document.querySelectorAll(".topic")) {
    const whole = topic.querySelector("[data-whole]");
    const kinds = [...topic.querySelectorAll("details input")];
    const mark = () => {
      const ticked = kinds.filter((kind) => kind.checked).length;
      whole.checked = ticked === kinds.length;
      whole.indeterminate = ticked > 0 && !whole.checked;
    };
    const markKinds = () => kinds.forEach((kind) => { kind.checked = whole.checked; });
    if (whole.checked) markKinds();
    mark();
    topic.addEventListener("change", (event) => {
      if (event.target === whole) markKinds();
      mark();
    });
  }
})();
