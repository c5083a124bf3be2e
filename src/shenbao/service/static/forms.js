// Forms that send JSON:
//   <form data-api="POST /v1/…"   method and address
//     data-then="/address"        where to go then; without it the page is loaded again, or:
//     data-notes="words"          says so when it is loaded again
//     data-saved="words"          says so beside the button, and the page stays
//     data-shows="key"            shows that part of the answer, once
//     data-confirm="question"     data-usage="what is wrong when the service finds it does not fit"
//     data-same="name name">      two fields that must be the same
// Fields: data-type="percent | number | flag | list | skip", otherwise text.
import { request, toast } from "./app.js";

const KEPT = "shenbao.focus";
const NOTE = "shenbao.note";

const types = {
  number: Number,
  percent: (value) => Number((Number(value) / 100).toFixed(8)),
  flag: (value) => value === "true",
};

/** The fields as the service wants them; empty ones are left out, but for lists. */
function content(form, submitter) {
  const found = {};
  for (const field of form.elements) {
    const type = field.dataset.type;
    const off = !field.name || field.disabled || type === "skip" || (field.matches("[type=checkbox], [type=radio]") && !field.checked);
    if (off || (field.matches("button") && field !== submitter)) continue;
    if (type === "list") found[field.name] = [...(found[field.name] ?? []), field.value].filter(Boolean);
    else if (field.value !== "") found[field.name] = (types[type] ?? String)(field.value);
  }
  return found;
}

function words(error, form) {
  if (error.code === "usage" && form.dataset.usage) return form.dataset.usage;
  return error.code === "unauthenticated" ? "用户名或密码不对。" : error.message;
}

function complain(form, text) {
  const line = form.querySelector(".form-error");
  if (line) line.textContent = text;
  else toast(text, "bad");
}

async function follow(form, answer) {
  const { then, saved, shows } = form.dataset;
  if (then) {
    location.assign(then);
  } else if (shows) {
    form.querySelector("output").value = (await answer.json())[shows];
    form.querySelector(".shown").hidden = false;
    form.querySelector("[data-copy]").focus();
  } else if (saved) {
    form.querySelector(".form-saved").textContent = `${saved} ${new Date().toLocaleTimeString("zh-CN")}`;
    for (const field of form.querySelectorAll("[type=password]")) field.value = "";
  } else {
    sessionStorage.setItem(KEPT, document.activeElement.id);
    sessionStorage.setItem(NOTE, form.dataset.notes ?? "");
    location.reload();
  }
}

async function submit(form, submitter) {
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) return;
  const [method, url] = form.dataset.api.split(" ");
  const [first, second] = (form.dataset.same ?? "").split(" ").filter(Boolean).map((name) => form.elements.namedItem(name).value);
  if (first !== second) {
    complain(form, "两次输入的不一样。");
    return;
  }
  const body = content(form, submitter);
  try {
    await follow(form, await request(method, url, method === "DELETE" || !Object.keys(body).length ? undefined : body));
  } catch (error) {
    complain(form, words(error, form));
    for (const field of form.querySelectorAll("[data-sends]")) field.value = [...field.options].find((o) => o.defaultSelected).value;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-api]");
  if (!form) return;
  event.preventDefault();
  submit(form, event.submitter);
});

document.addEventListener("change", (event) => {
  const { enables } = event.target.dataset;
  if (enables) {
    for (const other of document.getElementsByName(event.target.name)) {
      document.getElementById(other.dataset.enables).disabled = other !== event.target;
    }
    document.getElementById(enables).select();
  } else if (event.target.matches("[data-sends]")) {
    event.target.form.requestSubmit();
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const output = button.form.querySelector("output");
  getSelection().selectAllChildren(output);
  await navigator.clipboard?.writeText(output.value).catch(() => undefined);
  button.textContent = "已选中";
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches("details.pop") && event.target.open) event.target.querySelector("input, a").focus();
}, true);

// The page was loaded again: back to where one was.
document.getElementById(sessionStorage.getItem(KEPT) ?? "")?.focus();
if (sessionStorage.getItem(NOTE)) toast(sessionStorage.getItem(NOTE));
sessionStorage.removeItem(KEPT);
sessionStorage.removeItem(NOTE);
