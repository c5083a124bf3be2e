// Documents: files are dropped anywhere on the page; the list shows by itself how far they are.
import { isTyping, toast, withModifier } from "./app.js";

const form = document.getElementById("upload");
const filters = document.getElementById("filters");
const errors = JSON.parse(document.getElementById("errors").textContent);

function refresh() {
  htmx.trigger(filters, "input");
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
    if (call.status === 202) tell(call.response.items);
    else toast(errors[call.response?.error?.code] ?? "上传失败，请重试。", "bad", 8);
    refresh();
  });
  bar.hidden = false;
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
  document.addEventListener("dragleave", (event) => (drop.hidden = event.relatedTarget === null));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.hidden = true;
    upload([...event.dataTransfer.files]);
  });
}
filters.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (isTyping(event) || withModifier(event)) return;
  if (event.key === "/") {
    event.preventDefault();
    filters.elements.q.focus();
  } else if (event.key === "i") form?.elements.files.click();
});
