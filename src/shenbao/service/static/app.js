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

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = csrf;
});
