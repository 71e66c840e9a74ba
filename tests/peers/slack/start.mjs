// Starts the Slack peer on loopback: node start.mjs <seed.yaml> <port> <base url its answers name> <event url>
//
// emulate 0.12.2 has no way to register an event URL from outside, so the Slack plugin's register step is wrapped before
// the emulator loads it. The wrapper also opens what a user would see on screen (views) under /_peer. This leans on the
// internals of the pinned build: when the build changes, this file says so instead of starting half a peer.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parse } from "yaml";
import { createEmulator } from "emulate";

const [seedPath, port, baseUrl, eventsUrl] = process.argv.slice(2);

async function slackModule() {
  const dist = dirname(fileURLToPath(import.meta.resolve("emulate")));
  for (const name of readdirSync(dist).filter((each) => /^dist-\w+\.js$/.test(each))) {
    const path = join(dist, name);
    if (readFileSync(path, "utf8").includes("var slackPlugin =")) return import(pathToFileURL(path).href);
  }
  throw new Error("emulate no longer keeps its Slack plugin where 0.12.2 does");
}

const { slackPlugin, getSlackStore } = await slackModule();
const register = slackPlugin.register.bind(slackPlugin);
slackPlugin.register = (app, store, webhooks, ...rest) => {
  register(app, store, webhooks, ...rest);
  webhooks.register({ url: eventsUrl, events: ["*"], active: true, owner: "slack" });
  app.get("/_peer/views", (c) => c.json(getSlackStore(store).views.all()));
  app.get("/_peer/users", (c) => c.json(getSlackStore(store).users.all()));
};

const emulator = await createEmulator({
  service: "slack",
  port: Number(port),
  hostname: "127.0.0.1",
  baseUrl,
  seed: parse(readFileSync(seedPath, "utf8")),
});
const stop = () => emulator.close().finally(() => process.exit(0));
process.on("SIGTERM", stop);
process.stdin.on("end", stop).resume(); // the test went away without saying goodbye
console.log("Listening", port);
