/** The report's style. No font, image or address from outside. */
export const pageStyle = `
:root{color-scheme:light dark;--line:#8884;--bad:#c5221f;--good:#188038;--quiet:#888}
body{font:14px/1.45 system-ui,sans-serif;margin:1.5rem;max-width:80rem}
h1{font-size:1.3rem}h2{font-size:1.05rem;margin-top:2rem}
table{border-collapse:collapse}td,th{padding:.25rem .75rem .25rem 0;text-align:left;border-bottom:1px solid var(--line)}
.bad{color:var(--bad)}.good{color:var(--good)}.quiet{color:var(--quiet)}
svg{width:100%;max-width:44rem;font-size:12px}
#filters{display:flex;gap:.75rem;flex-wrap:wrap;margin:.75rem 0}
#list{height:24rem;overflow:auto;border:1px solid var(--line);position:relative}
#list .row{position:absolute;left:0;right:0;height:28px;line-height:28px;padding:0 .5rem;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;cursor:pointer;border:0;background:none;font:inherit;color:inherit;text-align:left;width:100%}
#list .row:hover,#list .row:focus{background:#8882}
.sides{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);padding:.5rem;margin:.25rem 0;max-height:28rem;overflow:auto}
ins{background:#18803833;text-decoration:none}del{background:#c5221f33;text-decoration:none}
`

/**
 * The report's script. Everything that comes from data goes into the page as text (textContent), never as HTML.
 * Rows are made as they come into view, so that a hundred thousand cases open as fast as ten.
 */
export const pageScript = `
'use strict'
const data = JSON.parse(document.getElementById('data').textContent)
const el = (tag, props, ...children) => {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props || {})) {
    if (name === 'class') node.className = value
    else if (name === 'text') node.textContent = value
    else if (name === 'on') for (const [event, run] of Object.entries(value)) node.addEventListener(event, run)
    else node.setAttribute(name, value)
  }
  node.append(...children.filter((child) => child !== undefined && child !== null))
  return node
}
const svg = (tag, attributes, text) => {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value))
  if (text !== undefined) node.textContent = text
  return node
}
const byId = (id) => document.getElementById(id)
const tone = (verdict) => verdict === 'regressed' ? 'bad' : verdict === 'improved' ? 'good' : ''

byId('title').textContent = data.title
byId('about').textContent = data.about
for (const line of data.warnings) byId('warnings').append(el('li', { text: line }))
for (const row of data.metrics)
  byId('metrics').append(el('tr', {}, ...row.cells.map((text) => el('td', { text, class: tone(row.verdict) }))))

function forest(metrics) {
  const drawn = metrics.filter((metric) => metric.difference)
  if (drawn.length === 0) return
  const reach = Math.max(0.01, ...drawn.flatMap(({ difference }) => [Math.abs(difference.low), Math.abs(difference.high)]).filter(Number.isFinite)) * 1.1
  const [left, width, line] = [180, 380, 26]
  const x = (value) => left + width / 2 + (Math.max(-reach, Math.min(reach, value)) / reach) * (width / 2)
  const height = drawn.length * line + 30
  const plot = svg('svg', { viewBox: '0 0 640 ' + height, role: 'img' })
  plot.append(svg('line', { x1: x(0), x2: x(0), y1: 0, y2: height - 24, stroke: 'currentColor', 'stroke-opacity': 0.4 }))
  drawn.forEach((metric, index) => {
    const y = index * line + 14
    const color = metric.verdict === 'regressed' ? 'var(--bad)' : metric.verdict === 'improved' ? 'var(--good)' : 'currentColor'
    plot.append(
      svg('text', { x: 0, y: y + 4, fill: 'currentColor' }, metric.scorer.slice(0, 28)),
      svg('line', { x1: x(metric.difference.low), x2: x(metric.difference.high), y1: y, y2: y, stroke: color, 'stroke-width': 2 }),
      svg('circle', { cx: x(metric.difference.mean), cy: y, r: 4, fill: color }),
      svg('text', { x: left + width + 8, y: y + 4, fill: color }, metric.verdict),
    )
    if (metric.margin > 0)
      plot.append(svg('line', { x1: x(-metric.margin), x2: x(-metric.margin), y1: y - 9, y2: y + 9, stroke: 'currentColor', 'stroke-dasharray': '2 2' }))
  })
  plot.append(svg('text', { x: left, y: height - 6, fill: 'currentColor' }, (-reach * 100).toFixed(1) + ' points'))
  plot.append(svg('text', { x: left + width - 60, y: height - 6, fill: 'currentColor' }, '+' + (reach * 100).toFixed(1) + ' points'))
  byId('forest').append(plot)
}
forest(data.metrics)

const rowHeight = 28
let shown = data.cases
const list = byId('list')
const space = el('div', {})
list.append(space)
function draw() {
  space.style.height = shown.length * rowHeight + 'px'
  space.replaceChildren()
  const first = Math.max(0, Math.floor(list.scrollTop / rowHeight) - 5)
  const last = Math.min(shown.length, first + Math.ceil(list.clientHeight / rowHeight) + 10)
  for (let index = first; index < last; index += 1) {
    const entry = shown[index]
    const text = entry.id + '   ' + (entry.status ? entry.status + '   ' : '') + entry.scores + '   ' + entry.input
    const row = el('button', { class: 'row ' + (entry.status === 'broken' || entry.failed ? 'bad' : entry.status === 'healed' ? 'good' : ''), text, on: { click: () => open(entry) } })
    row.style.top = index * rowHeight + 'px'
    space.append(row)
  }
  byId('count').textContent = shown.length + ' of ' + data.cases.length + ' cases'
}
function filter() {
  const words = byId('words').value.toLowerCase()
  const [tag, kind] = [byId('tag').value, byId('kind').value]
  shown = data.cases.filter((entry) =>
    (words === '' || (entry.id + ' ' + entry.input + ' ' + entry.trials.map((trial) => trial.output).join(' ')).toLowerCase().includes(words)) &&
    (tag === '' || entry.tags.includes(tag)) &&
    (kind === '' || (kind === 'failed' ? entry.failed : kind === 'flaky' ? entry.flaky : kind === 'changed' ? entry.status !== '' : entry.unscored)))
  list.scrollTop = 0
  draw()
}
for (const tag of data.tags) byId('tag').append(el('option', { value: tag, text: tag }))
for (const id of ['words', 'tag', 'kind']) byId(id).addEventListener('input', filter)
list.addEventListener('scroll', draw)
window.addEventListener('resize', draw)

function pieces(text) { return text.match(/\\s+|[^\\s]+/g) || [] }
function compared(before, after) {
  const [a, b] = [pieces(before), pieces(after)]
  if (a.length * b.length > 4e6) return [[document.createTextNode(before)], [document.createTextNode(after)]]
  const width = b.length + 1
  const table = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      table[i * width + j] = a[i] === b[j] ? table[(i + 1) * width + j + 1] + 1 : Math.max(table[(i + 1) * width + j], table[i * width + j + 1])
  const [left, right] = [[], []]
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { left.push(document.createTextNode(a[i])); right.push(document.createTextNode(b[j])); i += 1; j += 1 }
    else if (j >= b.length || (i < a.length && table[(i + 1) * width + j] >= table[i * width + j + 1])) left.push(el('del', { text: a[i++] }))
    else right.push(el('ins', { text: b[j++] }))
  }
  return [left, right]
}
function side(name, trial, nodes) {
  const pre = el('pre', {})
  pre.append(...(nodes || [document.createTextNode(trial ? trial.output : 'not run')]))
  const box = el('div', {}, el('div', { class: 'quiet', text: name }), pre)
  if (trial) box.append(el('pre', { text: trial.scores }))
  return box
}
function open(entry) {
  const detail = byId('detail')
  detail.replaceChildren(el('h2', { text: entry.id }), el('div', { class: 'quiet', text: 'input' }), el('pre', { text: entry.input }))
  if (entry.expected !== '') detail.append(el('div', { class: 'quiet', text: 'expected' }), el('pre', { text: entry.expected }))
  entry.trials.forEach((trial, index) => {
    const before = entry.before[index] || entry.before[0]
    if (!before) return detail.append(side('trial ' + trial.trial, trial))
    const [left, right] = compared(before.output, trial.output)
    detail.append(el('div', { class: 'sides' }, side('baseline, trial ' + before.trial, before, left), side('candidate, trial ' + trial.trial, trial, right)))
  })
  detail.scrollIntoView({ block: 'nearest' })
}
draw()
`

/** The page around them. */
export const pageBody = `
<h1 id="title"></h1><p id="about" class="quiet"></p><ul id="warnings"></ul>
<table id="metrics"></table><div id="forest"></div>
<h2>Cases</h2>
<div id="filters"><input id="words" placeholder="words in ids, inputs, outputs" size="32">
<select id="tag"><option value="">all tags</option></select>
<select id="kind"><option value="">all cases</option><option value="changed">changed</option><option value="failed">failed</option><option value="flaky">flaky</option><option value="unscored">unscored</option></select>
<span id="count" class="quiet"></span></div>
<div id="list"></div><div id="detail"></div>
`
