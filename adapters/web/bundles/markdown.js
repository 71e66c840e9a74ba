// The little Markdown that Teams shows in a card: bold, italic, links and lists. Everything else stays text.

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text) => text.replace(/[&<>"']/g, (character) => ESCAPES[character]);

function inline(text) {
  return escaped(text)
    .replace(/\[([^\]]+)\]\((https?:\/\/[^\s)]+|mailto:[^\s)]+)\)/g, '<a href="$2">$1</a>')
    .replace(/\*\*(.+?)\*\*/g, "<strong>$1</strong>")
    .replace(/(^|[\s(])_(.+?)_(?=$|[\s.,;:!?)])/g, "$1<em>$2</em>")
    .replace(/(^|[\s(])\*([^*]+?)\*(?=$|[\s.,;:!?)])/g, "$1<em>$2</em>");
}

function kind(line) {
  if (/^\s*[-*]\s+/.test(line)) return "ul";
  return /^\s*\d+[.)]\s+/.test(line) ? "ol" : "p";
}

function wrapped(tag, lines) {
  if (tag === "p") return `<p>${lines.map(inline).join("<br>")}</p>`;
  const items = lines.map((line) => `<li>${inline(line.replace(/^\s*(?:[-*]|\d+[.)])\s+/, ""))}</li>`);
  return `<${tag}>${items.join("")}</${tag}>`;
}

/** Safe HTML: every character of the text is escaped before a tag is added. */
export function html(text) {
  const groups = [];
  for (const line of text.split(/\r\n?|\n/)) {
    const tag = kind(line);
    const last = groups.at(-1);
    if (!line.trim()) groups.push({ tag: "", lines: [] });
    else if (last?.tag === tag) last.lines.push(line);
    else groups.push({ tag, lines: [line] });
  }
  return groups
    .filter((group) => group.tag)
    .map((group) => wrapped(group.tag, group.lines))
    .join("");
}
