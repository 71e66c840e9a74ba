// The playground's conversation: whom one is, what was said, and the clock. Dialogs and views have modules of their own.

import { closeForm, openForm } from "./forms.js";
import { post, read } from "./server.js";
import { refreshHome, refreshPreview, shown, startViews } from "./views.js";

const PICKED = "upstander.picked";
const SEEN = "upstander.seen";
const TOUR = "upstander.tour";

const NOTHING_DUE = "Nothing was due on the way. To have a lesson sent, be somebody in HR and say “push”.";

const find = (id) => document.getElementById(id);
const people = [...document.querySelectorAll("[data-user]")];
const unread = new Map(people.map((button) => [button.dataset.user, 0]));
const seen = JSON.parse(sessionStorage.getItem(SEEN) ?? "{}"); // user -> id of the last entry they looked at, and run
const drawn = new Map(); // entry id -> its HTML, so that news we already show moves no focus

let person = null;
let now = new Date(document.body.dataset.now);
let moving = false;
let picks = 0;
let homeDrawn = "";
let homeSoon = 0;
let homeAnswers = false; // it shows what a button there led to, which no news may take away
let heard = 0; // messages to anybody since the clock was moved

// --- people

async function pick(user) {
  const turn = ++picks;
  const chosen = await read("person", { person: user });
  if (!chosen || turn !== picks) return; // somebody else was picked meanwhile
  sessionStorage.setItem(PICKED, user);
  people.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.user === user)));
  closeForm();
  meet(chosen);
  shown(null);
  await Promise.all([refreshHome(), post("hello", { person: user })]);
  setTimeout(explainSilence, 700); // the welcome of somebody new is on its way
}

function explainSilence() {
  find("empty").hidden = drawn.size > 0;
}

/** Where the list stands above the conversation, picking leads down to it. */
async function choose(user) {
  await pick(user);
  if (matchMedia("(max-width: 69.99rem)").matches) find("chat-title").scrollIntoView();
}

function meet(chosen) {
  person = chosen;
  now = new Date(chosen.now);
  forgetOtherRuns(chosen.run);
  introduce(chosen);
  replay(chosen.entries);
}

/** After contact was lost: what happened meanwhile is in the transcript. An open form stays as it is. */
async function catchUp() {
  const again = await read("person", { person: person.user });
  if (!again) return;
  meet(again);
  explainSilence();
}

/** Entries are numbered anew whenever the demo is started. */
function forgetOtherRuns(run) {
  if (seen.run === run) return;
  Object.keys(seen).forEach((key) => delete seen[key]);
  seen.run = run;
  people.forEach((button) => count(button.dataset.user, 0));
}

function introduce({ name, role, team, zone, language, suggestions }) {
  const roles = { employee: "Employee", manager: "Manager", hr: "HR", counsel: "Counsel" };
  const tongue = new Intl.DisplayNames(["en"], { type: "language" }).of(language);
  const facts = { Role: team ? `${roles[role]}, ${team}` : roles[role], Zone: zone, Language: tongue };
  find("chat-title").textContent = name;
  find("who").replaceChildren(...Object.entries(facts).map((row) => fact(row)), fact(["Local time", ""], "local-time"));
  find("suggestions").replaceChildren(...suggestions.map(suggestion));
  for (const id of ["log", "home", "dialog"]) find(id).lang = language;
  tellTime();
}

function fact([label, value], id = "") {
  const row = document.createElement("div");
  const [term, text] = [document.createElement("dt"), document.createElement("dd")];
  term.textContent = label;
  text.textContent = value;
  if (id) text.id = id;
  row.append(term, text);
  return row;
}

function suggestion(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", () => say(text));
  return button;
}

function count(user, more) {
  unread.set(user, more === 0 ? 0 : unread.get(user) + more);
  const badge = people.find((button) => button.dataset.user === user).querySelector(".badge");
  badge.hidden = unread.get(user) === 0;
  badge.querySelector(".count").textContent = unread.get(user);
}

// --- messages

function replay(entries) {
  const log = find("log");
  log.setAttribute("aria-live", "off"); // an old conversation is not news
  find("messages").replaceChildren();
  drawn.clear();
  entries.forEach((entry) => add(entry, false));
  find("empty").hidden = true;
  scrollToNewest();
  count(person.user, 0);
  setTimeout(() => log.setAttribute("aria-live", "polite"), 100);
}

function add(entry, isNew = true) {
  if (drawn.has(entry.id)) return;
  const line = document.createElement("li");
  line.className = entry.said ? "message own" : "message";
  line.classList.toggle("new", isNew);
  line.dataset.entry = entry.id;
  line.tabIndex = -1;
  fill(line, entry);
  find("messages").append(line);
  find("empty").hidden = true;
  remember(entry);
  if (isNew) scrollToNewest();
}

function fill(line, entry) {
  drawn.set(entry.id, entry.html);
  line.replaceChildren(when(entry));
  if (entry.said) {
    const words = document.createElement("p");
    words.textContent = entry.said;
    line.append(words);
  } else {
    line.insertAdjacentHTML("beforeend", entry.html); // escaped by the server, element by element
  }
}

function when(entry) {
  const row = document.createElement("div");
  const time = document.createElement("time");
  row.className = "when";
  time.dateTime = entry.at;
  time.textContent = `${entry.said ? "You" : "Upstander"}, ${local(new Date(entry.at))}`;
  time.title = utc(new Date(entry.at));
  row.append(time);
  if (!entry.said) row.append(showAs(entry.id));
  return row;
}

function showAs(entry) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show-as";
  button.textContent = "Show as Slack or Teams";
  button.addEventListener("click", () => shown(entry));
  return button;
}

function change(entry) {
  const line = document.querySelector(`[data-entry="${CSS.escape(entry.id)}"]`);
  if (!line || drawn.get(entry.id) === entry.html) return;
  const hadFocus = line.contains(document.activeElement);
  fill(line, entry);
  if (hadFocus) line.focus({ preventScroll: true });
}

/** To the end, but not past the beginning of a card that is taller than the window: people read from the top. */
function scrollToNewest() {
  const log = find("log");
  const newest = find("messages").lastElementChild;
  if (!newest) return;
  const above = newest.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop;
  log.scrollTop = Math.min(log.scrollHeight, above - 8);
}

function remember(entry) {
  seen[entry.person] = Math.max(seen[entry.person] ?? 0, Number(entry.id));
  sessionStorage.setItem(SEEN, JSON.stringify(seen));
}

// --- saying, pressing, submitting

async function say(text) {
  const field = find("text");
  if (!person || !text.trim()) return;
  const answer = await post("say", { person: person.user, text });
  if (!answer) return; // the words stay in the box
  if (field.value === text) field.value = "";
  field.focus();
}

async function press(button, entry) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  const { action, value } = button.dataset;
  const answer = await post("press", { person: person.user, entry, action, value });
  button.removeAttribute("aria-disabled");
  if (answer) obey(answer.reply, entry, button);
}

function obey(reply, entry, opener) {
  if (reply?.kind === "form") openForm(reply.html, opener, (form) => submit(form, entry));
  if (reply?.kind === "card" && entry === "home") {
    showHome(reply.html);
    homeAnswers = opener?.dataset.action !== "home.open";
  }
  if (reply?.kind === "card" && entry !== "home") change(told(entry, reply.html));
}

function told(entry, html) {
  const line = document.querySelector(`[data-entry="${CSS.escape(entry)}"] time`);
  return { id: entry, html, at: line?.dateTime ?? now.toISOString(), said: "" };
}

/** The server's reply; undefined when it could not be reached. */
async function submit(form, entry) {
  const answer = await post("submit", { person: person.user, entry, ...form });
  const reply = answer?.reply;
  if (answer && reply?.kind !== "errors") await refresh(entry === "home" && reply?.kind === "card");
  if (reply?.kind === "card") obey(reply, entry, null);
  return reply;
}

/** replaced: the home shows an answer now, until it is opened again. */
async function refresh(replaced) {
  const again = await read("person", { person: person.user });
  if (again) introduce((person = again));
  if (!replaced) await refreshHome();
}

function showHome(html) {
  const home = find("home");
  if (html === homeDrawn) return;
  homeDrawn = html;
  const hadFocus = home.contains(document.activeElement);
  home.innerHTML = html;
  if (hadFocus) home.focus({ preventScroll: true });
}

// --- the clock

const written = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const utc = (moment) => `${moment.toLocaleString("en-GB", { ...written, year: "numeric", timeZone: "UTC" })} UTC`;
const local = (moment) => moment.toLocaleString("en-GB", { ...written, timeZone: person.zone });

function moveTo(moment) {
  now = moment;
  tellTime();
}

function tellTime() {
  find("now-utc").dateTime = now.toISOString();
  find("now-utc").textContent = utc(now);
  if (!person) return;
  find("local-time").textContent = local(now);
}

function travel({ now: moment, done, total, failed }) {
  moveTo(new Date(moment));
  moving = done < total;
  document.querySelectorAll("[data-leap]").forEach((b) => b.setAttribute("aria-disabled", String(moving)));
  find("journey").hidden = !moving;
  find("hours").max = total || 1;
  find("hours").value = done;
  find("hours-text").textContent = `Hour ${done} of ${total}`;
  if (failed) find("told").textContent = "The clock stopped: something went wrong on the way.";
  if (total && !moving) arrive();
}

async function arrive() {
  if (!homeAnswers) await refreshHome();
  if (!heard) find("told").textContent = NOTHING_DUE;
}

async function leap(button) {
  if (!person || moving) return;
  heard = 0;
  await post("clock", { person: person.user, leap: button.dataset.leap });
}

// --- news from the server

function listen() {
  const news = new EventSource("/play/api/stream");
  let lost = false;
  news.addEventListener("added", ({ data }) => arrived(JSON.parse(data)));
  news.addEventListener("changed", ({ data }) => changed(JSON.parse(data)));
  news.addEventListener("clock", ({ data }) => travel(JSON.parse(data)));
  news.addEventListener("open", () => {
    find("lost").textContent = "";
    find("told").textContent = "";
    if (lost && person) catchUp();
    lost = false;
  });
  news.addEventListener("error", () => {
    lost = true;
    find("lost").textContent = "Lost contact, trying again";
    if (news.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}

function arrived(entry) {
  heard += 1;
  if (entry.person !== person?.user) {
    if (!entry.said) count(entry.person, 1);
    return;
  }
  add(entry);
  if (entry.said) return;
  refreshPreview();
  refreshHomeSoon();
}

/** What the bot said may have changed what the home shows; a burst of messages asks for it once. */
function refreshHomeSoon() {
  clearTimeout(homeSoon);
  homeSoon = setTimeout(() => homeAnswers || refreshHome(), 400);
}

function changed(entry) {
  if (entry.person !== person?.user) return;
  change(entry);
  refreshPreview();
}

// --- start

function onPress(event) {
  const button = event.target.closest("[data-action]");
  if (!button || !person) return;
  const inHome = find("home").contains(button);
  press(button, inHome ? "home" : button.closest("[data-entry]").dataset.entry);
}

people.forEach((button) => button.addEventListener("click", () => choose(button.dataset.user)));
document.querySelectorAll("[data-leap]").forEach((b) => b.addEventListener("click", () => leap(b)));
find("messages").addEventListener("click", onPress);
find("home").addEventListener("click", onPress);
find("say").addEventListener("submit", (event) => {
  event.preventDefault();
  say(find("text").value);
});

startViews({
  user: () => person?.user,
  latest: () => [...document.querySelectorAll(".message:not(.own)")].at(-1)?.dataset.entry,
  openHome: async () => {
    homeAnswers = false;
    const answer = await post("press", { person: person.user, entry: "home", action: "home.open", value: "" });
    if (answer?.reply?.kind === "card" && !homeAnswers) showHome(answer.reply.html);
    return Boolean(answer?.reply);
  },
});
forgetOtherRuns(document.body.dataset.run);
find("tour").open = sessionStorage.getItem(TOUR) !== "closed";
find("tour").addEventListener("toggle", () => sessionStorage.setItem(TOUR, find("tour").open ? "open" : "closed"));
for (const { dataset } of people) {
  count(dataset.user, dataset.entries.split(" ").filter((id) => Number(id) > (seen[dataset.user] ?? 0)).length);
}
tellTime();
listen();
pick(sessionStorage.getItem(PICKED) ?? people[0]?.dataset.user);
