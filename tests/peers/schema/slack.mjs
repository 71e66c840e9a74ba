// Slack's blocks, views, messages and app manifest as JSON Schema, from the types Slack publishes on npm.
import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";
import { limited } from "./limits.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

function definitions(path, roots, expose) {
  const generator = createGenerator({
    path: here(path),
    tsconfig: here("tsconfig.json"),
    type: "*",
    jsDoc: "extended",
    expose,
    additionalProperties: false,
  });
  return Object.assign({}, ...roots.map((root) => limited(generator.createSchema(root).definitions)));
}

const schema = (comment, of) => ({
  $schema: "http://json-schema.org/draft-07/schema#",
  $comment: comment,
  definitions: Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1))),
});

export function blocks() {
  const roots = ["Blocks", "Modal", "Home", "Message"];
  return schema("From @slack/types 3.2.0 (MIT); see README.md", definitions("slack_shapes.ts", roots, "export"));
}

/** Scopes and events stay words: the published lists lack some, e.g. assistant:write. */
export function manifest() {
  const of = definitions("manifest_shapes.ts", ["Manifest"], "all");
  for (const list of ["BotScope", "UserScope"]) of[list] = { type: "string", pattern: "^[a-z_.-]+(:[a-z_.]+)*$" };
  of.Manifest.additionalProperties = false;
  const whole = schema("From @slack/web-api 8.2.0 (MIT); see README.md", of);
  return { ...whole, $ref: "#/definitions/Manifest" };
}
