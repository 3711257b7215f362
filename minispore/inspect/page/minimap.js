// A small picture of all that is unfolded, where the view shows a part of it only; a click or drag moves the view.

const MAP_MOST = 150, MAP_LEAST = 36;

class Minimap {
  constructor(canvas, graph) {
    Object.assign(this, {canvas, graph, scene: graph.scene, context: canvas.getContext("2d"), k: 0});
    const move = (e) => {
      if (e.type === "pointerdown") canvas.setPointerCapture(e.pointerId);
      else if (!e.buttons) return;
      graph.x = graph.width / 2 - graph.k * (e.offsetX - 4) / this.k;
      graph.y = graph.height / 2 - graph.k * (e.offsetY - 4) / this.k;
      graph.dirty();
    };
    canvas.addEventListener("pointerdown", move);
    canvas.addEventListener("pointermove", move);
  }

  draw() {
    const {graph, scene, canvas} = this, wide = scene.w * graph.k, high = scene.h * graph.k;
    canvas.hidden = wide <= graph.width * 1.1 && high <= graph.height * 1.1;
    if (canvas.hidden) return;
    const most = Math.min(MAP_MOST, graph.width * 0.35, graph.height * 0.6);
    this.k = Math.min(most / scene.w, most / scene.h);
    const w = Math.max(scene.w * this.k, MAP_LEAST) + 8, h = Math.max(scene.h * this.k, MAP_LEAST) + 8, ratio = graph.ratio, c = this.context;
    canvas.width = Math.round(w * ratio); canvas.height = Math.round(h * ratio);
    canvas.style.width = w + "px"; canvas.style.height = h + "px";
    c.setTransform(ratio * this.k, 0, 0, ratio * this.k, 4 * ratio, 4 * ratio);
    for (const item of scene.visible) {
      const look = graph.colours[item.section] || graph.colours.leaf, open = item.children && item.open;
      c.globalAlpha = open ? 1 : 0.6;
      c.fillStyle = open ? look.faint : graph.found.has(item) || item === graph.selected ? graph.colours.accent : look.line;
      c.fillRect(item.x, item.y, Math.max(item.w, 1.5 / this.k), Math.max(item.h, 1 / this.k));
    }
    c.globalAlpha = 1;
    c.strokeStyle = graph.colours.accent;
    c.lineWidth = 1.5 / this.k;
    c.strokeRect(-graph.x / graph.k, -graph.y / graph.k, graph.width / graph.k, graph.height / graph.k);
  }
}
