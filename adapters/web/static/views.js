// The tabs beside the conversation: the home pane, and one card as Slack and Teams would draw it.

const find = (id) => document.getElementById(id);
const tabs = [...document.querySelectorAll('[role="tab"]')];
const dark = matchMedia("(prefers-color-scheme: dark)");
/** What stands for each platform; the remarks of what drew it. The Slack look-alike takes "verbatim" for "no mark-up". */
const DRAW = {
  slack({ render }, element, payload) {
    const blocks = JSON.parse(JSON.stringify(payload.blocks), (key, held) => (key === "verbatim" ? undefined : held));
    const { missing, error } = render(element, blocks, { theme: dark.matches ? "dark" : "light" });
    return [...missing.map((type) => `cannot show ${type}`), ...(error ? [error] : [])];
  },
  teams({ render, hostConfigs }, element, payload) {
    const card = payload.attachments?.[0]?.content ?? payload;
    element.inert = true;
    return render(element, card, dark.matches ? hostConfigs.dark : hostConfigs.light).events.map((e) => e.message);
  },
};

let page = null;
let chosen = null; // an entry's id or "home"; null follows the newest message
let drawing = 0;

/** around: {user(), latest(), openHome()}: what the conversation knows and these views need. */
export function startViews(around) {
  page = around;
  tabs.forEach((tab) => tab.addEventListener("click", () => select(tab)));
  document.querySelector('[role="tablist"]').addEventListener("keydown", onKey);
  document.querySelectorAll('[name="platform"]').forEach((radio) => radio.addEventListener("change", refreshPreview));
  find("show-home").addEventListener("click", () => shown("home"));
  dark.addEventListener("change", refreshPreview);
}

/** Draw this entry from now on; null follows the newest message again. */
export function shown(entry) {
  chosen = entry;
  mark();
  if (entry && current() === "home") select(find("tab-slack"));
  else refreshPreview();
  if (entry && matchMedia("(max-width: 47.99rem)").matches) find("views-title").parentElement.scrollIntoView();
}

export async function refreshHome() {
  if (!page.user()) return;
  find("show-home").hidden = !(await page.openHome());
  if (chosen === "home") await refreshPreview();
}

export async function refreshPreview() {
  const entry = chosen ?? page.latest();
  const view = current();
  const ticket = ++drawing;
  if (view === "home" || !page.user()) return;
  if (!entry) return explain(view, "There is no message to show yet.");
  const platform = view === "payload" ? document.querySelector('[name="platform"]:checked')?.value : view;
  const found = await preview(platform, entry);
  if (ticket !== drawing) return; // something newer is being drawn
  if (!found) return explain(view, "This card cannot be shown.");
  const about = `${chosen ? "The chosen card" : "The newest card"}: ${found.summary}`;
  explain(view, about);
  if (view === "payload") find("payload").textContent = JSON.stringify(found.payload, null, 2);
  else await draw(view, found.payload, about);
}

async function preview(platform, entry) {
  const query = new URLSearchParams({ person: page.user(), entry, as: platform });
  const response = await fetch(`/play/api/preview?${query}`, { cache: "no-store" }).catch(() => null);
  return response?.ok ? response.json() : null;
}

async function draw(view, payload, about) {
  const picture = find(`preview-${view}`);
  try {
    const remarks = DRAW[view](await import(`./vendor/${view}-preview.js`), picture.firstElementChild, payload);
    picture.setAttribute("aria-label", about);
    explain(view, [about, ...remarks].join(" · "));
  } catch (failure) {
    console.warn(failure);
    explain(view, "The preview could not be drawn; the Payload tab has the card.");
  }
}

function explain(view, text) {
  find(`about-${view}`).textContent = text;
}

function current() {
  return tabs.find((tab) => tab.getAttribute("aria-selected") === "true").id.replace("tab-", "");
}

function select(tab) {
  for (const each of tabs) {
    const on = each === tab;
    each.setAttribute("aria-selected", String(on));
    each.tabIndex = on ? 0 : -1;
    find(each.getAttribute("aria-controls")).hidden = !on;
  }
  if (current() === "home") refreshHome();
  else refreshPreview();
}

function onKey(event) {
  const at = tabs.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  const tab = tabs.at(to % tabs.length);
  tab.focus();
  select(tab);
}

function mark() {
  document.querySelectorAll(".show-as").forEach((button) => {
    const entry = button.closest("[data-entry]")?.dataset.entry ?? "home";
    button.setAttribute("aria-pressed", String(entry === chosen));
  });
}
