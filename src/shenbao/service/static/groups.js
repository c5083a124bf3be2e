// Group view: a screen of items that were read alike. Enter accepts all that are not marked as odd.
import { helpIsOpen, isTyping, request, toast, withModifier } from "./app.js";
import { isEmpty, resume } from "./outbox.js";

const root = document.getElementById("groups");
const board = document.getElementById("tiles");
const acceptButton = root.querySelector("[data-do=accept]");
const groups = [...root.querySelectorAll(".group-list button")];
const LARGER = Math.min(1.4, Math.max(1, innerWidth / 1400)); // on large screens
const TILE = { width: 190 * LARGER, gap: 10, alike: 118 * LARGER, various: 146 * LARGER }; // pixels
let at = -1; // the group on the screen
let since = 0;
let done = 0;
let ahead = null; // {at, screen}: the next screen, fetched while this one is looked at
let last = [];
let busy = false;
const setAside = new Set(); // items found odd here: they are left for the field view

const tiles = () => [...board.children];
const isOdd = (tile) => tile.getAttribute("aria-selected") === "true";

/** Tiles that a screen holds. What does not fit is never shown: nobody accepts what he has not seen. */
function capacity(various) {
  const { width, gap } = TILE;
  const height = various ? TILE.various : TILE.alike;
  const room = getComputedStyle(board);
  const across = board.clientWidth - parseFloat(room.paddingLeft) - parseFloat(room.paddingRight) + gap;
  const down = board.clientHeight - parseFloat(room.paddingTop) - parseFloat(room.paddingBottom) + gap;
  return Math.max(1, Math.floor(across / (width + gap))) * Math.max(1, Math.floor(down / (height + gap)));
}

/** Whether the items of a group are not all read alike. */
function isVarious({ kind, text }) {
  return text === undefined && kind !== "empty";
}

async function fetchScreen(index, held) {
  const { kind, text } = groups[index].dataset;
  const room = capacity(isVarious(groups[index].dataset));
  const wanted = { count: Math.min(200, room + setAside.size), kind };
  if (text !== undefined) wanted.text = text;
  if (root.dataset.project) wanted.project = Number(root.dataset.project);
  const answer = await request("POST", `/review/tiles${held ? "?held=true" : ""}`, wanted);
  const made = document.createElement("template");
  made.innerHTML = await answer.text();
  const lent = [...made.content.children];
  const found = lent.filter((tile) => !setAside.has(tile.dataset.id)).slice(0, room);
  release(lent.filter((tile) => !found.includes(tile)));
  for (const tile of found) for (const picture of tile.querySelectorAll("img")) picture.decode().catch(() => undefined);
  return { found, open: Number(answer.headers.get("X-Open")) };
}

/** A screen of this group (`held`: with what one has of it already, after a reload), or of the first one after it that has some; null where none has. */
async function search(from, held = false) {
  for (let step = 0; step < groups.length; step += 1) {
    const index = (from + step) % groups.length;
    if (groups[index].hidden) continue;
    const screen = await fetchScreen(index, held);
    if (screen.found.length) return { at: index, screen };
    groups[index].hidden = index !== at;
  }
  return null;
}

async function go(from, pressed = performance.now(), held = false) {
  if (busy) return;
  busy = true;
  try {
    const fitting = ahead && (ahead.from === from ? await ahead.promise : null);
    const dropped = fitting ? null : ahead;
    ahead = null;
    const next = fitting ?? (await search(from, held));
    if (next) show(next, pressed);
    else showNothing();
    if (dropped) dropAhead(dropped);
  } catch (error) {
    toast(error.message, "bad");
  } finally {
    busy = false;
  }
}

/** Puts tiles on the board; those beyond its edge go back to the queue. */
function fill(found, various) {
  board.style.gridTemplateColumns = `repeat(auto-fill, minmax(${TILE.width}px, 1fr))`;
  board.style.gridAutoRows = `${various ? TILE.various : TILE.alike}px`;
  board.classList.toggle("various", various);
  board.replaceChildren(...found);
  const edge = board.scrollTop + board.clientHeight;
  const beyond = tiles().filter((tile, number) => number && tile.offsetTop - board.offsetTop + tile.offsetHeight > edge);
  for (const tile of beyond) tile.remove();
  release(beyond);
}

function show({ at: index, screen }, pressed) {
  at = index;
  fill(screen.found, isVarious(groups[at].dataset));
  document.getElementById("open-count").textContent = screen.open;
  groups.forEach((group, i) => group.toggleAttribute("aria-current", i === at));
  groups[at].scrollIntoView({ block: "nearest" });
  const various = isVarious(groups[at].dataset);
  document.getElementById("group-title").textContent = groups[at].querySelector(".text").textContent;
  document.getElementById("group-note").textContent =
    `${various ? "读数各不相同，请逐一对照" : "都读作此"} · 本屏 ${tiles().length} 条`;
  acceptButton.firstChild.textContent = "全部确认 ";
  acceptButton.disabled = false;
  since = performance.now();
  board.firstElementChild.focus();
  measure(pressed);
  prefetch();
}

/** While one screen is looked at, the next is fetched: of the same group, else of the one after it. */
function prefetch() {
  ahead = { from: at, promise: search(at).catch(() => null) };
}

async function dropAhead({ promise }) {
  const next = await promise;
  if (next) releaseOthers(next.screen.found);
}

/** Gives tiles back, but for items that have come onto the board again. */
function releaseOthers(left) {
  const here = new Set(tiles().map((tile) => tile.dataset.id));
  return release(left.filter((tile) => !here.has(tile.dataset.id)));
}

async function measure(pressed) {
  await Promise.all([...board.querySelectorAll("img")].map((picture) => picture.decode().catch(() => undefined)));
  requestAnimationFrame(() => setTimeout(() => {
    performance.measure("screen-shown", { start: pressed, end: performance.now() });
  }));
}

function showNothing() {
  at = -1;
  acceptButton.disabled = true;
  document.getElementById("group-title").textContent = "没有可成组复核的内容了";
  document.getElementById("group-note").textContent = "";
  const link = Object.assign(document.createElement("a"), { href: "/review", textContent: "去逐条复核", className: "button" });
  board.replaceChildren(link);
}

async function accept(pressed) {
  const all = tiles().filter((tile) => tile.dataset.id);
  if (!all.length || busy) return;
  const odd = all.filter(isOdd);
  const right = all.filter((tile) => !isOdd(tile));
  for (const tile of odd) setAside.add(tile.dataset.id);
  const left = groups[at].querySelector("b");
  left.textContent = Math.max(0, Number(left.textContent) - right.length);
  const seconds = Math.round((performance.now() - since) / all.length / 10) / 100;
  const sending = send(right.map((tile) => ({ item: Number(tile.dataset.id), action: "accept", seconds })));
  release(odd);
  if (odd.length) toast(`${odd.length} 条转到逐条复核`);
  await Promise.all([go(at, pressed), sending]);
}

async function send(decisions) {
  if (!decisions.length) return;
  const sign = document.getElementById("sending");
  sign.hidden = false;
  for (let wait = 500; ; wait = Math.min(2 * wait, 10_000)) {
    try {
      const answer = await (await request("POST", "/v1/items/decisions", { decisions })).json();
      last = answer.items.filter((one) => one.decision).map((one) => one.decision.id);
      done += last.length;
      document.getElementById("done-count").textContent = done;
      const refused = answer.items.length - last.length;
      if (refused) toast(`${refused} 条已由别人处理`, "bad");
      break;
    } catch (error) {
      if (error.status && ![429, 500, 502, 503].includes(error.status)) {
        toast(error.message, "bad");
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  sign.hidden = true;
}

async function undo() {
  if (!last.length) {
    toast("没有可以撤销的了");
    return;
  }
  const [ids, items] = [last, []];
  last = [];
  for (const id of ids) {
    try {
      items.push((await (await request("POST", `/v1/decisions/${id}/undo`)).json()).id);
    } catch (error) {
      toast(error.message, "bad");
    }
  }
  await Promise.all(items.map((id) => request("POST", `/v1/items/${id}/release`).catch(() => undefined)));
  done -= items.length;
  document.getElementById("done-count").textContent = done;
  toast(`已撤销 ${items.length} 条，它们回到队列`);
  for (const group of groups) group.hidden = false;
}

function release(cards, options = {}) {
  const lent = [...cards].filter((card) => card.dataset.id);
  return Promise.allSettled(lent.map((card) => request("POST", `/v1/items/${card.dataset.id}/release`, undefined, options)));
}

/** Another group instead of this one; what was on the screen goes back to the queue. */
async function change(to, pressed) {
  if (busy) return;
  const left = tiles();
  for (const group of groups) group.hidden = false;
  await go(to, pressed, true);
  releaseOthers(left);
}

function mark(tile) {
  tile.setAttribute("aria-selected", String(!isOdd(tile)));
  const odd = tiles().filter(isOdd).length;
  acceptButton.firstChild.textContent = odd ? `确认其余 ${tiles().length - odd} 条 ` : "全部确认 ";
}

function move(key) {
  const all = tiles();
  const now = Math.max(0, all.indexOf(document.activeElement));
  const top = all[0]?.offsetTop;
  const across = all.filter((tile) => tile.offsetTop === top).length;
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[key];
  const target = all[Math.min(all.length - 1, Math.max(0, now + by))];
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

const keys = {
  " ": () => document.activeElement.matches(".tile") && mark(document.activeElement),
  a: () => { const every = tiles().every(isOdd); tiles().filter((tile) => isOdd(tile) === every).forEach(mark); },
  p: (pressed) => change((at + groups.length - 1) % groups.length, pressed),
  n: (pressed) => change((at + 1) % groups.length, pressed),
  z: undo,
  Escape: undo,
  o: () => document.activeElement.dataset.page && location.assign(document.activeElement.dataset.page),
  Enter: accept,
};

document.addEventListener("keydown", (event) => {
  if (helpIsOpen() || isTyping(event) || withModifier(event) || event.repeat && event.key === "Enter") return;
  if (event.target.closest("a, button") && ["Enter", " "].includes(event.key)) return;
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    move(event.key);
  } else if (keys[event.key]) {
    event.preventDefault();
    keys[event.key](event.timeStamp);
  }
});

root.addEventListener("click", (event) => {
  const tile = event.target.closest(".tile");
  const button = event.target.closest("button");
  if (tile) {
    tile.focus();
    mark(tile);
  } else if (button?.dataset.do === "accept") accept(event.timeStamp);
  else if (button?.dataset.do === "next") keys.n(event.timeStamp);
  else if (button) change(groups.indexOf(button), event.timeStamp);
});

addEventListener("beforeunload", (event) => {
  if (!isEmpty() || !document.getElementById("sending").hidden) event.preventDefault();
});
addEventListener("pagehide", () => {
  release(tiles(), { keepalive: true });
  ahead?.promise.then((next) => next && release(next.screen.found, { keepalive: true }));
});

await resume();
if (groups.length) go(0, performance.now(), true);
else showNothing();
