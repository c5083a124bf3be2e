// The picture of a page as an SVG that is zoomed and moved, with a polygon over each cell.

const SVG = "http://www.w3.org/2000/svg";
const CLOSEST = 12; // pixels on the screen for one of the picture

export class Paper {
  /** `turn` in quarter turns clockwise; width and height of the picture in its own pixels. */
  constructor(svg, width, height, turn, onPick) {
    Object.assign(this, { svg, width, height, turn, view: [0, 0, width, height] });
    this.upright = svg.querySelector("#upright");
    this.cells = svg.querySelector("#cells");
    this.fit();
    new ResizeObserver(() => this.fit()).observe(svg);
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

  /** Moves so that a box stands within the inner four fifths of what is seen. */
  #reveal([left, top, right, bottom]) {
    const [x, y, width, height] = this.view;
    const inside = left > x + width * 0.1 && right < x + width * 0.9 && top > y + height * 0.1 && bottom < y + height * 0.9;
    if (!inside) this.#look([(left + right - width) / 2, (top + bottom - height) / 2, width, height]);
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
