"use strict";
const tip = document.getElementById("tip");

function clearPicks() {
  for (const each of document.querySelectorAll(".picked")) each.classList.remove("picked");
}

function show(polygon, x, y) {
  tip.textContent = polygon.dataset.tip;
  tip.style.display = "block";
  tip.style.left = Math.max(8, Math.min(x + 14, innerWidth - tip.offsetWidth - 8)) + "px";
  tip.style.top = Math.max(8, Math.min(y + 14, innerHeight - tip.offsetHeight - 8)) + "px";
}

function pickFact(fact, scroll) {
  clearPicks();
  fact.classList.add("picked");
  let first = true;
  for (const place of fact.dataset.cells.split(" ").filter(Boolean)) {
    for (const polygon of document.querySelectorAll(`polygon[data-cell="${CSS.escape(place)}"]`)) {
      polygon.classList.add("picked");
      if (first && scroll) polygon.scrollIntoView({ block: "center", behavior: "smooth" });
      first = false;
    }
  }
}

function pickCell(polygon) {
  clearPicks();
  polygon.classList.add("picked");
  let first = true;
  for (const fact of document.querySelectorAll("button.fact")) {
    if (!fact.dataset.cells.split(" ").includes(polygon.dataset.cell)) continue;
    fact.classList.add("picked");
    if (first) fact.scrollIntoView({ block: "center", behavior: "smooth" });
    first = false;
  }
}

for (const polygon of document.querySelectorAll("polygon")) {
  polygon.addEventListener("mousemove", (event) => show(polygon, event.clientX, event.clientY));
  polygon.addEventListener("mouseleave", () => { tip.style.display = "none"; });
  polygon.addEventListener("click", () => pickCell(polygon));
}
for (const fact of document.querySelectorAll("button.fact")) {
  fact.addEventListener("click", () => pickFact(fact, true));
}
addEventListener("keydown", (event) => {
  if (event.key === "Escape") { clearPicks(); tip.style.display = "none"; }
});
