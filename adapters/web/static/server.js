// Talks to the playground's server. What goes wrong is said in the page, once, in a live region.

const told = document.getElementById("told");
const LOST = "Lost contact, trying again";

/** The answer, or undefined after an error that the page has told. */
export async function post(name, body) {
  return answer(`/play/api/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** As ``post``; ``query`` becomes the query string. */
export async function read(name, query) {
  return answer(`/play/api/${name}?${new URLSearchParams(query)}`, {});
}

async function answer(url, options) {
  try {
    const response = await fetch(url, { cache: "no-store", ...options });
    const body = await response.json();
    told.textContent = response.ok ? "" : body.error;
    return response.ok ? body : undefined;
  } catch {
    told.textContent = `${LOST}. Nothing was lost on this page; please try that again.`;
    return undefined;
  }
}
