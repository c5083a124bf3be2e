// Page view: the form as read beside its picture; a cell is selected in both. Every edit runs the checks again.
import { helpIsOpen, isTyping, request, toast, withModifier } from "./app.js";
import { differ } from "./marks.js";
import { Paper } from "./paper.js";

const root = document.getElementById("sheet");
const side = root.querySelector(".read-side");
const scroll = root.querySelector(".scroll");
const text = document.getElementById("text");
const base = `/v1/documents/${root.dataset.document}`;
const writes = Boolean(root.dataset.writes);
let chosen = []; // places; the first is the one that is edited

const paper = new Paper(
  document.getElementById("paper"), Number(root.dataset.width), Number(root.dataset.height),
  Number(root.dataset.rotation) / 90, (place, more) => select(place, more),
);

const spots = () => [...scroll.querySelectorAll(".spot")];
const spotAt = (place) => scroll.querySelector(`#at-${place.replaceAll("/", "-")}`);
const tag = () => scroll.querySelector("#read").dataset.tag;

function draw() {
  paper.draw(spots().filter((spot) => spot.dataset.polygons).map((spot) => ({
    place: spot.dataset.place,
    polygons: spot.dataset.polygons.split(";"),
    kind: spot.className.replace("spot ", ""),
  })));
}

function select(place, more = false) {
  const spot = spotAt(place);
  if (!spot) return;
  const table = place.split("/")[0];
  chosen = more && chosen[0]?.split("/")[0] === table ? [...new Set([...chosen, place])] : [place];
  for (const one of spots()) one.classList.toggle("chosen", chosen.includes(one.dataset.place));
  spot.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (!isTyping({ target: document.activeElement })) spot.focus({ preventScroll: true });
  paper.choose([place, ...chosen]);
  describe();
}

function describe() {
  const spot = spotAt(chosen[0]);
  const { names, confidence, reasons, candidates, elsewhere } = spot.dataset;
  const place = chosen[0].split("/");
  const here = place[0].startsWith("p") ? "表外文字" : `第 ${Number(place[1]) + 1} 行第 ${Number(place[2]) + 1} 列`;
  document.getElementById("names").textContent = names || here;
  const states = [["reviewed", "人工已复核"], ["doubt", "可疑"], ["sure", "可信"]];
  const state = states.find(([code]) => spot.classList.contains(code))?.[1];
  document.getElementById("sure").textContent =
    `${state} ${confidence}${elsewhere ? ` · 在第 ${elsewhere} 页` : ""}${chosen.length > 1 ? ` · 共选 ${chosen.length} 格` : ""}`;
  document.getElementById("why").textContent = JSON.parse(reasons).join("；");
  text.value = spot.textContent;
  text.disabled = !writes;
  const choices = JSON.parse(candidates).slice(0, 4).map((words, index) => choice(words, index + 1));
  document.getElementById("choices").replaceChildren(...(choices.length > 1 ? choices : []));
  const spans = spot.matches("td") && (spot.rowSpan > 1 || spot.colSpan > 1);
  root.querySelector("[data-do=save]").disabled = !writes;
  root.querySelector("[data-do=merge]").disabled = !writes || chosen.length < 2;
  root.querySelector("[data-do=split]").disabled = !writes || !spans;
}

function choice(words, number) {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button" });
  button.dataset.candidate = words;
  const key = Object.assign(document.createElement("kbd"), { textContent: number });
  const shown = Object.assign(document.createElement("span"), { className: "text" });
  differ(shown, words || "（空白）", text.value, 2);
  button.append(key, shown);
  item.append(button);
  return item;
}

/** Sends an edit, and shows what has become of the document. */
async function change(method, url, body) {
  try {
    await request(method, `${base}${url}`, body, { headers: { "If-Match": tag() } });
    await reload();
    return true;
  } catch (error) {
    toast(error.code === "usage" ? "这几格不能这样合并或拆分。" : error.message, "bad");
    if (error.code === "changed") await reload();
    return false;
  }
}

async function reload() {
  const top = scroll.scrollTop;
  const answer = await request("GET", `/documents/${root.dataset.document}/pages/${root.dataset.page}/sheet`);
  scroll.innerHTML = await answer.text();
  scroll.scrollTop = top;
  draw();
  if (chosen.length && spotAt(chosen[0])) select(chosen[0]);
}

async function save() {
  if (!chosen.length) return;
  const saved = await change("PUT", `/tables/${chosen[0]}`.replace(/\/([^/]+)\/(\d+)\/(\d+)$/, "/$1/cells/$2/$3"), { text: text.value });
  if (saved) toast("已保存，校验已重做");
  text.blur();
  spotAt(chosen[0])?.focus({ preventScroll: true });
}

async function merge() {
  const cells = chosen.map((place) => ({ place: place.split("/"), spot: spotAt(place) }));
  const rows = cells.flatMap(({ place, spot }) => [Number(place[1]), Number(place[1]) + (spot.rowSpan || 1)]);
  const cols = cells.flatMap(({ place, spot }) => [Number(place[2]), Number(place[2]) + (spot.colSpan || 1)]);
  const [row, col] = [Math.min(...rows), Math.min(...cols)];
  const span = { row, col, row_span: Math.max(...rows) - row, col_span: Math.max(...cols) - col };
  const table = cells[0].place[0];
  chosen = [`${table}/${row}/${col}`];
  if (await change("POST", `/tables/${table}/merge`, span)) toast("已合并");
}

async function split() {
  const [table, row, col] = chosen[0].split("/");
  if (await change("POST", `/tables/${table}/split`, { row: Number(row), col: Number(col) })) toast("已拆分");
}

async function undo() {
  const listed = await (await request("GET", `${base}/edits`)).json();
  const last = listed.items.filter((edit) => !edit.undone).at(-1);
  if (!last) toast("没有可以撤销的合并、拆分或表式");
  else if (await change("POST", `/edits/${last.id}/undo`)) toast("已撤销");
}

function doubt(by) {
  const doubtful = spots().filter((spot) => spot.matches(".doubt, .failed:not(.reviewed)"));
  if (!doubtful.length) {
    toast("这里没有可疑格了");
    return;
  }
  const all = spots();
  const at = chosen.length ? all.indexOf(spotAt(chosen[0])) : -1;
  const ordered = by > 0 ? doubtful : doubtful.toReversed();
  const next = ordered.find((spot) => by * (all.indexOf(spot) - at) > 0) ?? ordered[0];
  select(next.dataset.place);
}

/** The nearest spot in a direction, by where it stands on the page of text. */
function move(key, more) {
  const from = chosen.length ? spotAt(chosen.at(-1)) : spots()[0];
  if (!from || !chosen.length) {
    if (from) select(from.dataset.place);
    return;
  }
  const a = from.getBoundingClientRect();
  const [dx, dy] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  const middle = (box) => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  let best = null;
  for (const spot of spots()) {
    const b = spot.getBoundingClientRect();
    const along = dx ? (dx > 0 ? b.left - a.right : a.left - b.right) : dy > 0 ? b.top - a.bottom : a.top - b.bottom;
    if (spot === from || along < -2) continue;
    const [p, q] = [middle(a), middle(b)];
    const across = dx ? Math.max(0, a.top - b.bottom + 2, b.top - a.bottom + 2) : Math.max(0, a.left - b.right + 2, b.left - a.right + 2);
    const score = along + 8 * across + 0.1 * Math.abs(dx ? p[1] - q[1] : p[0] - q[0]);
    if (!best || score < best.score) best = { score, place: spot.dataset.place };
  }
  if (best) select(best.place, more);
}

function edit() {
  if (!chosen.length || !writes) return;
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
}

function put(words) {
  text.value = words;
  edit();
}

/** Zooms by key or button: about the chosen cell. */
function zoom(factor) {
  paper.zoom(factor);
  if (chosen.length) paper.choose(chosen);
}

function turnPage(by) {
  const links = [...root.querySelectorAll(".sheet-bar a[href*='/pages/']")];
  links[links.findIndex((link) => link.ariaCurrent) + by]?.click();
}

const actions = {
  in: () => zoom(1.4), out: () => zoom(1 / 1.4), fit: () => paper.fit(), width: () => paper.fitWidth(), turn: () => paper.turnOn(),
  save, merge, split, undo, doubt: () => doubt(1),
};
const keys = {
  "+": actions.in, "=": actions.in, "-": actions.out, 0: actions.fit, w: actions.width, r: actions.turn,
  n: () => doubt(1), p: () => doubt(-1), m: () => chosen.length > 1 && merge(), b: split, z: undo, " ": edit, Enter: edit, F2: edit,
  PageUp: () => turnPage(-1), PageDown: () => turnPage(1),
};

document.addEventListener("keydown", (event) => {
  if (helpIsOpen() || event.isComposing || event.keyCode === 229) return;
  if (event.target === text) inText(event);
  else if (!isTyping(event) && !withModifier(event)) onKey(event);
});

function inText(event) {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    save();
  } else if (event.key === "Escape") {
    text.blur();
    select(chosen[0]);
  }
}

function onKey(event) {
  if (event.target.closest("a, button, summary") && ["Enter", " "].includes(event.key)) return;
  const number = /^[1-9]$/.test(event.key) && document.querySelectorAll("#choices button")[Number(event.key) - 1];
  if (event.key.startsWith("Arrow")) move(event.key, event.shiftKey);
  else if (number) put(number.dataset.candidate);
  else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
}

root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const spot = event.target.closest(".spot");
  if (spot) select(spot.dataset.place, event.shiftKey);
  else if (button?.dataset.do) actions[button.dataset.do]();
  else if (button?.dataset.candidate !== undefined) put(button.dataset.candidate);
  else if (button?.dataset.cells !== undefined) {
    button.dataset.cells.trim().split(" ").filter(Boolean).forEach((place, index) => select(place, index > 0));
  }
});
side.addEventListener("change", async (event) => {
  const table = event.target.dataset.family;
  if (table === undefined) return;
  if (await change("PUT", `/tables/${table}/family`, { family: event.target.value || null })) toast("表式已改，校验已重做");
});

draw();
paper.fitWidth();
const asked = new URLSearchParams(location.search).get("place");
if (asked && spotAt(asked)) {
  select(asked);
} else if (spots().length) {
  select((spots().find((spot) => spot.matches(".doubt, .failed:not(.reviewed)")) ?? spots()[0]).dataset.place);
}
