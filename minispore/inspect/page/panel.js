// Words about what is selected.

const escapeText = (t) => String(t).replace(/[&<>"]/g, (c) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[c]);
const scaled = (n, base, units) => { let k = 0; while (n >= base && k < units.length - 1) { n /= base; k++; } return (k ? n.toPrecision(3) : Math.round(n)) + " " + units[k]; };
const bytesText = (n) => scaled(n, 1000, ["B", "kB", "MB", "GB"]);
const workText = (n) => scaled(n, 1000, ["", "k", "M", "G", "T"]).trimEnd() + (n < 1000 ? " FLOP" : "FLOP");
const timeText = (s) => s >= 1 ? s.toPrecision(3) + " s" : s >= 1e-3 ? (1e3 * s).toPrecision(3) + " ms" : (1e6 * s).toFixed(1) + " µs";
const percent = (x) => (100 * x).toFixed(x < 0.0995 ? 1 : 0) + "%";

class Panel {
  constructor(element, data, scene) {
    Object.assign(this, {element, data, scene});
    const p = data.profile;
    this.total = p ? p.kernels.reduce((a, b) => a + b, 0) || 1 : 0;
    this.nodeIndex = new Map(data.nodes.map((n) => [n.name, n]));
    this.users = new Map();
    for (const n of data.nodes) for (const o of new Set(n.in)) {
      const from = o.startsWith("%") ? o.split(".")[0] : o;
      if (!this.users.has(from)) this.users.set(from, []);
      this.users.get(from).push(n.name);
    }
    // a kernel's time is divided between its nodes by their operations
    this.seconds = new Map();
    if (p) data.kernels.forEach((k, i) => {
      const weights = k.nodes.map((name) => Math.max(this.nodeIndex.get(name)?.flops || 0, 1)), all = weights.reduce((a, b) => a + b, 0);
      k.nodes.forEach((name, j) => this.seconds.set(name, (this.seconds.get(name) || 0) + p.kernels[i] * weights[j] / all));
    });
  }

  timeOf(item) { return item.names.reduce((s, name) => s + (this.seconds.get(name) || 0), 0); }
  flopsOf(item) { return item.names.reduce((s, name) => s + this.nodeIndex.get(name).flops, 0); }
  kernelsOf(item) { return [...new Set(item.names.flatMap((name) => this.nodeIndex.get(name).kernels))].sort((a, b) => a - b); }

  show(html) {
    this.element.innerHTML = html;
    this.element.scrollTop = 0;
  }

  // ------------------------------------------------------------ pieces
  link(name) {
    const known = name.startsWith("%") ? this.scene.byId.get(name.split(".")[0]) : this.data.leaves[name];
    return known ? `<button class="link" data-go="${escapeText(name)}">${escapeText(name)}</button>` : escapeText(name);
  }
  links(names, most = 40) { return names.slice(0, most).map((n) => this.link(n)).join(" ") + (names.length > most ? ` and ${names.length - most} more` : ""); }
  rows(pairs) { return `<dl>${pairs.filter(([, v]) => v).map(([k, v]) => `<dt>${k}</dt><dd>${v}</dd>`).join("")}</dl>`; }
  long(text) { return text.length < 90 ? escapeText(text) : `<details><summary>${escapeText(text.slice(0, 60))}…</summary>${escapeText(text)}</details>`; }
  badge(section) { return `<span class="badge ${section}">${section}</span>`; }
  kernelLink(i) { return `<button class="link" data-kernel="${i}">[${i}] ${escapeText(this.data.kernels[i].name)}</button>`; }
  path(item) {
    const out = [];
    for (let at = item.parent; at && at.kind !== "root"; at = at.parent) out.unshift(`<button class="link" data-item="${escapeText(at.id)}">${escapeText(at.label)}</button>`);
    return out.join(" / ");
  }
  line(n) {
    if (!n.file) return "";
    const lines = this.data.sources[n.file] || {}, numbers = Object.keys(lines).map(Number).filter((k) => Math.abs(k - n.line) <= 2).sort((a, b) => a - b);
    const margin = Math.min(...numbers.filter((k) => lines[k].trim()).map((k) => lines[k].search(/\S/)));
    const text = numbers.map((k) => `<span class="${k === n.line ? "here" : ""}"><i>${k}</i>${escapeText(lines[k].slice(margin)) || " "}</span>`).join("");
    return `<h3>Line</h3><p class="file" title="${escapeText(n.file)}">${escapeText(n.file.split("/").pop())}:${n.line}</p><pre class="source">${text}</pre>`;
  }
  rates(i) {
    const p = this.data.profile, k = this.data.kernels[i];
    if (!p) return [];
    const s = p.kernels[i], runs = p.runs[i] || 0;
    if (!s) return [["time", runs ? "too short to be measured" : "did not run"]];
    return [
      ["time", `<b>${timeText(s)}</b>, ${percent(s / this.total)} of all kernels${runs > 1 ? `, in ${runs} runs` : ""}`],
      ["speed", s < p.empty * runs ? "" : `${(k.flops * runs / s / 1e9).toFixed(1)} GFLOP/s (${percent(k.flops * runs / s / p.peak_flops)} of peak), ${((k.read + k.written) * runs / s / 1e9).toFixed(1)} GB/s (${percent((k.read + k.written) * runs / s / p.peak_bytes)} of memory)`],
    ];
  }
  code(i, node) {
    const lines = this.data.kernels[i].code.map((k) => this.data.code[k]), mark = node ? new RegExp(`# ${node.replace(/[/%]/g, "\\$&")}[ :]`) : null;
    return `<pre class="code" tabindex="0">${lines.map((line) => {
      const at = line.indexOf("#"), html = at < 0 ? escapeText(line) : escapeText(line.slice(0, at)) + `<em>${escapeText(line.slice(at))}</em>`;
      return mark && mark.test(line) ? `<mark>${html}</mark>` : html;
    }).join("\n")}</pre>`;
  }
  kernelFacts(i) {
    const k = this.data.kernels[i];
    return this.rows([
      ...this.rates(i),
      ["work", workText(k.flops)],
      ["bytes", `${bytesText(k.read)} read, ${bytesText(k.written)} written`],
      ["threads", k.threads],
      ["code", escapeText(k.origin) + (k.seconds !== null ? " in " + timeText(k.seconds) : "")],
      ["reads", escapeText(k.reads.join(", "))],
      ["writes", escapeText(k.writes.join(", "))],
      ["sizes", this.long(Object.entries(k.sizes).map(([a, b]) => `${a}=${b}`).join(", "))],
    ]);
  }
  memory(name) {
    const found = this.data.memory.buffers.filter((b) => b.name.split(" ").some((t) => t === name || t.startsWith(name + ".")));
    if (!found.length) return "";
    return `<h3>Memory</h3>` + found.map((b) => this.rows([
      ["buffer", `${bytesText(b.bytes)} at ${b.offset.toLocaleString("en")} of the arena`],
      ["alive", `calls ${b.first} to ${b.last}`],
      ["in place of", escapeText(b.reuses.slice(0, 8).join(", "))],
    ])).join("");
  }

  // ------------------------------------------------------------ what can be selected
  node(item) {
    const n = item.node, where = this.data.profile ? this.seconds.get(n.name) || 0 : null;
    const uses = (this.users.get(n.name) || []), bodies = n.bodies ? Object.entries(n.bodies).map(([label, given]) => `${escapeText(label)}(${escapeText(given.join(", "))})`).join("<br>") : "";
    this.show(`<header><h2>${escapeText(n.op)} <small>${escapeText(n.name)}</small></h2>${this.badge(n.section)}</header>` + this.rows([
      ["type", escapeText(n.types.join(", "))],
      ["operands", n.in.map((o) => this.link(o)).join(", ")],
      ["attributes", escapeText(Object.entries(n.attrs).map(([a, b]) => `${a}=${b}`).join(", "))],
      ["bodies", bodies],
      ["Cell", this.path(item)],
      ["used by", this.links(uses)],
      ["updates", escapeText((item.writes || []).join(", "))],
      ["gradient of", n.of ? this.link(n.of) : ""],
      ["work", n.flops ? workText(n.flops) : ""],
      ["time", where === null ? "" : timeText(where) + (n.kernels.length ? " (its part of the kernel)" : "")],
    ]) + this.line(n) + this.memory(n.name) + (n.kernels.length ? n.kernels.map((i) => `<h3>Kernel ${this.kernelLink(i)}</h3>${this.kernelFacts(i)}${this.code(i, n.name)}`).join("")
      : `<h3>Kernel</h3><p>${item.kind === "control" ? "The runtime itself: it repeats or chooses the calls of its bodies." : "None: it is a view of other memory, or computed where it is read."}</p>`));
  }

  kernel(i) {
    const k = this.data.kernels[i];
    this.show(`<header><h2>${escapeText(k.name)} <small>kernel call ${i}</small></h2>${this.badge(k.section)}</header>` +
      this.rows([["nodes", this.links(k.nodes) || "a copy"]]) + this.kernelFacts(i) +
      `<h3>Generated code</h3>${this.code(i)}`);
  }

  cluster(item) {
    const kernels = this.kernelsOf(item), p = this.data.profile, all = this.flopsOf(item);
    const parts = item.children.map((c) => ({c, time: this.timeOf(c), flops: this.flopsOf(c)})).sort((a, b) => b.time - a.time || b.flops - a.flops);
    this.show(`<header><h2>${escapeText(item.label)}</h2>${this.badge(item.section)}</header>` + this.rows([
      ["in", this.path(item)], ["nodes", item.names.length], ["work", workText(all)],
      ["time", p ? `<b>${timeText(this.timeOf(item))}</b>, ${percent(this.timeOf(item) / this.total)} of all kernels` : ""],
    ]) + `<p><button class="push" data-fold="${escapeText(item.id)}">${item.open ? "Fold" : "Unfold"}</button></p>` +
      this.table(["inside", "nodes", p ? "time" : "work"], parts.slice(0, 60).map(({c, time, flops}) => [`<button class="link" data-item="${escapeText(c.id)}">${escapeText(c.label)}</button>`, c.names.length || "", p ? timeText(time) : workText(flops)])) +
      `<h3>Kernels</h3><p class="list">${kernels.slice(0, 80).map((i) => this.kernelLink(i)).join("<br>") || "none"}</p>`);
  }

  leaf(item) {
    if (item.from !== undefined) { this.show(`<header><h2>${escapeText(item.label)}</h2></header>` + this.rows([["value", this.link(item.from)]])); return; }
    this.value(item.label);
  }

  value(name) {  // an input or Parameter
    const leaf = this.data.leaves[name], writer = Object.entries(this.data.updates).find(([p]) => p === name);
    this.show(`<header><h2>${escapeText(name)}</h2><span class="badge leaf">${leaf.role}</span></header>` + this.rows([
      ["type", escapeText(leaf.type)], ["read by", this.links(this.users.get(name) || [])],
      ["updated by", writer ? this.link(writer[1]) : ""],
      ["in place", this.data.memory.in_place.includes(name) ? "its new value is written over the old one as it is computed" : ""],
    ]));
  }

  overview() {
    const {stats, memory, profile: p, kernels} = this.data, order = kernels.map((k, i) => i);
    order.sort((a, b) => p ? p.kernels[b] - p.kernels[a] : kernels[b].flops - kernels[a].flops || b - a);
    const cells = p ? p.cells.slice(0, 14).map((c) => [c.name ? `<button class="link" data-search="${escapeText(c.name)}">${escapeText(c.name)}</button>` : "(no Cell)", timeText(c.seconds), percent(c.seconds / this.total)]) : [];
    this.show(`<header><h2>${escapeText(this.data.name)}</h2></header>` + this.rows([
      ...Object.entries(this.data.arguments).map(([k, v]) => [escapeText(k), escapeText(v)]),
      ["nodes", `${stats.nodes} (${stats.nodes_traced} as traced)`],
      ["kernels", `${stats.kernel_calls} calls of ${stats.kernels} kernels`],
      ["Parameters", `${stats.parameters.toLocaleString("en")} numbers, ${bytesText(memory.parameters)}`],
      ["work", workText(stats.flops)],
      ["arena", `${bytesText(memory.arena)} (${bytesText(memory.unshared)} without sharing)`],
      ["threads", stats.threads],
      ["step", p ? `<b>${timeText(p.step)}</b>, ${(stats.flops / p.step / 1e9).toFixed(1)} GFLOP/s; machine: ${(p.peak_flops / 1e9).toFixed(0)} GFLOP/s, ${(p.peak_bytes / 1e9).toFixed(0)} GB/s` : ""],
      ["profile", p ? `median of ${p.steps} steps; a profiled step takes ${percent(Math.max(p.overhead, 0))} longer` : "no times: call profile(...) with the arguments of the call, then to_html()"],
    ]) + (p ? `<h3>Cells by time</h3>` + this.table(["Cell", "time", "share"], cells) : "") +
      `<h3>Kernels by ${p ? "time" : "work"}</h3>` + this.table(["kernel", p ? "time" : "work", p ? "share" : "bytes"],
        order.slice(0, 14).map((i) => [this.kernelLink(i), p ? timeText(p.kernels[i]) : workText(kernels[i].flops), p ? percent(p.kernels[i] / this.total) : bytesText(kernels[i].read + kernels[i].written)])) +
      `<h3>Passes</h3><p class="list">${this.data.passes.map(escapeText).join("<br>")}</p>` +
      `<h3>Keys</h3><p class="list"><kbd>/</kbd> search · <kbd>f</kbd> fit · <kbd>+</kbd> <kbd>−</kbd> zoom · arrows: operands, uses, neighbours · <kbd>Enter</kbd> fold and unfold · <kbd>Esc</kbd> nothing selected</p>`);
  }

  table(head, rows) {
    return `<table><thead><tr>${head.map((h) => `<th>${h}</th>`).join("")}</tr></thead><tbody>${rows.map((r) => `<tr>${r.map((c) => `<td>${c}</td>`).join("")}</tr>`).join("")}</tbody></table>`;
  }
}
