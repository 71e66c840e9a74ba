// Builds the previews into ../static/vendor; with --check, compares a fresh build with what is there, byte by byte.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../static/vendor");

/** Carousels are newer than Adaptive Cards 1.5; without them the card's fallback shows, and a slider library stays out. */
const withoutCarousel = {
  name: "without-carousel",
  setup(build) {
    build.onLoad({ filter: /adaptivecards[\\/]lib[\\/]carousel\.js$/ }, () => ({ contents: "export {};" }));
  },
};

async function bundle() {
  return build({
    absWorkingDir: here,
    entryPoints: {
      "slack-preview": "slack-preview.jsx",
      "teams-preview": "teams-preview.js",
    },
    outdir: target,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none", // LICENSES.txt holds them whole
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [withoutCarousel],
  });
}

/** Each package of a build with its version and licence text, by name. */
function packages(metafile) {
  const folders = new Set(Object.keys(metafile.inputs).flatMap((path) => path.match(/^node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
    return { name, version, license, text: licenceText(folder, name) };
  });
}

function licenceText(folder, name) {
  const file = readdirSync(join(here, folder)).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} brings no licence file`);
  return readFileSync(join(here, folder, file), "utf8").replaceAll("\r\n", "\n").trim();
}

/** slack-blocks-to-jsx brings the parser @yozora inside its own file, without its licence. */
function within() {
  const text = readFileSync(join(here, "licences/yozora.txt"), "utf8").trim();
  return { name: "@yozora/parser", version: "inside slack-blocks-to-jsx", license: "MIT", text };
}

function licences(used) {
  const notices = [...used, within()].map((each) => `${each.name} ${each.version} (${each.license})\n\n${each.text}\n`);
  return notices.join(`\n${"-".repeat(78)}\n\n`);
}

/** No address of a package registry stands in this repository, not even in a library's error message. */
function withoutRegistry(text) {
  return text.replaceAll(/https:\/\/www\.npm[a-z]+\.com\/package\//g, "the package ");
}

const read = (path) => readFileSync(join(here, path), "utf8");

async function files() {
  const built = await bundle();
  const used = packages(built.metafile);
  const scripts = built.outputFiles.map((file) => [file.path.slice(target.length + 1), withoutRegistry(file.text)]);
  return Object.fromEntries([
    ...scripts,
    ["slack-preview.css", `${read("node_modules/slack-blocks-to-jsx/dist/style.css").trim()}\n`],
    ["teams-preview.css", `${read("node_modules/adaptivecards/lib/adaptivecards.css").replace(/\/\*#.*\*\//, "").trim()}\n`],
    ["LICENSES.txt", licences(used)],
    ["VERSION", `${used.map(({ name, version }) => `${name} ${version}`).join("\n")}\n`],
  ]);
}

function refuse(name, text) {
  const forbidden = name.endsWith(".css") ? [/@import/, /url\(/] : [/\beval\(/, /\bnew Function\(/];
  const found = name === "LICENSES.txt" ? undefined : forbidden.find((pattern) => pattern.test(text));
  if (found) throw new Error(`${name} holds ${found}, which the content security policy refuses`);
}

const built = await files();
for (const [name, text] of Object.entries(built)) refuse(name, text);
if (process.argv.includes("--check")) {
  const stale = Object.keys(built).filter((name) => !existsSync(join(target, name)) || readFileSync(join(target, name), "utf8") !== built[name]);
  if (stale.length) {
    console.error(`Not what the sources give: ${stale.join(", ")}. Run: npm run build --prefix adapters/web/bundles`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(target, { recursive: true });
  for (const [name, text] of Object.entries(built)) writeFileSync(join(target, name), text);
}
