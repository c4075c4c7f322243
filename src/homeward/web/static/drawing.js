// Ctrl+Z takes the last step of a drawing back; the arrow keys go from person to person.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input,textarea,select")) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "z") {
    const undo = document.querySelector("a[data-undo]");
    if (undo) { event.preventDefault(); undo.click(); }
  }
  const persons = [...document.querySelectorAll("figure svg a")];
  const at = persons.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 }[event.key];
  if (at < 0 || to === undefined || !persons[to]) return;
  event.preventDefault();
  persons[to].focus();
});
