// Vocabulary: names are decided one after another by key; each leaves the list at once.
import { helpIsOpen, isTyping, request, toast, withModifier } from "./app.js";

const list = document.getElementById("names");
const rows = () => [...list.querySelectorAll("tr[data-id]")];

function select(row) {
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

async function decide(row, button) {
  const all = rows();
  const next = all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1];
  const body = { action: button.dataset.action };
  if (button.dataset.name) body.name = button.dataset.name;
  row.classList.add("leaving");
  select(next);
  try {
    await request("POST", `/v1/vocabulary/suggestions/${row.dataset.id}`, body);
    toast(`“${row.dataset.form}”：${button.dataset.told}`, "note", 2);
    row.remove();
    if (!rows().length) location.reload();
  } catch (error) {
    row.classList.remove("leaving");
    toast(error.code === "usage" ? "与词表里已有的名称冲突。" : error.message, "bad");
  }
}

document.addEventListener("keydown", (event) => {
  if (helpIsOpen() || isTyping(event) || withModifier(event)) return;
  if (event.target.closest("a, button") && ["Enter", " "].includes(event.key)) return;
  const row = document.activeElement.closest("tr[data-id]");
  const all = rows();
  const button = row?.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
  if (event.key === "ArrowDown") select(all[all.indexOf(row) + 1] ?? row);
  else if (event.key === "ArrowUp") select(all[Math.max(0, all.indexOf(row) - 1)]);
  else if (button) decide(row, button);
  else return;
  event.preventDefault();
});

list.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action]");
  const row = event.target.closest("tr[data-id]");
  if (button) decide(row, button);
  else if (row && !event.target.closest("a")) select(row);
});

select(rows()[0]);
