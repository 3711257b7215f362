// The kernels in the order in which they run, and below them the memory, on one axis: calls or time.

const STRIP = 30, TOP = 6, MAP_TOP = STRIP + 22, LEFT = 64;

class Charts {
  constructor(canvas, data, hooks) {
    Object.assign(this, {canvas, data, hooks, kernel: null, byTime: false, from: 0, to: 1});
    this.context = canvas.getContext("2d");
    this.count = data.kernels.length;
    this.scale("calls");
    const named = new Map(data.nodes.map((n) => [n.name, n.section]));
    for (const b of data.memory.buffers) {
      const node = (/%[\w/]+/.exec(b.name) || [])[0];
      b.node = named.has(node) ? node : null;
      b.section = b.node ? named.get(b.node) : "leaf";
    }
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
    this.listen();
  }

  // ends[k]: where call k begins, from 0 to 1
  scale(kind) {
    const seconds = kind === "time" && this.data.profile ? this.data.profile.kernels : null;
    this.ends = [0];
    for (let k = 0; k < this.count; k++) this.ends.push(this.ends[k] + (seconds ? seconds[k] : 1));
    const all = this.ends[this.count] || 1;
    this.ends = this.ends.map((e) => e / all);
    this.from = 0; this.to = 1;
    if (this.width) this.dirty();
  }

  resize() {
    const ratio = window.devicePixelRatio || 1, box = this.canvas.getBoundingClientRect();
    this.width = box.width; this.height = box.height; this.ratio = ratio;
    this.canvas.width = Math.round(box.width * ratio); this.canvas.height = Math.round(box.height * ratio);
    this.theme();
  }

  theme() {
    const style = getComputedStyle(document.documentElement), get = (name) => style.getPropertyValue("--" + name).trim();
    this.colours = {copy: get("leaf"), leaf: get("leaf")};
    for (const name of ["surface", "text", "muted", "line", "accent", ...LANES]) this.colours[name] = get(name);
    this.dirty();
  }

  dirty() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => { this.waiting = false; this.draw(); });
  }

  px(u) { return LEFT + (u - this.from) / (this.to - this.from) * (this.width - LEFT - 12); }
  unit(x) { return this.from + (x - LEFT) / (this.width - LEFT - 12) * (this.to - this.from); }
  py(bytes) {
    const all = this.data.memory.arena || 1;
    return this.height - 8 - bytes / all * (this.height - 8 - MAP_TOP);
  }

  draw() {
    const c = this.context, {colours, data, ends} = this, m = data.memory;
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.clearRect(0, 0, this.width, this.height);
    c.font = PLAIN;
    c.textBaseline = "middle";
    c.fillStyle = colours.muted;
    c.fillText("kernels", 10, TOP + STRIP / 2);
    c.save();
    c.beginPath();
    c.rect(LEFT, 0, this.width - LEFT - 8, this.height);
    c.clip();
    for (const b of m.buffers) {
      const x = this.px(ends[b.first]), w = Math.max(this.px(ends[b.last + 1]) - x, 1), y = this.py(b.offset + b.bytes), h = Math.max(this.py(b.offset) - y, 0.6);
      c.fillStyle = colours[b.section];
      c.globalAlpha = b === this.hover ? 0.85 : 0.35;
      c.fillRect(x, y, w, h);
      if (h > 3 && w > 3) { c.globalAlpha = 0.8; c.strokeStyle = colours.surface; c.lineWidth = 1; c.strokeRect(x, y, w, h); }
      if (h > 13 && w > 60) { c.globalAlpha = 1; c.fillStyle = colours.text; c.fillText(this.fits(b.name, w - 8), x + 4, y + h / 2); }
    }
    c.globalAlpha = 1;
    c.strokeStyle = colours.text;
    c.lineWidth = 1.4;
    c.beginPath();
    m.live.forEach((bytes, k) => { const y = this.py(bytes); c.lineTo(this.px(ends[k]), y); c.lineTo(this.px(ends[k + 1]), y); });
    c.stroke();
    data.kernels.forEach((k, i) => {
      const x = this.px(ends[i]), w = this.px(ends[i + 1]) - x, gap = w > 4 ? 1 : 0;
      c.fillStyle = colours[k.section];
      c.globalAlpha = i === this.kernel ? 1 : i === this.hoverKernel ? 0.9 : 0.62;
      c.fillRect(x, TOP, Math.max(w - gap, 0.5), STRIP);
      if (i === this.kernel) { c.strokeStyle = colours.text; c.lineWidth = 2; c.strokeRect(x + 1, TOP + 1, Math.max(w - gap - 2, 1), STRIP - 2); }
      if (w > 54) { c.globalAlpha = 1; c.fillStyle = "#fff"; c.fillText(this.fits(k.name, w - 10), x + 5, TOP + STRIP / 2); }
    });
    c.globalAlpha = 1;
    if (this.kernel !== null) {
      const x = (this.px(ends[this.kernel]) + this.px(ends[this.kernel + 1])) / 2;
      c.strokeStyle = colours.accent;
      c.lineWidth = 1;
      c.beginPath(); c.moveTo(x, TOP + STRIP); c.lineTo(x, this.height); c.stroke();
    }
    c.restore();
    c.strokeStyle = colours.line;
    c.beginPath(); c.moveTo(LEFT, MAP_TOP - 4); c.lineTo(LEFT, this.height - 8); c.lineTo(this.width - 8, this.height - 8); c.stroke();
    c.fillStyle = colours.muted;
    c.textAlign = "right";
    c.fillText(bytesText(m.arena), LEFT - 6, MAP_TOP + 2);
    c.fillText("memory", LEFT - 6, (MAP_TOP + this.height) / 2);
    c.fillText("0", LEFT - 6, this.height - 10);
    c.textAlign = "left";
  }

  fits(text, wide) {
    const c = this.context;
    if (c.measureText(text).width <= wide) return text;
    while (text.length > 1 && c.measureText(text + "…").width > wide) text = text.slice(0, -1);
    return text.length > 1 ? text + "…" : "";
  }

  callAt(x) {
    const u = this.unit(x);
    if (x < LEFT || u < 0 || u > 1) return null;
    let lo = 0, hi = this.count - 1;
    while (lo < hi) { const mid = (lo + hi + 1) >> 1; if (this.ends[mid] <= u) lo = mid; else hi = mid - 1; }
    return this.count ? lo : null;
  }

  bufferAt(x, y) {
    const call = this.callAt(x);
    if (call === null || y < MAP_TOP) return null;
    return this.data.memory.buffers.find((b) => b.first <= call && call <= b.last && y >= this.py(b.offset + b.bytes) && y <= this.py(b.offset)) || null;
  }

  listen() {
    const c = this.canvas;
    let last = null, moved = 0;
    c.addEventListener("pointerdown", (e) => { last = e.offsetX; moved = 0; });
    window.addEventListener("pointerup", () => { last = null; });
    c.addEventListener("pointermove", (e) => {
      if (last !== null) {
        moved += Math.abs(e.offsetX - last);
        this.shift(-(e.offsetX - last) / (this.width - LEFT - 12) * (this.to - this.from));
        last = e.offsetX;
        return;
      }
      const call = this.callAt(e.offsetX), buffer = this.bufferAt(e.offsetX, e.offsetY);
      this.hover = buffer; this.hoverKernel = e.offsetY <= MAP_TOP ? call : null;
      c.style.cursor = buffer || this.hoverKernel !== null ? "pointer" : "default";
      this.hooks.tip(e.offsetY <= MAP_TOP ? call : null, buffer, call, e);
      this.dirty();
    });
    c.addEventListener("pointerleave", () => { this.hover = this.hoverKernel = null; this.hooks.tip(null, null, null); this.dirty(); });
    c.addEventListener("click", (e) => {
      if (moved > 4) return;
      const buffer = this.bufferAt(e.offsetX, e.offsetY), call = this.callAt(e.offsetX);
      if (e.offsetY > MAP_TOP && buffer && buffer.node) this.hooks.node(buffer.node);
      else if (e.offsetY <= MAP_TOP && call !== null) this.hooks.kernel(call);
    });
    c.addEventListener("wheel", (e) => {
      e.preventDefault();
      if (e.shiftKey) { this.shift(0.001 * (e.deltaY + e.deltaX) * (this.to - this.from)); return; }
      const at = this.unit(e.offsetX), factor = Math.exp(e.deltaY * 0.002);
      this.from = Math.max(0, at - (at - this.from) * factor);
      this.to = Math.min(1, at + (this.to - at) * factor);
      this.dirty();
    }, {passive: false});
  }

  shift(by) {
    by = Math.max(-this.from, Math.min(1 - this.to, by));
    this.from += by; this.to += by;
    this.dirty();
  }
}
