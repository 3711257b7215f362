// A layered drawing of boxes: layers by the longest path, order by barycentres, places by least squares.

const GAP_X = 22, GAP_Y = 30, MOST_WIDE = 1500, LONGEST = 40, MOST_HIGH = 4000, GAP_COLUMN = 70;

// items: [{w, h}], edges: [[from, to]] as indices.  Sets rx, ry of the items (top left); returns the size and, for each
// edge, the points it passes through: {w, h, bends}.
function layered(items, edges, up) {
  const n = items.length;
  if (!n) return {w: 0, h: 0, bends: []};
  const forward = withoutCycles(n, edges);
  const layer = layersOf(n, forward);
  const {rows, succ, pred, chains, width} = withDummies(items, forward, layer);
  sortRows(rows, succ, pred);
  const x = placeX(rows, succ, pred, width);
  const wrapped = wrap(rows, x, width, items);
  return placeY(items, edges, forward, wrapped, x, width, chains, layer, up);
}

// Edges that lead back, in the order of the items, are turned round.
function withoutCycles(n, edges) {
  const out = Array.from({length: n}, () => []);
  edges.forEach(([a, b], k) => out[a].push([b, k]));
  const state = new Uint8Array(n), turned = new Set();
  for (let root = 0; root < n; root++) {
    if (state[root]) continue;
    const stack = [[root, 0]];
    state[root] = 1;
    while (stack.length) {
      const top = stack[stack.length - 1], [v, at] = top;
      if (at === out[v].length) { state[v] = 2; stack.pop(); continue; }
      top[1]++;
      const [w, k] = out[v][at];
      if (state[w] === 1) turned.add(k);
      else if (!state[w]) { state[w] = 1; stack.push([w, 0]); }
    }
  }
  return edges.map(([a, b], k) => turned.has(k) ? [b, a] : [a, b]);
}

function layersOf(n, edges) {
  const out = Array.from({length: n}, () => []), left = new Int32Array(n), layer = new Int32Array(n);
  for (const [a, b] of edges) { out[a].push(b); left[b]++; }
  const order = [];
  for (let v = 0; v < n; v++) if (!left[v]) order.push(v);
  const degree = left.slice();
  for (let k = 0; k < order.length; k++)
    for (const w of out[order[k]]) {
      layer[w] = Math.max(layer[w], layer[order[k]] + 1);
      if (!--left[w]) order.push(w);
    }
  for (let k = order.length - 1; k >= 0; k--) {  // what reads little moves down to where it is read
    const v = order[k];
    if (out[v].length && degree[v] === 0) layer[v] = Math.min(...out[v].map((w) => layer[w])) - 1;
  }
  return layer;
}

// Long edges get an empty place in each layer on their way; edges of one source share it.
function withDummies(items, edges, layer) {
  const n = items.length, rows = [], succ = items.map(() => []), pred = items.map(() => []);
  const width = items.map((item) => item.w), chains = edges.map(() => []), made = new Map();
  const add = (l, v) => { (rows[l] = rows[l] || []).push(v); };
  for (let v = 0; v < n; v++) add(layer[v], v);
  edges.forEach(([a, b], k) => {
    let from = a;
    if (layer[b] - layer[a] <= LONGEST)
      for (let l = layer[a] + 1; l < layer[b]; l++) {
        const key = a + ":" + l;
        let d = made.get(key);
        if (d === undefined) {
          d = width.length;
          made.set(key, d);
          width.push(4); succ.push([]); pred.push([]);
          add(l, d);
          succ[from].push(d); pred[d].push(from);
        }
        chains[k].push(d);
        from = d;
      }
    succ[from].push(b); pred[b].push(from);
  });
  for (let l = 0; l < rows.length; l++) rows[l] = rows[l] || [];
  return {rows, succ, pred, chains, width};
}

function sortRows(rows, succ, pred) {
  const place = [];
  for (const row of rows) row.forEach((v, k) => { place[v] = k; });
  for (let sweep = 0; sweep < 6; sweep++) {
    const down = sweep % 2 === 0;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[down ? k : rows.length - 1 - k], near = down ? pred : succ, wanted = new Map();
      for (const v of row) {
        let sum = 0;
        for (const w of near[v]) sum += place[w];
        wanted.set(v, near[v].length ? sum / near[v].length : place[v]);
      }
      row.sort((a, b) => wanted.get(a) - wanted.get(b) || place[a] - place[b]);
      row.forEach((v, at) => { place[v] = at; });
    }
  }
}

// Centres: each near the mean of its neighbours, as far as the order and the widths allow.
function placeX(rows, succ, pred, width) {
  const x = new Float64Array(width.length);
  for (const row of rows) {
    let at = 0;
    for (const v of row) { x[v] = at + width[v] / 2; at += width[v] + GAP_X; }
    for (const v of row) x[v] -= (at - GAP_X) / 2;
  }
  for (let sweep = 0; sweep < 8; sweep++) {
    const down = sweep % 2 === 0;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[down ? k : rows.length - 1 - k];
      const wanted = row.map((v) => {
        const near = sweep > 5 ? pred[v].concat(succ[v]) : down ? pred[v] : succ[v];
        let sum = 0;
        for (const w of near) sum += x[w];
        return near.length ? sum / near.length : x[v];
      });
      apart(row, wanted, width).forEach((at, i) => { x[row[i]] = at; });
    }
  }
  return x;
}

// The places nearest to those wanted with room for every width (isotonic regression).
function apart(row, wanted, width) {
  const blocks = [], shift = [];
  let sum = 0;
  row.forEach((v, k) => {
    if (k) sum += (width[row[k - 1]] + width[v]) / 2 + GAP_X;
    shift.push(sum);
    const block = {total: wanted[k] - sum, count: 1};
    while (blocks.length) {
      const last = blocks[blocks.length - 1];
      if (last.total / last.count <= block.total / block.count) break;
      block.total += last.total; block.count += last.count;
      blocks.pop();
    }
    blocks.push(block);
  });
  const out = [];
  for (const {total, count} of blocks) for (let k = 0; k < count; k++) out.push(total / count + shift[out.length]);
  return out;
}

// A layer that is too wide becomes several rows, from left to right.
function wrap(rows, x, width, items) {
  const out = [], n = items.length;
  for (const row of rows) {
    const boxes = row.filter((v) => v < n), all = boxes.reduce((s, v) => s + width[v] + GAP_X, 0);
    if (all <= MOST_WIDE || boxes.length < (all > 3 * MOST_WIDE ? 2 : 6)) { out.push([row]); continue; }
    const area = boxes.reduce((s, v) => s + (width[v] + GAP_X) * (items[v].h + GAP_Y), 0);
    const most = Math.max(640, Math.sqrt(area), ...boxes.map((v) => width[v])), parts = [];
    let part = [], wide = 0;
    for (const v of boxes) {
      if (wide + width[v] > most && part.length) { parts.push(part); part = []; wide = 0; }
      part.push(v);
      wide += width[v] + GAP_X;
    }
    parts.push(part);
    for (const p of parts) {
      let at = -most / 2;
      for (const v of p) { x[v] = at + width[v] / 2; at += width[v] + GAP_X; }
    }
    parts[0] = parts[0].concat(row.filter((v) => v >= n));
    out.push(parts);
  }
  return out;
}

function placeY(items, edges, forward, wrapped, x, width, chains, layer, up) {
  const n = items.length, middle = new Float64Array(width.length), column = new Int32Array(width.length);
  const height = (v) => v < n ? items[v].h : 0, rows = [];
  let y = 0, least = Infinity, most = -Infinity;
  for (const parts of wrapped)
    for (const part of parts) {
      const h = Math.max(0, ...part.map(height));
      rows.push({part, top: y, h});
      for (const v of part) {
        middle[v] = y + h / 2;
        least = Math.min(least, x[v] - width[v] / 2);
        most = Math.max(most, x[v] + width[v] / 2);
      }
      y += h + (parts.length > 1 && part !== parts[parts.length - 1] ? GAP_Y / 2 : GAP_Y);
    }
  const size = inColumns(rows, x, width, middle, column, {w: most - least, h: y - GAP_Y, left: least});
  const turn = (at) => up ? size.h - at : at;
  items.forEach((item, v) => { item.rx = x[v] - item.w / 2 - size.left; item.ry = turn(middle[v]) - item.h / 2; item.column = column[v]; });
  const bends = chains.map((chain, k) => {
    if (column[edges[k][0]] !== column[edges[k][1]]) return [];
    const points = chain.map((d) => [x[d] - size.left, turn(middle[d])]);
    return forward[k][0] === edges[k][0] ? points : points.reverse();
  });
  return {w: size.w, h: size.h, bends};
}

// What is much higher than wide is cut into columns, from left to right: a deep network then lies on a page and not on a ribbon.
function inColumns(rows, x, width, middle, column, size) {
  const count = Math.round(Math.sqrt(size.h / (1.3 * (size.w + GAP_COLUMN))));
  if (size.h <= MOST_HIGH || count < 2) return size;
  const columns = [[]];
  let begin = 0;
  for (const row of rows) {
    if (row.top + row.h / 2 - begin > size.h / count && columns[columns.length - 1].length) { columns.push([]); begin = row.top; }
    columns[columns.length - 1].push(row);
  }
  let at = 0, high = 0;
  columns.forEach((list, k) => {
    const all = list.flatMap((row) => row.part), top = list[0].top;
    const left = Math.min(...all.map((v) => x[v] - width[v] / 2)), right = Math.max(...all.map((v) => x[v] + width[v] / 2));
    for (const v of all) { x[v] += at - left; middle[v] -= top; column[v] = k; }
    at += right - left + GAP_COLUMN;
    high = Math.max(high, list[list.length - 1].top + list[list.length - 1].h - top);
  });
  return {w: at - GAP_COLUMN, h: high, left: 0};
}
