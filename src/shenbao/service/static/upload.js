// Documents: files are dropped anywhere on the page; the list shows by itself how far they are.
import { helpIsOpen, isTyping, toast, withModifier } from "./app.js";

const BUSY_MS = 1500; // between looks at the list while something is read
const QUIET_MS = 15_000;
const MOST_ROWS = 200;

const form = document.getElementById("upload");
const filters = document.getElementById("filters");
const rows = document.getElementById("rows");
const errors = JSON.parse(document.getElementById("errors").textContent);
let shown = "";

/** Fetches the rows again, as many as are there. */
function refresh() {
  filters.elements.count.value = Math.min(MOST_ROWS, rows.querySelectorAll(".row-link").length);
  htmx.trigger(filters, "refresh");
}

function look() {
  if (!document.hidden && rows.querySelectorAll(".row-link").length <= MOST_ROWS) refresh();
  setTimeout(look, rows.querySelector(".busy") ? BUSY_MS : QUIET_MS);
}

// Rows that are as they were stay: nothing flickers, and no focus is lost.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== rows) return;
  if (event.detail.serverResponse === shown) event.detail.shouldSwap = false;
  shown = event.detail.serverResponse;
});

function say(text) {
  document.getElementById("upload-state").textContent = text;
}

/** Sends files with their progress, which fetch does not tell. */
function upload(files) {
  if (!files.length) return;
  const body = new FormData();
  body.append("project", form.elements.project.value);
  if (form.elements.password.value) body.append("password", form.elements.password.value);
  for (const file of files) body.append("files", file);
  const bar = document.getElementById("sent");
  const call = new XMLHttpRequest();
  call.open("POST", "/v1/documents");
  call.setRequestHeader("X-CSRF-Token", document.querySelector("meta[name=csrf]").content);
  call.responseType = "json";
  call.upload.addEventListener("progress", (event) => (bar.value = event.loaded / event.total));
  call.addEventListener("loadend", () => {
    bar.hidden = true;
    say("");
    form.elements.files.value = "";
    if (call.status === 202) tell(call.response.items);
    else toast(errors[call.response?.error?.code] ?? "上传失败，请检查网络后重试。", "bad", 8);
    refresh();
    setTimeout(refresh, 500);
  });
  bar.hidden = false;
  say(`正在上传 ${files.length} 个文件…`);
  call.send(body);
}

function tell(items) {
  const known = items.filter((item) => item.known).length;
  toast(known ? `${items.length - known} 个文件已上传，${known} 个早已在库` : `${items.length} 个文件已上传，正在识别`);
}

if (form) {
  const drop = document.getElementById("drop");
  form.elements.files.addEventListener("change", () => upload([...form.elements.files.files]));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) drop.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.hidden = true;
    upload([...event.dataTransfer.files]);
  });
}
filters.addEventListener("submit", (event) => event.preventDefault());

function step(by) {
  const links = [...rows.querySelectorAll(".row-link")];
  const at = links.indexOf(document.activeElement.closest("tr")?.querySelector(".row-link"));
  const next = links[Math.max(0, Math.min(links.length - 1, at + by))];
  next?.focus();
  next?.closest("tr").scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (helpIsOpen() || withModifier(event)) return;
  const inSearch = event.target === filters.elements.q && event.key === "ArrowDown";
  if (isTyping(event) && !inSearch) return;
  const linked = document.activeElement.closest("tr")?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (event.key === "/") filters.elements.q.focus();
  else if (event.key === "i") form?.elements.files.click();
  else if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else if (linked) linked.click();
  else return;
  event.preventDefault();
});

setTimeout(look, BUSY_MS);
