// Builds dist/ from src/: one script, one style sheet, and the licences of what was bundled.
// The same sources and the same lock file give the same bytes.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

/** "node_modules/@scope/name/dist/x.mjs" -> "node_modules/@scope/name"; undefined for our own. */
function packageOf(file) {
  return file.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0];
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${here}${folder}/package.json`));
  const file = readdirSync(here + folder).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} has no licence file`);
  const text = readFileSync(`${here}${folder}/${file}`, "utf8").replaceAll("\r\n", "\n").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { "rule-builder": "src/main.jsx" },
  outdir: "dist",
  bundle: true,
  minify: true,
  metafile: true,
  format: "iife",
  target: "es2022",
  charset: "ascii", // reads the same whatever encoding a page declares
  jsx: "automatic",
  jsxImportSource: "preact",
  // react-querybuilder is written for React; preact does the same work at a third of the size.
  alias: { react: "preact/compat", "react-dom": "preact/compat" },
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  banner: { js: "/* Built from src/ by `npm run build`. Licences: LICENSES.txt */" },
});

// Only what left bytes in the output counts; the rest was read and shaken off.
const bundled = metafile.outputs["dist/rule-builder.js"].inputs;
const used = Object.keys(bundled).filter((file) => bundled[file].bytesInOutput > 0);
const folders = [...new Set(used.map(packageOf).filter(Boolean))].sort();
writeFileSync(`${here}dist/LICENSES.txt`, folders.map(licenceOf).join(`\n${"-".repeat(78)}\n\n`));
