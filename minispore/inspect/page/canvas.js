// Draws the scene; pan, zoom, hover and click.

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const TINY = 4.5, LEAST = 0.005;  // text of fewer pixels is not drawn; the smallest scale
const BOLD = "600 12px " + FONT, PLAIN = "11px " + FONT;

function measurer() {
  const context = document.createElement("canvas").getContext("2d"), known = new Map();
  return (text, bold) => {
    const key = (bold ? "b" : "p") + text;
    if (!known.has(key)) {
      context.font = bold ? BOLD : PLAIN;
      known.set(key, context.measureText(text).width);
    }
    return known.get(key);
  };
}

class GraphCanvas {
  constructor(canvas, scene, hooks) {
    Object.assign(this, {canvas, scene, hooks, x: 0, y: 0, k: 1, selected: null, hover: null, near: new Set(), found: new Set(), colourOf: null});
    this.context = canvas.getContext("2d");
    this.frames = [];
    this.clipped = new Map();
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
    this.listen();
  }

  // ------------------------------------------------------------ view
  resize() {
    const ratio = window.devicePixelRatio || 1, box = this.canvas.getBoundingClientRect();
    this.width = box.width; this.height = box.height; this.ratio = ratio;
    this.canvas.width = Math.round(box.width * ratio);
    this.canvas.height = Math.round(box.height * ratio);
    this.theme();
  }

  theme() {
    const style = getComputedStyle(document.documentElement), get = (name) => style.getPropertyValue("--" + name).trim();
    this.colours = {};
    for (const name of ["surface", "text", "muted", "line", "accent", "edge", "back"]) this.colours[name] = get(name);
    for (const name of [...LANES, "leaf"]) this.colours[name] = {fill: get(name + "-fill"), faint: get(name + "-faint"), line: get(name)};
    this.dirty();
  }

  dirty() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => { this.waiting = false; this.draw(); });
  }

  fit(items) {
    const boxes = items && items.length ? items : this.scene.root.children;
    const left = Math.min(...boxes.map((b) => b.x)), right = Math.max(...boxes.map((b) => b.x + b.w));
    const top = Math.min(...boxes.map((b) => b.y)), bottom = Math.max(...boxes.map((b) => b.y + b.h));
    const most = items ? 1.2 : 1.4;
    this.k = Math.max(LEAST, Math.min(most, (this.width - 48) / (right - left), (this.height - 48) / (bottom - top)));
    this.x = this.width / 2 - this.k * (left + right) / 2;
    this.y = this.height / 2 - this.k * (top + bottom) / 2;
    this.dirty();
  }

  // As a whole where that can be read, else the beginning at a size that can.
  start() {
    this.fit();
    if (this.k < 0.55) {
      const wide = Math.min(0.9, (this.width - 48) / this.scene.w);
      this.k = Math.max(wide, 0.55);
      this.x = 24; this.y = 24;
    }
    this.dirty();
  }

  centre(item) {
    if (this.k < 0.6) this.k = 0.9;
    this.x = this.width / 2 - this.k * (item.x + item.w / 2);
    this.y = this.height / 2 - this.k * (item.y + Math.min(item.h, 300) / 2);
    this.dirty();
  }

  zoom(factor, sx, sy) {
    const k = Math.min(4, Math.max(LEAST, this.k * factor));
    this.x = sx - (sx - this.x) * k / this.k;
    this.y = sy - (sy - this.y) * k / this.k;
    this.k = k;
    this.dirty();
  }

  screen(item) { return {x: this.x + this.k * item.x, y: this.y + this.k * item.y, w: this.k * item.w, h: this.k * item.h}; }

  at(sx, sy) {
    const x = (sx - this.x) / this.k, y = (sy - this.y) / this.k;
    let found = null;
    for (const item of this.scene.visible)  // inner ones come after those around them
      if (x >= item.x && x <= item.x + item.w && y >= item.y && y <= item.y + item.h) found = item;
    return found;
  }

  // ------------------------------------------------------------ hands
  listen() {
    const c = this.canvas, down = new Map();
    let moved = 0, pinch = 0;
    c.addEventListener("pointerdown", (e) => {
      down.set(e.pointerId, [e.offsetX, e.offsetY]);
      moved = 0; pinch = 0;
      try { c.setPointerCapture(e.pointerId); } catch (_) { /* the pointer is gone already */ }
    });
    c.addEventListener("pointermove", (e) => {
      const last = down.get(e.pointerId), at = [e.offsetX, e.offsetY];
      if (!last) { this.point(this.at(...at), e); return; }
      down.set(e.pointerId, at);
      moved += Math.abs(at[0] - last[0]) + Math.abs(at[1] - last[1]);
      if (down.size === 2) {
        const [a, b] = [...down.values()], wide = Math.hypot(a[0] - b[0], a[1] - b[1]);
        if (pinch) this.zoom(wide / pinch, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
        pinch = wide;
        return;
      }
      this.x += at[0] - last[0]; this.y += at[1] - last[1];
      this.hooks.tip(null);
      this.dirty();
    });
    const up = (e) => {
      const was = down.delete(e.pointerId);
      pinch = 0;
      if (was && moved < 5 && e.type === "pointerup") this.click(e.offsetX, e.offsetY);
    };
    c.addEventListener("pointerup", up);
    c.addEventListener("pointercancel", up);
    c.addEventListener("pointerleave", () => this.point(null));
    c.addEventListener("dblclick", (e) => {
      const item = this.at(e.offsetX, e.offsetY);
      if (item && item.children && !this.onSign(item, e.offsetX, e.offsetY)) this.hooks.toggle(item);
    });
    c.addEventListener("wheel", (e) => {
      e.preventDefault();
      if (e.shiftKey) { this.x -= e.deltaY + e.deltaX; this.dirty(); return; }
      this.zoom(Math.exp(-e.deltaY * (e.ctrlKey ? 0.01 : 0.0015)), e.offsetX, e.offsetY);
    }, {passive: false});
  }

  onSign(item, sx, sy) {  // the triangle that folds
    const s = this.screen(item);
    return sx < s.x + 26 * this.k && sy < s.y + 28 * this.k;
  }

  click(sx, sy) {
    const item = this.at(sx, sy);
    if (item && item.children && this.onSign(item, sx, sy)) this.hooks.toggle(item);
    else this.hooks.select(item);
  }

  point(item, e) {
    if (item !== this.hover) { this.hover = item; this.dirty(); }
    this.canvas.style.cursor = item ? "pointer" : "grab";
    this.hooks.tip(item, e);
  }

  // ------------------------------------------------------------ drawing
  draw() {
    const began = performance.now(), c = this.context, {colours, scene} = this;
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.fillStyle = colours.back;
    c.fillRect(0, 0, this.width, this.height);
    c.setTransform(this.ratio * this.k, 0, 0, this.ratio * this.k, this.ratio * this.x, this.ratio * this.y);
    const left = -this.x / this.k, top = -this.y / this.k, right = left + this.width / this.k, bottom = top + this.height / this.k;
    const seen = (b) => b.x < right && b.x + b.w > left && b.y < bottom && b.y + b.h > top;
    const inside = (e) => e.left < right && e.right > left && e.top < bottom && e.bottom > top;
    const boxes = scene.visible.filter(seen);
    for (const item of boxes) if (item.children && item.open) this.frame(item);
    this.edges(scene.drawn.filter(inside));
    for (const item of boxes) if (!(item.children && item.open)) this.box(item);
    if (this.k * 12 < TINY) for (const item of boxes) if (item.children && item.open && item.kind !== "lane") this.far(item);
    if (this.hooks.drawn) this.hooks.drawn();
    this.frames.push([began, performance.now() - began]);
    if (this.frames.length > 600) this.frames.shift();
  }

  edges(edges) {
    const c = this.context, chosen = this.selected && shownOf(this.selected);
    const stroke = (list, colour, alpha, wide, heads) => {
      if (!list.length) return;
      c.strokeStyle = c.fillStyle = colour;
      c.globalAlpha = alpha;
      c.lineWidth = wide / Math.max(this.k, 0.35);
      c.beginPath();
      for (const e of list) trace(c, e);
      c.stroke();
      if (heads && this.k > 0.3) {
        c.beginPath();
        for (const e of list) arrow(c, e);
        c.fill();
      }
      c.globalAlpha = 1;
    };
    const mine = (e) => chosen && (e.a === chosen || e.b === chosen);
    stroke(edges.filter((e) => e.across && !mine(e)), this.colours.edge, 0.16, 1, false);
    stroke(edges.filter((e) => !e.across && !mine(e)), this.colours.edge, 0.75, 1.1, true);
    stroke(edges.filter(mine), this.colours.accent, 1, 1.8, true);
  }

  frame(item) {  // an open Cell
    const c = this.context, look = this.colours[item.section] || this.colours.leaf;
    c.beginPath();
    c.roundRect(item.x, item.y, item.w, item.h, 10);
    c.fillStyle = look.faint;
    c.fill();
    c.strokeStyle = item === this.selected ? this.colours.accent : look.line;
    c.globalAlpha = item === this.selected ? 1 : item.kind === "lane" ? 0.25 : 0.45;
    c.lineWidth = item === this.selected ? 2 : 1;
    c.stroke();
    c.globalAlpha = 1;
    c.fillStyle = look.line;
    c.textBaseline = "middle";
    if (this.k * 12 < TINY) return;
    this.sign(item, look);
    c.font = item.kind === "lane" ? "600 13px " + FONT : BOLD;
    const label = this.clip(item.label, item.w - 40, true);
    c.fillText(label, item.x + 24, item.y + 15);
    this.type(item, item.x + 24 + this.scene.measure(label, true) + 7, item.x + item.w - 12, item.y + 15);
  }

  far(item) {  // from afar: the name of an open Cell at a size that can be read, where it has room and its parts have none
    const s = this.screen(item), c = this.context, path = pathOf(item).split("/").slice(-2).join("/");
    const text = item.type && this.scene.measure(path + item.type, true) + 14 < s.w ? `${path} ${item.type}` : path;
    const inner = item.children.some((b) => b.children && b.open && b.h * this.k > 40);
    if (inner || s.h < 16 || s.w < 30) return;
    c.save();
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.font = BOLD;
    const short = this.clip(text, Math.max(s.w - 8, 80), true), wide = this.scene.measure(short, true);
    const x = s.x + (s.w - wide) / 2, y = s.y + Math.min(s.h / 2, 60);
    c.globalAlpha = 0.85;
    c.fillStyle = this.colours.surface;
    c.fillRect(x - 3, y - 8, wide + 6, 16);
    c.globalAlpha = 1;
    c.fillStyle = (this.colours[item.section] || this.colours.leaf).line;
    c.fillText(short, x, y);
    c.restore();
  }

  type(item, x, right, y) {  // the class of a Cell, behind its name
    if (!item.type || right - x < 20) return;
    const c = this.context;
    c.font = PLAIN;
    c.fillStyle = this.colours.muted;
    c.fillText(this.clip(item.type, right - x, false), x, y);
  }

  sign(item, look) {
    const c = this.context, x = item.x + 14, y = item.y + 15;
    c.beginPath();
    if (item.open) { c.moveTo(x - 4.5, y - 2.5); c.lineTo(x + 4.5, y - 2.5); c.lineTo(x, y + 4); }
    else { c.moveTo(x - 2.5, y - 4.5); c.lineTo(x - 2.5, y + 4.5); c.lineTo(x + 4, y); }
    c.fillStyle = look.line;
    c.fill();
  }

  box(item) {
    const c = this.context, look = this.colours[item.section] || this.colours.leaf;
    const heat = this.colourOf && this.colourOf(item), chosen = item === this.selected;
    const round = item.kind === "leaf" ? 12 : 6;
    if (item.children) {  // folded: a pile
      c.beginPath();
      c.roundRect(item.x + 4, item.y + 4, item.w, item.h, 8);
      c.fillStyle = this.colours.surface; c.strokeStyle = look.line; c.lineWidth = 1;
      c.fill(); c.globalAlpha = 0.4; c.stroke(); c.globalAlpha = 1;
    }
    c.beginPath();
    c.roundRect(item.x, item.y, item.w, item.h, item.children ? 8 : round);
    c.fillStyle = this.colours.surface;
    c.fill();
    c.fillStyle = heat || look.fill;
    c.fill();
    const near = this.near.has(item), found = this.found.has(item);
    c.strokeStyle = chosen || near || found ? this.colours.accent : look.line;
    c.lineWidth = chosen ? 2.6 : near || found ? 1.8 : item === this.hover ? 1.8 : 1;
    c.globalAlpha = chosen || near || found || item === this.hover ? 1 : 0.6;
    if (near && !chosen) c.setLineDash([5, 3]);
    c.stroke();
    c.setLineDash([]);
    c.globalAlpha = 1;
    if (this.k * 12 < TINY) return;
    c.textBaseline = "middle";
    c.font = BOLD;
    c.fillStyle = this.colours.text;
    const pad = item.children ? 24 : 11;
    if (item.children) this.sign(item, look);
    const tail = item.node && !item.children ? this.scene.measure(item.id, false) + 10 : 0;
    const label = this.clip(item.label, item.w - pad - 9 - tail, true);
    c.fillText(label, item.x + pad, item.y + 15);
    if (item.children) this.type(item, item.x + pad + this.scene.measure(label, true) + 7, item.x + item.w - 9, item.y + 15);
    c.font = PLAIN;
    c.fillStyle = this.colours.muted;
    if (tail) c.fillText(item.id, item.x + item.w - tail, item.y + 15);
    const small = item.children ? [item.note || about(item)] : lines(item);
    small.forEach((t, k) => c.fillText(this.clip(t, item.w - 20, false), item.x + 11, item.y + 31 + 14 * k - (item.children ? -1 : 0)));
  }

  clip(text, wide, bold) {
    const measure = this.scene.measure;
    if (measure(text, bold) <= wide) return text;
    const key = text + "|" + Math.round(wide) + bold;
    let short = this.clipped.get(key);
    if (short === undefined) {
      short = text;
      while (short.length > 1 && measure(short + "…", bold) > wide) short = short.slice(0, -1);
      this.clipped.set(key, short += "…");
    }
    return short;
  }
}

function trace(c, edge) {
  const p = edge.points;
  c.moveTo(p[0][0], p[0][1]);
  for (let k = 1; k < p.length; k++) {
    const [ax, ay] = p[k - 1], [bx, by] = p[k];
    if (edge.aside) c.bezierCurveTo(ax + (bx - ax) / 2, ay, ax + (bx - ax) / 2, by, bx, by);
    else if (Math.abs(ax - bx) < 0.5) c.lineTo(bx, by);
    else c.bezierCurveTo(ax, ay + (by - ay) / 2, bx, ay + (by - ay) / 2, bx, by);
  }
}

function arrow(c, edge) {
  const p = edge.points, [x, y] = p[p.length - 1], from = p[p.length - 2];
  if (edge.aside) {
    const s = x > from[0] ? 1 : -1;
    c.moveTo(x, y); c.lineTo(x - 7 * s, y - 3.5); c.lineTo(x - 7 * s, y + 3.5);
  } else {
    const s = y > from[1] ? 1 : -1;
    c.moveTo(x, y); c.lineTo(x - 3.5, y - 7 * s); c.lineTo(x + 3.5, y - 7 * s);
  }
}
