// Puts the pieces together: selection, search, folding, keys, colours, the address.

(function start() {
  const began = performance.now();
  const data = JSON.parse(document.getElementById("data").textContent), find = (id) => document.getElementById(id);
  const scene = buildScene(data, measurer()), panel = new Panel(find("panel"), data, scene);
  for (const item of scene.byId.values()) if (item.children) item.note = noteOf(item);
  startFolds(scene, 40);
  layoutScene(scene);

  const tip = find("tip"), live = find("live");
  function showTip(html, e) {
    tip.hidden = !html;
    if (!html) return;
    tip.innerHTML = html;
    tip.style.left = Math.min(e.clientX + 14, window.innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = Math.min(e.clientY + 16, window.innerHeight - tip.offsetHeight - 8) + "px";
  }
  function noteOf(item) {
    const kernels = panel.kernelsOf(item).length, parts = [about(item)];
    if (kernels) parts.push(kernels + (kernels === 1 ? " kernel" : " kernels"));
    if (data.profile) parts.push(percent(panel.timeOf(item) / panel.total));
    return parts.join(" · ");
  }
  function nodeTip(item) {
    const head = `<b>${escapeText(item.node ? item.label : pathOf(item))}</b> ${escapeText(item.node ? item.id : item.type || "")}`;
    if (!item.node) return head + `<br>${escapeText(item.note || item.sub || "")}`;
    const n = item.node, where = n.file ? `${n.file.split("/").pop()}:${n.line}` : "", text = ((data.sources[n.file] || {})[n.line] || "").trim();
    return `${head}<br>${escapeText(n.types.join(", "))}<br>${escapeText(where)} <code>${escapeText(text.slice(0, 90))}</code>` + (data.profile ? `<br>${timeText(panel.timeOf(item))}` : "");
  }

  let map = null;
  const graph = new GraphCanvas(find("graph"), scene, {
    select: (item) => select(item), toggle,
    tip: (item, e) => showTip(item && !(item.children && item.open) ? nodeTip(item) : "", e),
    drawn: () => map && map.draw(),
  });
  map = new Minimap(find("map"), graph);
  const charts = new Charts(find("charts"), data, {
    kernel: selectKernel, node: (name) => go(name),
    tip: (kernel, buffer, call, e) => {
      if (kernel !== null && kernel !== undefined) {
        const k = data.kernels[kernel];
        showTip(`<b>[${kernel}] ${escapeText(k.name)}</b><br>${data.profile ? timeText(data.profile.kernels[kernel]) + ", " : ""}${workText(k.flops)}, ${bytesText(k.read + k.written)}`, e);
      } else if (buffer) showTip(`<b>${escapeText(buffer.name)}</b><br>${bytesText(buffer.bytes)}, calls ${buffer.first} to ${buffer.last}<br>alive at call ${call}: ${bytesText(data.memory.live[call])}`, e);
      else showTip("");
    },
  });
  graph.start();

  // ------------------------------------------------------------ selection
  function mark(names, kernel) {
    graph.near = new Set(names.map((name) => scene.byId.get(name)).filter(Boolean).map(shownOf));
    charts.kernel = kernel;
    graph.dirty(); charts.dirty();
  }
  function select(item, silent) {
    graph.selected = item || null;
    if (!item) { mark([], null); panel.overview(); address(""); return; }
    const kernels = item.node ? item.node.kernels : [];
    mark(kernels.flatMap((i) => data.kernels[i].nodes), kernels.length ? kernels[kernels.length - 1] : null);
    if (item.node) panel.node(item); else if (item.children) panel.cluster(item); else panel.leaf(item);
    if (!silent) address(item.id);
    live.textContent = `${item.label} ${item.node ? item.id + ", " + item.node.types.join(", ") : item.note || ""}`;
  }
  function selectKernel(i) {
    graph.selected = null;
    mark(data.kernels[i].nodes, i);
    panel.kernel(i);
    address("kernel:" + i);
    const shown = [...graph.near];
    if (shown.length && !shown.some((b) => { const s = graph.screen(b); return s.x > 0 && s.x + s.w < graph.width && s.y > 0 && s.y + s.h < graph.height; })) graph.centre(shown[0]);
  }
  function go(id) {  // unfolds what is around it, and shows it
    const item = scene.byId.get(id) || scene.byId.get(id.split(".")[0]) || scene.byId.get("leaf:" + id);
    if (!item) {
      if (data.leaves[id]) { graph.selected = null; mark((panel.users.get(id) || []), null); panel.value(id); address(id); }
      return;
    }
    if (reveal(item)) layoutScene(scene);
    select(item);
    graph.centre(item);
  }
  function toggle(item) {
    const before = graph.screen(item);
    item.open = !item.open;
    layoutScene(scene);
    const after = graph.screen(item);
    graph.x += before.x - after.x; graph.y += before.y - after.y;
    if (graph.selected) select(graph.selected === item || shownOf(graph.selected) === graph.selected ? graph.selected : item, true);
    search(find("search").value, true);
    graph.dirty();
  }
  function all(open) {
    setAll(scene, open);
    layoutScene(scene);
    if (graph.selected) select(graph.selected, true);
    graph.start();
  }
  function address(id) {
    try { history.replaceState(null, "", id ? "#" + encodeURIComponent(id) : location.pathname + location.search); } catch (_) { /* in a frame without an address */ }
  }
  function arrive() {
    const id = decodeURIComponent(location.hash.slice(1));
    if (id.startsWith("kernel:") && data.kernels[+id.slice(7)]) selectKernel(+id.slice(7));
    else if (id) go(id);
    else select(null);
  }

  // ------------------------------------------------------------ search
  const box = find("search"), results = find("results");
  let hits = [], at = 0;
  const index = [];
  for (const n of data.nodes) index.push({id: n.name, label: `${n.op} ${n.name}`, about: n.scope, text: [n.name, n.op, n.scope, n.section, n.file ? n.file.split("/").pop() + ":" + n.line : "", n.in.filter((o) => data.leaves[o]).join(" "), n.types.join(" ")].join(" ").toLowerCase()});
  for (const item of scene.byId.values()) if (item.kind === "cell" || item.kind === "group") index.push({id: item.id, label: item.label, path: pathOf(item), about: `${item.type ? item.type + ", " : ""}${item.section} Cell, ${item.note}`, text: `${item.id} ${pathOf(item)} ${item.type || ""} ${item.section}`.toLowerCase(), first: true});
  for (const [name, leaf] of Object.entries(data.leaves)) index.push({id: name, label: name, about: `${leaf.role} ${leaf.type}`, text: name.toLowerCase(), first: true});
  data.kernels.forEach((k, i) => index.push({kernel: i, label: `[${i}] ${k.name}`, about: "kernel", text: `[${i}] ${k.name}`.toLowerCase()}));
  function search(text, quiet) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    hits = words.length ? index.filter((x) => words.every((w) => x.text.includes(w))) : [];
    hits.sort((a, b) => (b.label.toLowerCase() === text.toLowerCase()) - (a.label.toLowerCase() === text.toLowerCase()) || (b.id === text) - (a.id === text) || !!b.first - !!a.first);
    graph.found = new Set(hits.map((x) => x.id && scene.byId.get(x.id)).filter(Boolean).map(shownOf));
    graph.dirty();
    if (quiet) return;
    at = 0;
    list();
  }
  function named(x) {  // a Cell with the Cells around it: many have the same last name
    const around = x.path ? x.path.slice(0, x.path.length - x.label.length) : "";
    return `<span>${escapeText(around)}</span><b>${escapeText(x.label)}</b>`;
  }
  function list() {
    results.hidden = !hits.length && !box.value.trim();
    results.innerHTML = hits.slice(0, 60).map((x, k) => `<li role="option" id="hit${k}" data-hit="${k}" aria-selected="${k === at}">${named(x)} <span>${escapeText(x.about)}</span></li>`).join("")
      + (hits.length > 60 ? `<li class="more">${hits.length - 60} more</li>` : "") + (hits.length ? "" : `<li class="more">nothing</li>`);
    box.setAttribute("aria-expanded", String(!results.hidden));
    box.setAttribute("aria-activedescendant", hits.length ? "hit" + at : "");
    find("hit" + at)?.scrollIntoView({block: "nearest"});
  }
  function take(k) {
    const hit = hits[k];
    if (!hit) return;
    results.hidden = true;
    box.setAttribute("aria-expanded", "false");
    if (hit.kernel !== undefined) selectKernel(hit.kernel); else go(hit.id);
    search(box.value, true);
  }
  box.addEventListener("input", () => search(box.value));
  box.addEventListener("focus", () => { if (box.value) list(); });
  box.addEventListener("blur", () => { results.hidden = true; });
  box.addEventListener("keydown", (e) => {
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { at = Math.max(0, Math.min(Math.min(hits.length, 60) - 1, at + (e.key === "ArrowDown" ? 1 : -1))); list(); e.preventDefault(); }
    else if (e.key === "Enter") take(at);
    else if (e.key === "Escape") { box.value = ""; search(""); find("graph").focus(); }
  });
  results.addEventListener("pointerdown", (e) => { const li = e.target.closest("[data-hit]"); if (li) { e.preventDefault(); take(+li.dataset.hit); } });

  // ------------------------------------------------------------ colours
  const heat = (share) => share > 0 ? `hsl(${Math.round(52 - 47 * share)} 90% 52% / ${(0.12 + 0.7 * share).toFixed(3)})` : null;
  function colourBy(kind) {
    const value = kind === "time" ? (item) => panel.timeOf(item) : (item) => panel.flopsOf(item);
    if (kind === "section") graph.colourOf = null;
    else if (kind === "kernel") graph.colourOf = (item) => item.node && item.node.kernels.length ? `hsl(${(item.node.kernels[item.node.kernels.length - 1] * 137) % 360} 65% 55% / 0.35)` : null;
    else {
      const most = Math.max(...data.nodes.map((n) => value({names: [n.name]})), 1e-12);
      graph.colourOf = (item) => item.names.length ? heat(Math.min(1, Math.pow(value(item) / most, 0.4))) || "transparent" : null;
    }
    graph.dirty();
  }
  find("colour").addEventListener("change", (e) => colourBy(e.target.value));
  find("axis").addEventListener("change", (e) => charts.scale(e.target.value));
  if (data.profile) { find("axis").value = "time"; charts.scale("time"); }
  else for (const option of document.querySelectorAll("option[value=time]")) option.disabled = true;
  function theme(name) {
    document.documentElement.dataset.theme = name;
    graph.theme(); charts.theme();
  }
  const dark = matchMedia("(prefers-color-scheme: dark)");
  find("theme").addEventListener("click", () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  dark.addEventListener("change", () => theme(dark.matches ? "dark" : "light"));
  theme(dark.matches ? "dark" : "light");

  // ------------------------------------------------------------ buttons, keys
  find("fit").addEventListener("click", () => graph.fit());
  find("unfold").addEventListener("click", () => all(true));
  find("fold").addEventListener("click", () => all(false));
  find("panel").addEventListener("click", (e) => {
    const to = e.target.closest("button");
    if (!to) return;
    const {go: name, kernel, item, fold, search: text} = to.dataset;
    if (name !== undefined) go(name);
    else if (kernel !== undefined) selectKernel(+kernel);
    else if (item !== undefined) go(item);
    else if (fold !== undefined) { const it = scene.byId.get(fold); toggle(it); select(it); }
    else if (text !== undefined) { box.value = text; search(text, true); panel.show(panel.element.innerHTML); box.focus(); list(); }
  });
  document.addEventListener("keydown", (e) => {
    if (e.target.closest("input, select, textarea") || e.ctrlKey || e.metaKey || e.altKey) return;
    const item = graph.selected, keys = {
      "/": () => box.focus(), f: () => graph.fit(), "+": () => graph.zoom(1.25, graph.width / 2, graph.height / 2),
      "=": () => graph.zoom(1.25, graph.width / 2, graph.height / 2), "-": () => graph.zoom(0.8, graph.width / 2, graph.height / 2),
      Escape: () => select(null),
    };
    if (document.activeElement === find("graph") || document.activeElement === document.body) {
      if (item && item.children) keys.Enter = () => toggle(item);
      for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]) keys[key] = () => step(key);
    }
    if (keys[e.key]) { keys[e.key](); e.preventDefault(); }
  });
  function step(key) {  // to the nearest visible box in that direction, those joined to this one first
    const from = graph.selected && shownOf(graph.selected), boxes = scene.visible.filter((b) => b !== from && !(b.children && b.open));
    if (!from) { if (boxes.length) { select(boxes[0]); graph.centre(boxes[0]); } return; }
    const joined = new Set(scene.drawn.flatMap((d) => d.a === from ? [d.b] : d.b === from ? [d.a] : []));
    const [ux, uy] = {ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0]}[key];
    let best = null, least = Infinity;
    for (const b of boxes) {
      const dx = b.x + b.w / 2 - from.x - from.w / 2, dy = b.y + b.h / 2 - from.y - from.h / 2, along = dx * ux + dy * uy, aside = Math.abs(dx * uy) + Math.abs(dy * ux);
      if (along < 8) continue;
      const cost = (along + 2 * aside) * (joined.has(b) ? 0.3 : 1);
      if (cost < least) { least = cost; best = b; }
    }
    if (best) { select(best); graph.centre(best); }
  }
  for (const [id, name, least] of [["side", "--side", 260], ["bottom", "--bottom", 90]]) {  // borders that can be dragged
    const bar = find(id + "-bar");
    bar.addEventListener("pointerdown", (e) => { bar.setPointerCapture(e.pointerId); bar.dataset.drag = "1"; });
    bar.addEventListener("pointerup", () => { delete bar.dataset.drag; });
    bar.addEventListener("pointermove", (e) => {
      if (!bar.dataset.drag) return;
      const size = id === "side" ? window.innerWidth - e.clientX : window.innerHeight - e.clientY;
      document.documentElement.style.setProperty(name, Math.max(least, size) + "px");
    });
  }
  window.addEventListener("hashchange", arrive);
  arrive();
  window.minispore = {data, scene, graph, charts, panel, map, go, select, toggle, all, selectKernel, ready: performance.now() - began};  // for the console, and tests
})();
