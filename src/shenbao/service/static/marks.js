// A text whose doubtful characters are marked, with a cursor on one of them.

/** Where the doubtful characters of `before` stand in `after`; those that were changed are no longer in doubt. */
export function moved(doubtful, before, after) {
  const [a, b] = [Array.from(before), Array.from(after)];
  const [head, tail] = ends(a, b);
  return doubtful
    .filter((at) => at < head || at >= a.length - tail)
    .map((at) => (at < head ? at : at + b.length - a.length));
}

/** Draws the text into an element: each doubtful character marked, and the cursor (a position, or -1). */
export function draw(element, text, doubtful, cursor) {
  const marked = new Set(doubtful);
  const parts = Array.from(text).map((char, at) => {
    if (!marked.has(at) && at !== cursor) return char;
    const mark = document.createElement("mark");
    mark.textContent = char;
    mark.className = `${marked.has(at) ? "doubt" : ""} ${at === cursor ? "cursor" : ""}`.trim();
    return mark;
  });
  element.replaceChildren(...parts, "\u200b");
}

/** Draws `text` into an element with what differs from `other` marked; of a long text, what stands around that:
 * `beside` characters on each side. */
export function differ(element, text, other, beside = 10) {
  const [a, b] = [Array.from(text), Array.from(other)];
  const [head, tail] = ends(a, b);
  if (text === other || !a.length) {
    element.textContent = text;
    return;
  }
  const mark = document.createElement("mark");
  const differing = a.slice(head, a.length - tail).join("");
  mark.textContent = differing.replaceAll(" ", "␣").replaceAll("\u3000", "▢") || "‸"; // ‸: something is left out
  const before = head > 2 * beside ? ["…", ...a.slice(head - beside, head)] : a.slice(0, head);
  const rest = a.slice(a.length - tail);
  const after = tail > 2 * beside ? [...rest.slice(0, beside), "…"] : rest;
  element.replaceChildren(before.join(""), mark, after.join(""));
}

/** How many characters two texts share at their beginning, and at their end. */
function ends(a, b) {
  const least = Math.min(a.length, b.length);
  let head = 0;
  while (head < least && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < least - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return [head, tail];
}

/** A position in characters as one in UTF-16 units, which text fields count in. */
export function unit(text, at) {
  return Array.from(text).slice(0, at).join("").length;
}
