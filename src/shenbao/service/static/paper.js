// The picture of a page as an SVG that is zoomed and moved, with a polygon over each cell.

const SVG = "http://www.w3.org/2000/svg";
const BESIDE = 0.03; // room beside the outlines, as a share of their width
const CLEAR = 0.04; // least distance of the chosen cell from the edge, as a share of the view
const CLOSEST = 12; // pixels on the screen for one of the picture

/** Where a view of some length starts so that a stretch lies well within it, moved as little as
 * can be; it goes no further beyond the page than it did. */
function along(start, length, from, to, whole) {
  const margin = length * CLEAR;
  if (from >= start + margin && to <= start + length - margin) return start;
  const wanted = to - from > length - 2 * margin ? (from + to - length) / 2
    : from < start + margin ? from - margin : to + margin - length;
  const [least, most] = [Math.min(start, 0), Math.max(start, whole - length)];
  return Math.min(most, Math.max(least, wanted));
}

export class Paper {
  /** `turn` in quarter turns clockwise; width and height of the picture in its own pixels. */
  constructor(svg, width, height, turn, onPick) {
    Object.assign(this, { svg, width, height, turn, view: [0, 0, width, height] });
    this.upright = svg.querySelector("#upright");
    this.cells = svg.querySelector("#cells");
    this.fit();
    new ResizeObserver(() => this.#again()).observe(svg);
    this.#listen(onPick);
  }

  /** Draws the outlines of the cells: [{place, polygons, kind}]. */
  draw(spots) {
    this.cells.replaceChildren(...spots.flatMap(({ place, polygons, kind }) => polygons.map((points) => {
      const outline = document.createElementNS(SVG, "polygon");
      outline.setAttribute("points", points);
      outline.setAttribute("class", kind);
      outline.dataset.place = place;
      return outline;
    })));
  }

  /** Marks the chosen cells, and moves the first of them into sight. */
  choose(places) {
    for (const outline of this.cells.children) outline.classList.toggle("chosen", places.includes(outline.dataset.place));
    const first = [...this.cells.children].find((outline) => outline.dataset.place === places[0]);
    if (first) this.#reveal(this.#inView(first.getBBox()));
  }

  /** Shows the whole page. */
  fit() {
    const [width, height] = this.turn % 2 ? [this.height, this.width] : [this.width, this.height];
    const place = {
      0: "", 1: `translate(${this.height} 0) rotate(90)`,
      2: `translate(${this.width} ${this.height}) rotate(180)`, 3: `translate(0 ${this.width}) rotate(270)`,
    }[this.turn];
    this.upright.setAttribute("transform", place);
    const scale = Math.max(width / this.svg.clientWidth, height / this.svg.clientHeight) || 1;
    const seen = [this.svg.clientWidth * scale, this.svg.clientHeight * scale];
    this.#look([(width - seen[0]) / 2, (height - seen[1]) / 2, ...seen]);
  }

  /** Shows what is outlined in the width of the view, from its top on: print as large as it goes. */
  fitWidth() {
    this.fit();
    const all = [...this.cells.children];
    const inTables = all.filter((outline) => !outline.dataset.place.startsWith("p"));
    const boxes = (inTables.length ? inTables : all).map((outline) => this.#inView(outline.getBBox()));
    if (!boxes.length) return;
    const [left, right] = [Math.min(...boxes.map((b) => b[0])), Math.max(...boxes.map((b) => b[2]))];
    const top = Math.min(...boxes.map((b) => b[1]));
    const width = (right - left) * (1 + 2 * BESIDE);
    if (width >= this.view[2]) return;
    const height = (width * this.svg.clientHeight) / this.svg.clientWidth;
    this.#look([left - (right - left) * BESIDE, top - (right - left) * BESIDE, width, height]);
  }

  turnOn() {
    this.turn = (this.turn + 1) % 4;
    this.fit();
  }

  /** Zooms by a factor about a point of the screen, the middle if none is given. */
  zoom(factor, at = undefined) {
    const [x, y, width, height] = this.view;
    const box = this.svg.getBoundingClientRect();
    const share = at ? [(at.clientX - box.left) / box.width, (at.clientY - box.top) / box.height] : [0.5, 0.5];
    const wide = Math.max(box.width / CLOSEST, width / factor);
    const high = (wide * height) / width;
    this.#look([x + (width - wide) * share[0], y + (height - high) * share[1], wide, high]);
  }

  pan(dx, dy) {
    const scale = this.view[2] / this.svg.clientWidth;
    this.#look([this.view[0] - dx * scale, this.view[1] - dy * scale, this.view[2], this.view[3]]);
  }

  /** The view has another size: the same middle at the same scale. */
  #again() {
    const [x, y, width, height] = this.view;
    const high = (width * this.svg.clientHeight) / this.svg.clientWidth || height;
    this.#look([x, y + (height - high) / 2, width, high]);
  }

  #look(view) {
    this.view = view;
    this.svg.setAttribute("viewBox", view.join(" "));
  }

  /** A box of the picture as one of the turned picture. */
  #inView(box) {
    const matrix = this.upright.transform.baseVal.consolidate()?.matrix ?? this.svg.createSVGMatrix();
    const corners = [[box.x, box.y], [box.x + box.width, box.y + box.height]].map(([x, y]) => {
      const point = this.svg.createSVGPoint();
      Object.assign(point, { x, y });
      return point.matrixTransform(matrix);
    });
    const [xs, ys] = [corners.map((c) => c.x), corners.map((c) => c.y)];
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  /** Moves until a box is well in sight. */
  #reveal([left, top, right, bottom]) {
    const [x, y, width, height] = this.view;
    const [lying, standing] = this.turn % 2 ? [this.height, this.width] : [this.width, this.height];
    this.#look([along(x, width, left, right, lying), along(y, height, top, bottom, standing), width, height]);
  }

  #listen(onPick) {
    let held = null;
    this.svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event);
    }, { passive: false });
    this.svg.addEventListener("pointerdown", (event) => (held = { x: event.clientX, y: event.clientY, moved: 0 }));
    this.svg.addEventListener("pointermove", (event) => {
      if (!held || !event.buttons) return;
      const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
      held = { x: event.clientX, y: event.clientY, moved: held.moved + Math.abs(dx) + Math.abs(dy) };
      this.pan(dx, dy);
    });
    this.svg.addEventListener("click", (event) => {
      if ((held?.moved ?? 0) < 5 && event.target.dataset.place) onPick(event.target.dataset.place, event.shiftKey);
      held = null;
    });
  }
}
