// Holds a Teams app manifest against Microsoft's own schema and reader: node app_manifest.mjs <manifest.json>
//
// Exit 0 and silence when sound; exit 1 and one line per problem otherwise. The schema is the one the manifest's
// manifestVersion names, taken from the package, so nothing is fetched.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

function schemaOf(version) {
  const root = dirname(require.resolve("@microsoft/app-manifest/package.json"));
  const path = join(root, "build/json-schemas/teams", `v${version}`, "MicrosoftTeams.schema.json");
  return JSON.parse(readFileSync(path, "utf8"));
}

function validator(schema) {
  const Draft = schema.$schema?.includes("draft-04") ? require("ajv-draft-04") : require("ajv");
  const ajv = new (Draft.default ?? Draft)({ allErrors: true, strict: false, allowUnionTypes: true });
  (require("ajv-formats").default ?? require("ajv-formats"))(ajv);
  return ajv.compile(schema);
}

function problems(manifest) {
  const validate = validator(schemaOf(manifest.manifestVersion));
  if (validate(manifest)) return [];
  return validate.errors.map((error) => `${error.instancePath || "the manifest"}: ${error.message}`);
}

const [path] = process.argv.slice(2);
if (!path) {
  console.error("Which manifest? node app_manifest.mjs <manifest.json>");
  process.exit(2);
}
try {
  const found = problems(JSON.parse(readFileSync(path, "utf8")));
  for (const problem of found) console.error(`${path} ${problem}`);
  process.exitCode = found.length ? 1 : 0;
} catch (error) {
  console.error(`${path}: ${error.message.split("\n")[0]}`);
  process.exitCode = 1;
}
