// Field view: one item after another. The next ones are fetched and drawn ahead; Enter only brings one to the front.
import { Refused, helpIsOpen, isTyping, request, toast, withModifier } from "./app.js";
import { differ, draw, moved, unit } from "./marks.js";
import { isEmpty, isWaiting, resume, send } from "./outbox.js";

const AHEAD = 6;
const LOW = 4;
const FORGET_MS = 30_000;
const LOOK_AGAIN_MS = 3_000;
const SPARE_SECONDS = 20;
const KEPT = 100;
const LARGEST = 2.5;

const root = document.getElementById("review");
const stage = document.getElementById("stage");
const stock = document.getElementById("stock");
const past = [];
const decidedAt = new Map();
let current = null;
let filling = null;
let dry = false;
let done = 0;
let spent = 0;
let searching = false;
let looking = 0;
let zoomed = 1;
let turned = 0;

const wanted = Object.fromEntries(
  [["kind", root.dataset.kind], ["document", Number(root.dataset.document)], ["project", Number(root.dataset.project)]]
    .filter(([, value]) => value),
);

/** Fetches items until enough are ahead; while the service is away it tries again. `held`: with those that one
 * has already, as after a reload. */
function fill(held = false) {
  filling ??= persist(held).catch((error) => toast(error.message, "bad")).finally(() => (filling = null));
  return filling;
}

async function persist(held) {
  const sign = document.getElementById("offline");
  for (let wait = 500; ; wait = Math.min(2 * wait, 5_000)) {
    try {
      await fetchMore(held);
      sign.hidden = true;
      return;
    } catch (error) {
      if (error instanceof Refused && ![429, 500, 502, 503].includes(error.status)) throw error;
      sign.hidden = false;
      held = true; // what was lent in an answer that never came is one's own
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

/** Whether an item was decided here just now: an answer that was made before that may still name it. */
function isDecided(id) {
  return isWaiting(id) || performance.now() - (decidedAt.get(id) ?? -Infinity) < FORGET_MS;
}

async function fetchMore(held) {
  const here = new Set([current?.card, ...stock.children].filter(Boolean).map((card) => card.dataset.id));
  const missing = AHEAD - stock.children.length;
  const count = held ? missing + here.size : missing;
  const answer = await request("POST", `/review/items${held ? "?held=true" : ""}`, { ...wanted, count });
  showOpen(Number(answer.headers.get("X-Open")));
  const made = document.createElement("template");
  made.innerHTML = await answer.text();
  const fresh = [...made.content.children].filter(({ dataset }) => !here.has(dataset.id) && !isDecided(dataset.id));
  dry = fresh.length < missing;
  for (const card of fresh) {
    stock.append(card);
    for (const picture of card.querySelectorAll("img")) picture.decode().catch(() => undefined);
  }
}

function showOpen(number) {
  document.getElementById("open-count").textContent = number;
}

function expired(card) {
  return Number(card.dataset.until) * 1000 < Date.now() + SPARE_SECONDS * 1000;
}

/** Brings the next item to the front. `since`: when the key was pressed. */
async function advance(since = performance.now()) {
  for (const card of [...stock.children].filter(expired)) card.remove();
  current = null;
  if (!stock.children.length) {
    stage.replaceChildren(Object.assign(document.createElement("p"), { className: "empty", textContent: "正在取下一条…" }));
    searching = true;
    await fill(true);
    searching = false;
  }
  const card = stock.firstElementChild;
  if (card) show(card, since);
  else showNothing();
  if (stock.children.length < LOW && !dry) fill();
}

/** The queue is empty; what comes in later shows by itself. */
function showNothing() {
  stage.replaceChildren(document.getElementById("nothing").content.cloneNode(true));
  clearTimeout(looking);
  looking = setTimeout(async () => {
    if (current || searching) return;
    if (!document.hidden) await fill(true);
    if (current || searching) return;
    if (stock.children.length) advance();
    else showNothing();
  }, LOOK_AGAIN_MS);
}

function show(card, since) {
  current = { card, text: card.dataset.text, cursor: -1, editing: false, at: performance.now(), hidden: 0 };
  stage.replaceChildren(card);
  current.field = card.querySelector("textarea");
  current.field.value = current.text;
  [zoomed, turned] = [1, Number(card.dataset.turned ?? 0)];
  frames(card);
  for (const button of card.querySelectorAll("[data-candidate]")) {
    differ(button.querySelector(".text"), button.dataset.candidate || "（空白）", current.text);
  }
  const doubtful = doubts();
  current.cursor = doubtful.length ? doubtful[0] : -1;
  paint();
  card.setAttribute("tabindex", "-1");
  card.focus({ preventScroll: true });
  measure(card, since);
}

/** Notes when the item stood on the screen with all its pictures, for measurements. */
async function measure(card, since) {
  await Promise.all([...card.querySelectorAll("img")].map((picture) => picture.decode().catch(() => undefined)));
  frames(card);
  requestAnimationFrame(() => setTimeout(() => {
    performance.measure("item-shown", { start: since, end: performance.now(), detail: card.dataset.id });
  }));
}

/** Fits the pictures into their place, and frames each cell: it has `around` times its height on each side. */
function frames(card) {
  const place = card.querySelector(".sight");
  const figures = card.querySelectorAll(".wide");
  for (const figure of figures) {
    const picture = figure.querySelector("img");
    const [width, height] = [picture.naturalWidth, picture.naturalHeight];
    figure.classList.toggle("waiting", !width);
    if (!width) {
      picture.addEventListener("load", () => frames(card), { once: true });
      continue;
    }
    const lying = turned % 2 === 1;
    const room = [place.clientWidth - 16, (place.clientHeight - 16) / figures.length];
    const scale = zoomed * Math.min(LARGEST, room[0] / (lying ? height : width), room[1] / (lying ? width : height));
    Object.assign(figure.style, size(lying ? height : width, lying ? width : height, scale));
    const turn = figure.querySelector(".turn");
    Object.assign(turn.style, size(width, height, scale), { rotate: `${90 * turned}deg` });
    const around = Number(figure.dataset.around);
    const cell = height / (1 + 2 * around);
    Object.assign(figure.querySelector(".frame").style, {
      inset: `${(100 * around * cell) / height}% ${(100 * Number(figure.dataset.beside) * cell) / width}%`,
    });
  }
}

function size(width, height, scale) {
  return { width: `${width * scale}px`, height: `${height * scale}px` };
}

function doubts() {
  const given = current.card.dataset.doubtful;
  const read = given ? given.split(",").map(Number) : [];
  return moved(read, current.text, current.field.value);
}

function paint() {
  const text = current.field.value;
  draw(current.card.querySelector(".marks"), text, doubts(), current.editing ? -1 : current.cursor);
  current.card.classList.toggle("editing", current.editing);
  current.card.classList.toggle("changed", text !== current.text);
  const label = current.card.querySelector("[data-do=accept] span");
  label.textContent = text === current.text ? "确认" : "更正";
  for (const button of current.card.querySelectorAll("[data-candidate]")) {
    button.setAttribute("aria-pressed", String(button.dataset.candidate === text));
  }
}

function edit() {
  current.field.focus();
  const from = current.cursor < 0 ? current.field.value.length : unit(current.field.value, current.cursor);
  const to = current.cursor < 0 ? from : unit(current.field.value, current.cursor + 1);
  current.field.setSelectionRange(from, to);
}

function put(text) {
  current.field.value = text;
  current.cursor = doubts()[0] ?? -1;
  paint();
}

function step(by) {
  const places = doubts();
  if (!places.length) return;
  const at = places.indexOf(current.cursor);
  current.cursor = places[(at + by + places.length) % places.length];
  paint();
}

function decide(action, since) {
  const { card, field, text } = current;
  const changed = action === "accept" && field.value !== text;
  const seconds = Math.min(86_400, (performance.now() - current.at - current.hidden) / 1000);
  const decision = { action: changed ? "correct" : action, seconds: Math.round(seconds * 100) / 100 };
  if (changed) decision.text = field.value;
  const entry = { card, value: field.value, sent: send(card.dataset.id, decision) };
  past.push(entry);
  if (past.length > KEPT) past.shift();
  entry.sent.then(() => decidedAt.set(card.dataset.id, performance.now())).catch((error) => {
    if (past.includes(entry)) past.splice(past.indexOf(entry), 1);
    toast(`「${card.querySelector("h1").textContent}」未保存：${error.message}`, "bad", 8);
  });
  done += 1;
  spent += seconds;
  count(card.dataset.kind, -1);
  tally();
  advance(since);
}

/** Keeps the number of open items of a kind in step with what is decided here. */
function count(kind, by) {
  const shown = document.querySelector(`[data-count="${CSS.escape(kind)}"]`);
  if (shown) shown.textContent = Math.max(0, Number(shown.textContent) + by);
}

function tally() {
  document.getElementById("done-count").textContent = done;
  document.getElementById("mean-time").textContent = done ? `${(spent / done).toFixed(1)} 秒` : "–";
  const open = document.getElementById("open-count");
  if (Number(open.textContent) > 0) open.textContent = Number(open.textContent) - 1;
}

async function skip(since) {
  const { card } = current;
  try {
    const sent = request("POST", `/v1/items/${card.dataset.id}/skip`);
    advance(since);
    await sent;
  } catch (error) {
    toast(error.message, "bad");
  }
}

/** Takes the last decision back and shows its item again. */
async function back() {
  const entry = past.pop();
  if (!entry) {
    toast("没有可以撤销的了");
    return;
  }
  try {
    const decision = await entry.sent;
    decidedAt.delete(entry.card.dataset.id);
    const answer = await request("POST", `/v1/decisions/${decision.id}/undo`);
    const item = await answer.json();
    if (item.lease_until) entry.card.dataset.until = Date.parse(item.lease_until) / 1000;
    if (current) stock.prepend(current.card);
    done -= 1;
    count(entry.card.dataset.kind, 1);
    showOpen(Number(document.getElementById("open-count").textContent) + 1);
    document.getElementById("done-count").textContent = done;
    show(entry.card, performance.now());
    put(entry.value);
    toast("已撤销上一条");
  } catch (error) {
    toast(error.message, "bad");
  }
}

function leaveEditing() {
  current.field.blur();
  current.card.focus({ preventScroll: true });
}

function escape() {
  if (current && current.field.value !== current.text) put(current.text);
  else if (current?.editing) leaveEditing();
  else back();
}

function comment() {
  const form = current.card.querySelector("form.comment");
  form.hidden = false;
  form.elements.text.focus();
}

async function sayComment(form) {
  const card = form.closest(".card");
  const text = form.elements.text.value.trim();
  form.hidden = true;
  form.elements.text.value = "";
  card.focus({ preventScroll: true });
  if (!text) return;
  try {
    const said = await (await request("POST", `/v1/items/${card.dataset.id}/comments`, { text })).json();
    const line = document.createElement("p");
    line.append(Object.assign(document.createElement("b"), { textContent: said.user }), ` ${said.text}`);
    card.querySelector(".comments").append(line);
  } catch (error) {
    toast(error.message, "bad");
  }
}

function zoom(factor) {
  zoomed = Math.min(5, Math.max(0.5, zoomed * factor));
  frames(current.card);
  const frame = current.card.querySelector(".frame");
  frame?.scrollIntoView({ block: "center", inline: "center" });
}

function turn() {
  turned = (turned + 1) % 4;
  current.card.dataset.turned = turned;
  frames(current.card);
}

function candidate(number) {
  const found = current.card.querySelectorAll("[data-candidate]")[number - 1];
  if (found) put(found.dataset.candidate);
  else toast(`没有第 ${number} 个候选；按空格可直接输入`);
}

const actions = {
  accept: (since) => decide("accept", since),
  unreadable: (since) => decide("unreadable", since),
  skip,
  edit,
  comment,
  back,
  whole: () => location.assign(current.card.dataset.page),
  more: () => { if (!searching) advance(); },
};

const keys = {
  " ": edit,
  F2: edit,
  e: edit,
  s: skip,
  x: actions.unreadable,
  c: comment,
  z: back,
  o: actions.whole,
  ArrowRight: () => step(1),
  ArrowLeft: () => step(-1),
  "+": () => zoom(1.25),
  "=": () => zoom(1.25),
  "-": () => zoom(0.8),
  0: () => zoom(1 / zoomed),
  r: turn,
};

function inEditor(event) {
  if (event.isComposing || event.keyCode === 229) return; // the input method has the key
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    decide("accept", event.timeStamp);
  } else if (event.key === "Escape") {
    event.preventDefault();
    escape();
    leaveEditing();
  } else if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
    event.preventDefault();
    candidate(Number(event.code.at(-1)));
  }
}

document.addEventListener("keydown", (event) => {
  if (helpIsOpen() || event.repeat && event.key === "Enter") return;
  if (event.target.matches?.(".editor textarea")) {
    inEditor(event);
  } else if (event.target.matches?.("form.comment input")) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.target.value = "";
    sayComment(event.target.form);
  } else if (!isTyping(event) && !withModifier(event)) {
    onKey(event);
  }
});

function onKey(event) {
  const onControl = event.target.closest?.("a, button") && ["Enter", " "].includes(event.key);
  if (onControl) return;
  if (event.key === "Escape") {
    event.preventDefault();
    escape();
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (current) decide("accept", event.timeStamp);
    else actions.more();
  } else if (current && /^[1-9]$/.test(event.key)) {
    event.preventDefault();
    candidate(Number(event.key));
  } else if (current && keys[event.key]) {
    event.preventDefault();
    keys[event.key](event.timeStamp);
  }
}

root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.candidate !== undefined) {
    put(button.dataset.candidate);
    current.card.focus({ preventScroll: true });
  } else if (button.dataset.do) {
    actions[button.dataset.do](event.timeStamp);
  }
});
root.addEventListener("submit", (event) => {
  event.preventDefault();
  sayComment(event.target);
});
root.addEventListener("input", () => current && paint());
root.addEventListener("focusin", (event) => setEditing(event, true));
root.addEventListener("focusout", (event) => setEditing(event, false));

function setEditing(event, editing) {
  if (current && event.target === current.field) {
    current.editing = editing;
    paint();
  }
}

addEventListener("resize", () => current && frames(current.card));

// Time away from the page is no time spent on the item.
let hiddenSince = 0;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenSince = performance.now();
  else if (current) current.hidden += performance.now() - hiddenSince;
});
addEventListener("beforeunload", (event) => {
  if (!isEmpty()) event.preventDefault();
});
addEventListener("pagehide", () => {
  for (const card of [current?.card, ...stock.children].filter(Boolean)) {
    request("POST", `/v1/items/${card.dataset.id}/release`, undefined, { keepalive: true }).catch(() => undefined);
  }
});

await resume();
await fill(true);
advance();
