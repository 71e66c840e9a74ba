// Shows Slack blocks roughly as Slack draws them: a picture to look at, not a form to use.
import { Component, createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { Message } from "slack-blocks-to-jsx";

/** Blocks the library knows; it leaves out any other without a word, so render() names those. */
const KNOWN = new Set([
  "actions", "alert", "card", "carousel", "container", "context", "context_actions", "data_visualization", "divider",
  "file", "header", "image", "input", "markdown", "plan", "rich_text", "section", "table", "task_card", "video",
]);

const roots = new WeakMap();

class Guard extends Component {
  state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  componentDidCatch(error) {
    this.props.onError(error);
  }

  render() {
    return this.state.failed ? createElement("p", null, this.props.sorry) : this.props.children;
  }
}

/** A data_table is drawn as its caption and the plain table it would be without paging and sorting. */
function drawable(block) {
  if (block.type !== "data_table") return [block];
  const rows = block.rows.map((row) =>
    row.map((cell) => (cell.type === "raw_number" ? { type: "raw_text", text: cell.text ?? String(cell.value) } : cell)),
  );
  const caption = { type: "section", text: { type: "plain_text", text: block.caption, emoji: false } };
  return [...(block.caption ? [caption] : []), { type: "table", block_id: block.block_id, rows }];
}

/** No picture, emoji or avatar comes from elsewhere; links lead nowhere, because this is a preview. */
const hooks = {
  user: ({ id, name }) => createElement("span", null, `@${name ?? id}`),
  link: ({ href, children, className }) => createElement("span", { className, title: href }, children),
};

/**
 * Draws blocks into an element, again and again if you like.
 *
 * @param {Element} element
 * @param {object[]} blocks
 * @param {{theme?: "light" | "dark", inert?: boolean, sorry?: string}} options inert: true keeps keyboard and pointer
 *   out of its dead controls (and hides it from screen readers: name the surrounding figure)
 * @returns {{missing: string[], error: string | null}} block types it could not draw; why it drew nothing
 */
export function render(element, blocks, { theme = "light", inert = true, sorry = "No preview." } = {}) {
  let error = null;
  const root = roots.get(element) ?? createRoot(element, { onCaughtError: () => {} });
  roots.set(element, root);
  element.toggleAttribute("inert", inert);
  const shown = blocks.flatMap(drawable);
  const onError = (caught) => {
    error = String(caught?.message ?? caught);
  };
  const message = createElement(Message, { blocks: shown, logo: "", name: "", theme, withoutWrapper: true, hooks });
  flushSync(() => root.render(createElement(Guard, { key: serial++, onError, sorry }, message)));
  return { missing: [...new Set(shown.map((block) => block.type).filter((type) => !KNOWN.has(type)))], error };
}

let serial = 0; // a new key forgets an earlier failure

/** Frees the element; render() may be called on it again. */
export function clear(element) {
  roots.get(element)?.unmount();
  roots.delete(element);
}
