// What all pages share: requests to the service, messages, help, and the keys that lead from page to page.

const errors = JSON.parse(document.getElementById("errors").textContent);
const csrf = document.querySelector("meta[name=csrf]").content;

export class Refused extends Error {
  constructor(status, code, id = "") {
    super(errors[code] ?? `出了意外，请重试${id ? `（编号 ${id}）` : ""}。`);
    this.status = status;
    this.code = code;
  }
}

/** One request; a plain object goes as JSON. Throws Refused where the service says no, TypeError without network. */
export async function request(method, url, body = undefined, options = {}) {
  const headers = { "X-CSRF-Token": csrf, "X-Fragment": "1", ...options.headers };
  const form = body instanceof FormData;
  if (body !== undefined && !form) headers["Content-Type"] = "application/json";
  const sent = body === undefined || form ? body : JSON.stringify(body);
  const answer = await fetch(url, { method, headers, body: sent, keepalive: options.keepalive ?? false });
  if (answer.ok) return answer;
  if (answer.status === 401 && !location.pathname.startsWith("/login")) {
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  const told = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, told.error?.code ?? "error", told.error?.request_id);
}

export function toast(text, kind = "note", seconds = 4) {
  const line = document.createElement("p");
  line.className = `toast ${kind}`;
  line.textContent = text;
  document.getElementById("toasts").append(line);
  setTimeout(() => line.remove(), seconds * 1000);
}

/** Whether a key goes into a field that takes text. */
export function isTyping(event) {
  return event.isComposing || event.target.closest?.("input:not([type=checkbox]), textarea, select") !== null;
}

export function withModifier(event) {
  return event.ctrlKey || event.metaKey || event.altKey;
}

export function helpIsOpen() {
  return document.getElementById("help").open;
}

const help = document.getElementById("help");

function toggleHelp() {
  if (help.open) help.close();
  else help.showModal();
}

document.getElementById("help-open").addEventListener("click", toggleHelp);

let leading = false;
document.addEventListener("keydown", (event) => {
  if (isTyping(event) || withModifier(event)) return;
  if (event.key === "?" || event.key === "？") {
    event.preventDefault();
    toggleHelp();
  } else if (help.open) {
    return;
  } else if (leading) {
    leading = false;
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      event.stopImmediatePropagation();
      link.click();
    }
  } else if (event.key === "g") {
    leading = true;
    setTimeout(() => (leading = false), 1500);
  } else if (event.key === "t") {
    document.getElementById("theme").click();
  }
}, true);

// Forms that send JSON: <form data-api="POST /v1/…" data-then="/address, or nothing to load the page again">
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-api]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) return;
  const [method, url] = form.dataset.api.split(" ");
  const fields = [...new FormData(form, event.submitter)].filter(([, value]) => value !== "");
  const message = form.querySelector(".form-error");
  try {
    await request(method, url, method === "DELETE" || !fields.length ? undefined : typed(form, fields));
    if (form.dataset.then) location.assign(form.dataset.then);
    else location.reload();
  } catch (error) {
    const words = error.code === "unauthenticated" ? "用户名或密码不对。" : error.message;
    if (message) message.textContent = words;
    else toast(words, "bad");
  }
});

/** The fields as the service wants them: numbers where the field is one, true and false as such. */
function typed(form, fields) {
  const types = { number: Number, checkbox: (value) => value === "on", flag: (value) => value === "true" };
  return Object.fromEntries(fields.map(([name, value]) => {
    const field = form.elements.namedItem(name);
    const turn = types[field?.dataset?.type ?? field?.type];
    return [name, turn ? turn(value) : value];
  }));
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = csrf;
});
