// A form as a native <dialog>: focus goes in, stays in, and comes back to where it was.

const dialog = document.getElementById("dialog");
let opener = null;
let send = null;

/** submit: async ({form, value, fields}) -> the server's reply, null when it is done, undefined when it was not reached. */
export function openForm(html, from, submit) {
  opener = from;
  send = submit;
  draw(html);
  dialog.showModal();
  document.getElementById("form-title").focus();
}

export function closeForm() {
  if (dialog.open) dialog.close();
}

function draw(html) {
  dialog.innerHTML = html; // escaped by the server, field by field
  dialog.querySelectorAll("[data-close]").forEach((button) => button.addEventListener("click", closeForm));
  dialog.querySelector("form").addEventListener("submit", onSubmit);
}

async function onSubmit(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector('[type="submit"]');
  if (button.getAttribute("aria-disabled") === "true" || !complete(form)) return;
  button.setAttribute("aria-disabled", "true");
  const reply = await send({ form: form.dataset.form, value: form.dataset.value, fields: typed(form) });
  button.removeAttribute("aria-disabled");
  if (reply === undefined) return say(form, document.getElementById("told").textContent);
  if (reply?.kind !== "errors") return closeForm();
  draw(reply.html);
  toFirst(dialog);
}

/** field name -> text as typed; several ticks joined by newlines. */
function typed(form) {
  return Object.fromEntries([...form.querySelectorAll("[data-field]")].map((f) => [f.dataset.field, value(f)]));
}

function value(field) {
  if ("many" in field.dataset) return ticked(field).join("\n");
  return field.querySelector("input, select, textarea").value;
}

function ticked(field) {
  return [...field.querySelectorAll("input:checked")].map((box) => box.value);
}

/** Marks what is missing or malformed, in the language of the form, which need not be the browser's; true when nothing is. */
function complete(form) {
  const fields = [...form.querySelectorAll("[data-field]")];
  const wrong = fields.filter((field) => mark(field, fault(field, form)));
  const summary = form.querySelector(".wrong");
  summary.hidden = true;
  if (wrong.length === 0) return true;
  summary.hidden = false;
  toFirst(form);
  return false;
}

function fault(field, form) {
  const { choose, missing, malformed } = form.querySelector(".wrong").dataset;
  if ("many" in field.dataset) return "required" in field.dataset && ticked(field).length === 0 ? choose : "";
  const { valid, valueMissing, badInput } = field.querySelector("input, select, textarea").validity;
  if (valid) return "";
  return valueMissing && !badInput ? missing : malformed;
}

function mark(field, text) {
  field.querySelector(".error").textContent = text;
  const input = "many" in field.dataset ? null : field.querySelector("input, select, textarea");
  if (text) input?.setAttribute("aria-invalid", "true");
  else input?.removeAttribute("aria-invalid");
  return text;
}

function toFirst(root) {
  const first = [...root.querySelectorAll("[data-field]")].find((f) => f.querySelector(".error").textContent);
  (first?.querySelector("input, select, textarea") ?? document.getElementById("form-title")).focus();
}

function say(form, text) {
  const summary = form.querySelector(".wrong");
  summary.querySelector("p").textContent = text;
  summary.hidden = false;
}

dialog.addEventListener("close", () => {
  dialog.replaceChildren(); // nothing typed stays in the page
  const line = opener?.isConnected ? opener : document.querySelector(".message:last-child");
  (line ?? document.getElementById("text")).focus();
  opener = null;
});
