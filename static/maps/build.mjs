// Builds dist/ from src/: one script, one style sheet, the coasts and borders that are drawn where
// no tiles are, and the licences of all of it. The same sources and lock file give the same bytes.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const read = (path) => readFileSync(`${here}${path}`, "utf8");

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(read(`${folder}/package.json`));
  const file = readdirSync(here + folder).find((each) => /licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} has no licence file`);
  const text = read(`${folder}/${file}`).replaceAll("\r\n", "\n").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

await build({
  absWorkingDir: here,
  entryPoints: { map: "src/index.js" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "ascii", // reads the same whatever encoding a page declares
  loader: { ".png": "dataurl", ".svg": "dataurl" },
  legalComments: "none",
  banner: { js: "/* Built from src/ by `npm run build`. Licences: LICENSES.txt */" },
});

// Shapes only: the names of countries are not shown.
const { objects, ...world } = JSON.parse(read("node_modules/world-atlas/countries-50m.json"));
const bare = ({ type, arcs, geometries }) =>
  geometries ? { type, geometries: geometries.map(bare) } : { type, arcs };
const shapes = { countries: bare(objects.countries), land: bare(objects.land) };
writeFileSync(`${here}dist/countries.json`, JSON.stringify({ ...world, objects: shapes }));

// Geoman comes with its own packages already inside, so all that is installed for use is named.
const { packages } = JSON.parse(read("package-lock.json"));
const used = Object.keys(packages).filter((folder) => folder && !packages[folder].dev);
const licences = used.sort().map(licenceOf).join(`\n${"-".repeat(78)}\n\n`);
writeFileSync(`${here}dist/LICENSES.txt`, licences);
