// The graph as a tree of Cells that fold, and what is visible of it.

const HEADER = 26, PAD = 14, LANES = ["forward", "backward", "update"];
const LANE_NAMES = {forward: "forward", backward: "backward", update: "update"};

function buildScene(data, measure) {
  const byId = new Map(), root = {id: "", kind: "root", children: [], open: true, depth: 0};
  const scene = {root, byId, edges: [], visible: [], drawn: [], data};
  const nodes = new Map(data.nodes.map((n) => [n.name, n]));
  scene.nodes = nodes;

  function cluster(parent, id, kind, label, section) {
    let found = byId.get(id);
    if (!found) {
      found = {id, kind, label, section, parent, children: [], open: false, names: []};
      byId.set(id, found);
      parent.children.push(found);
    }
    return found;
  }
  function box(parent, id, kind, label, section, extra) {
    const item = {id, kind, label, section, parent, names: [], ...extra};
    byId.set(id, item);
    parent.children.push(item);
    return item;
  }
  const lane = (section) => cluster(root, "lane:" + section, "lane", LANE_NAMES[section], section);
  for (const section of LANES) if (data.nodes.some((n) => n.section === section)) lane(section);
  if (!root.children.length) lane("forward");

  const first = root.children[0];
  for (const [name, leaf] of Object.entries(data.leaves))
    if (leaf.role === "input") box(first, "leaf:" + name, "leaf", name, "leaf", {leaf, sub: leaf.type});
  const groupSizes = {};
  for (const n of data.nodes) if (n.group) groupSizes[n.scope + "|" + n.group] = (groupSizes[n.scope + "|" + n.group] || 0) + 1;
  const calls = cellCalls(data.nodes, nodes);
  for (const n of data.nodes) {
    let at = n.outer ? cluster(byId.get(n.outer), n.outer + "|" + n.body, "body", n.body, n.section) : lane(n.section);
    let path = "", depth = n.scope ? n.scope.split("/").length - calls.get(n).length : 0;
    for (const {part, call} of calls.get(n)) {
      path += (path ? "/" : "") + part + (call ? "#" + (call + 1) : "");
      at = cluster(at, "cell:" + (n.outer ? n.outer + "|" + n.body : n.section) + ":" + path, "cell", part + (call ? " #" + (call + 1) : ""), n.section);
      depth++;
      at.type = classOf(data.classes[n.scope.split("/").slice(0, depth).join("/")], part);
    }
    if (n.group && groupSizes[n.scope + "|" + n.group] > 1)
      at = cluster(at, "group:" + n.scope + ":" + n.group, "group", n.group, n.section);
    const reads = n.outer ? [] : n.in.filter((o) => data.leaves[o] && data.leaves[o].role !== "input");
    const item = box(at, n.name, n.bodies ? "control" : "node", n.op, n.section, {node: n, sub: n.types.join(", "), reads});
    if (n.bodies) { item.children = []; item.open = false; }
  }
  data.outputs.forEach((o, k) => {
    const owner = byId.get(o.split(".")[0]);
    let at = owner || first;
    while (at.kind !== "lane") at = at.parent;
    box(at, "output:" + k, "leaf", "output " + k, "leaf", {from: o, sub: owner ? "" : o});
  });
  const writes = {};
  for (const [name, value] of Object.entries(data.updates)) {
    const item = byId.get(value.split(".")[0]);
    if (item) (writes[item.id] = writes[item.id] || []).push(name);
  }
  for (const [id, names] of Object.entries(writes)) byId.get(id).writes = names;

  joinChains(root, byId);
  countNodes(root);
  let order = 0;
  for (const item of byId.values()) item.order = order++;
  for (const item of byId.values()) if (!item.children) sizeOf(item, measure);
  connect(scene);
  scene.measure = measure;
  return scene;
}

// The class of a Cell, where its name does not say it already.
function classOf(type, part) { return type && type.toLowerCase() !== part.toLowerCase() ? type : ""; }

// Where an item is, in names: "network/features/1/conv2".
function pathOf(item) {
  const parts = [];
  for (let at = item; at && at.kind !== "lane" && at.kind !== "root"; at = at.parent) if (at.kind !== "group" || at === item) parts.unshift(at.label);
  return parts.join("/");
}

// For each node the Cells around it, from the outside in: [{part, call}].  A Cell that is called again after others have
// used what it gave is drawn again, as its next call; the backward pass follows the calls of the forward pass.
function cellCalls(all, nodes) {
  const found = new Map(), lanes = new Map();
  for (const n of all) {
    const key = n.outer ? n.outer + "|" + n.body : n.section;
    if (!lanes.has(key)) lanes.set(key, []);
    lanes.get(key).push(n);
  }
  for (const [key, list] of lanes) {
    const users = new Map();
    for (const n of list) for (const o of n.in) {
      const from = nodes.get(o.split(".")[0]);
      if (from) users.set(from, (users.get(from) || []).concat(n));
    }
    const split = (members, depth) => {
      const groups = new Map();  // part -> its calls: Sets of nodes
      let last = null;
      for (const n of members) {
        const part = partsOf(n, nodes)[depth];
        if (part === undefined) { last = null; continue; }
        if (!groups.has(part)) groups.set(part, []);
        const sets = groups.get(part), of = n.section === "backward" && found.get(nodes.get(n.of));
        if (of && of[depth] && of[depth].part === part) (sets[of[depth].call] = sets[of[depth].call] || new Set()).add(n);
        else if (last !== part) sets.push(new Set([n]));
        else sets[sets.length - 1].add(n);
        last = part;
      }
      for (const [part, sets] of groups) {
        const calls = key === "forward" ? joined(sets.filter(Boolean), users) : key === "backward" ? sets : [new Set(sets.flatMap((s) => [...s]))];
        calls.forEach((set, call) => {
          if (!set) return;
          for (const n of set) found.get(n).push({part, call});
          split([...set], depth + 1);
        });
      }
    };
    for (const n of list) found.set(n, []);
    split(list, 0);
  }
  return found;
}

function partsOf(n, nodes) {
  let scope = n.scope;
  if (n.outer) {
    const around = nodes.get(n.outer).scope;
    scope = scope === around ? "" : scope.startsWith(around + "/") ? scope.slice(around.length + 1) : scope;
  }
  return scope ? scope.split("/") : [];
}

// Runs of nodes of one Cell, put together where nothing outside lies between them.
function joined(runs, users) {
  const out = [];
  for (const run of runs) {
    const into = out.find((set) => {
      const seen = new Set(), stack = [];
      for (const n of set) for (const u of users.get(n) || []) if (!set.has(u) && !run.has(u)) stack.push(u);
      while (stack.length) {
        const n = stack.pop();
        if (run.has(n)) return false;
        if (seen.has(n)) continue;
        seen.add(n);
        for (const u of users.get(n) || []) if (!set.has(u)) stack.push(u);
      }
      return true;
    });
    if (into) for (const n of run) into.add(n); else out.push(run);
  }
  return out;
}

// A Cell that holds nothing but one other is drawn as one with it.
function joinChains(item, byId) {
  for (let k = 0; k < item.children.length; k++) {
    let child = item.children[k];
    while (child.kind === "cell" && child.children.length === 1 && child.children[0].kind === "cell") {
      const only = child.children[0];
      only.label = child.label + "/" + only.label;
      only.parent = item;
      byId.delete(child.id);
      child.joined = only;
      item.children[k] = child = only;
    }
    if (child.children) joinChains(child, byId);
  }
}

function countNodes(item) {
  item.names = item.node ? [item.node.name] : [];
  for (const child of item.children || []) item.names.push(...countNodes(child));
  return item.names;
}

function lines(item) {
  const out = [];
  if (item.sub) out.push(item.sub);
  for (const name of item.reads || []) out.push("◂ " + name);
  for (const name of item.writes || []) out.push("▸ " + name);
  return out;
}

function sizeOf(item, measure) {
  const small = lines(item), tail = item.node ? measure(item.id, false) + 14 : 0;
  const wide = Math.max(measure(item.label, true) + tail, ...small.map((t) => measure(t, false)));
  item.w = Math.min(Math.max(Math.ceil(wide) + 22, 84), 250);
  item.h = 22 + 14 * small.length + 4;
}

function connect(scene) {
  const {data, byId, edges} = scene;
  scene.users = new Map();
  const add = (from, to, value) => {
    edges.push({from, to, value});
    if (!scene.users.has(from)) scene.users.set(from, []);
    scene.users.get(from).push(to);
  };
  const source = (o) => {
    if (o.startsWith("%")) return byId.get(o.split(".")[0]);
    return byId.get("leaf:" + o);
  };
  for (const n of data.nodes) {
    const to = byId.get(n.name);
    for (const o of new Set(n.in)) {
      if (n.outer && !o.startsWith("%")) continue;  // an argument of the body
      const from = source(o);
      if (from) add(from, to, o);
    }
  }
  data.outputs.forEach((o, k) => { const from = source(o); if (from) add(from, byId.get("output:" + k), o); });
}

// ---------------------------------------------------------------- folding
function startFolds(scene, most) {
  const small = scene.data.nodes.length <= most;
  let shown = scene.root.children.length, queue = scene.root.children.slice();
  while (queue.length) {  // from the outside in, as long as it can be taken in at a glance
    const item = queue.shift();
    if (!item.children || item.kind === "control" || item.kind === "group") continue;
    const wanted = small || item.children.some((c) => c.kind === "cell") && shown + item.children.length <= most;
    if (item.kind !== "lane" && (!wanted || item.section === "update" && !small)) continue;
    item.open = true;
    shown += item.children.length - 1;
    queue.push(...item.children);
  }
}

function setAll(scene, open) {
  for (const item of scene.byId.values()) if (item.children && item.kind !== "lane") item.open = open;
}

function reveal(item) {
  let changed = false;
  for (let at = item.parent; at && at.kind !== "root"; at = at.parent) if (!at.open) changed = at.open = true;
  return changed;
}

function shownOf(item) {  // the box that stands for an item: itself, or the outermost folded one around it
  let shown = item;
  for (let at = item.parent; at; at = at.parent) if (!at.open) shown = at;
  return shown;
}

// ---------------------------------------------------------------- layout of what is visible
function layoutScene(scene) {
  const inner = new Map();  // cluster -> edges between its children: "a|b" -> [a, b]
  const drawn = new Map();
  const depthOf = (item) => { let d = 0; for (let at = item.parent; at; at = at.parent) d++; return d; };
  for (const edge of scene.edges) {
    const a = shownOf(edge.from), b = shownOf(edge.to);
    if (a === b) continue;
    const key = a.id + "|" + b.id;
    let merged = drawn.get(key);
    if (!merged) {
      let ca = a, cb = b, da = depthOf(a), db = depthOf(b);
      for (; da > db; da--) ca = ca.parent;
      for (; db > da; db--) cb = cb.parent;
      if (ca === cb) continue;  // a body and the loop around it
      while (ca.parent !== cb.parent) { ca = ca.parent; cb = cb.parent; }
      merged = {a, b, ca, cb, count: 0, values: []};
      drawn.set(key, merged);
      const at = ca.parent;
      if (!inner.has(at)) inner.set(at, new Map());
      const lift = ca.id + "|" + cb.id;
      if (!inner.get(at).has(lift)) inner.get(at).set(lift, {a: ca, b: cb, bends: []});
      merged.lift = inner.get(at).get(lift);
    }
    merged.count++;
    if (merged.values.length < 12) merged.values.push(edge.value);
  }
  const arrange = (item) => {
    if (!item.children || !item.open) {
      if (item.children) sizeFolded(item, scene.measure);
      return;
    }
    item.children.forEach(arrange);
    const lifts = [...(inner.get(item) || new Map()).values()];
    const at = new Map(item.children.map((c, k) => [c, k]));
    const up = item.section === "backward";
    const done = layered(item.children, lifts.map((l) => [at.get(l.a), at.get(l.b)]), up);
    lifts.forEach((l, k) => { l.bends = done.bends[k]; });
    const head = scene.measure(item.label || "", true) + (item.type ? scene.measure(item.type, false) + 7 : 0);
    item.w = Math.max(done.w, head + 40) + 2 * PAD;
    item.h = done.h + HEADER + 2 * PAD - 4;
    item.dx = (item.w - done.w) / 2; item.dy = HEADER + PAD - 6;
  };
  const lanes = scene.root.children;
  lanes.forEach(arrange);
  const tallest = Math.max(...lanes.map((l) => l.h));
  let x = 0;
  for (const lane of lanes) {  // side by side; the backward pass begins at the bottom, where the loss is
    lane.rx = x;
    lane.ry = lane.section === "backward" ? tallest - lane.h : 0;
    x += lane.w + 90;
  }
  scene.w = x - 90; scene.h = tallest;
  scene.visible = [];
  const settle = (item, ox, oy) => {
    item.x = ox + item.rx; item.y = oy + item.ry;
    scene.visible.push(item);
    if (item.children && item.open) for (const c of item.children) settle(c, item.x + item.dx, item.y + item.dy);
  };
  lanes.forEach((lane) => settle(lane, 0, 0));
  scene.drawn = [...drawn.values()];
  for (const edge of scene.drawn) route(edge);
}

function sizeFolded(item, measure) {
  const wide = Math.max(measure(item.label, true) + (item.type ? measure(item.type, false) + 7 : 0) + 26, measure(item.note || about(item), false));
  item.w = Math.min(Math.max(Math.ceil(wide) + 26, 110), 300);
  item.h = 46;
}

function about(item) {
  const nodes = item.children.map((c) => c.kind === "node" && c.label);
  if (nodes.length < 3 && nodes.every(Boolean)) return nodes.join(", ");
  return item.names.length + " nodes";
}

function route(edge) {
  const {a, b} = edge, lane = (item) => { while (item.kind !== "lane") item = item.parent; return item; };
  const la = lane(a), lb = lane(b);
  edge.across = la !== lb;
  edge.aside = edge.across || edge.ca.column !== edge.cb.column;  // to another column: from side to side
  if (edge.aside) {
    const right = edge.across ? la.x < lb.x : edge.ca.column < edge.cb.column;
    edge.points = [[right ? a.x + a.w : a.x, a.y + a.h / 2], [right ? b.x : b.x + b.w, b.y + b.h / 2]];
  } else {
    const at = edge.ca.parent, bends = edge.lift.bends.map(([x, y]) => [at.x + at.dx + x, at.y + at.dy + y]);
    const up = edge.ca.y > edge.cb.y, ay = up ? a.y : a.y + a.h, by = up ? b.y + b.h : b.y;
    edge.points = [[a.x + a.w / 2, ay], ...bends, [b.x + b.w / 2, by]];
  }
  const xs = edge.points.map((p) => p[0]), ys = edge.points.map((p) => p[1]);
  edge.left = Math.min(...xs) - 40; edge.right = Math.max(...xs) + 40;
  edge.top = Math.min(...ys) - 40; edge.bottom = Math.max(...ys) + 40;
}
