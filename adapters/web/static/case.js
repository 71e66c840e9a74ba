// Takes the link's secret out of the address bar at once, and sends it only when the button is pressed.

const door = document.getElementById("door");
const secret = location.hash.slice(1);

history.replaceState(null, "", location.pathname);
if (secret) {
  door.elements.token.value = secret;
  door.hidden = false;
} else {
  document.getElementById("no-secret").hidden = false;
}
