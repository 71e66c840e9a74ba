// Writes the vendors' schemas into ../../schemas; with --check, says which of them differ from a fresh build.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { card } from "./cards.mjs";
import { blocks, manifest } from "./slack.mjs";

const built = {
  "adaptive-card-1.5.json": await card(),
  "slack-blocks.schema.json": blocks(),
  "slack-manifest.schema.json": manifest(),
};
const stale = [];
for (const [name, schema] of Object.entries(built)) {
  const path = fileURLToPath(new URL(`../../schemas/${name}`, import.meta.url));
  const text = `${JSON.stringify(schema, null, 1)}\n`;
  if (!process.argv.includes("--check")) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text) stale.push(name);
}
if (stale.length) {
  console.error(`Not what the pinned packages give: ${stale.join(", ")}. Run: npm run schemas --prefix tests/peers`);
  process.exit(1);
}
