/* Builds the report page: report.js (one classic script), report.css, and the two joined in page.html, the template
   that the program embeds (src/report/page.c) and fills with a title and its data. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { defineConfig } from "vite";

const here = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const outDir = resolve(here, process.env.OPENTGV_WEB_OUT ?? "dist");

/** The package of node_modules a module comes from, "" for our own sources. */
function packageOf(id) {
  const parts = id.replace(/\0|\?.*$/g, "").split("/node_modules/");
  if (parts.length < 2) return "";
  const names = parts[parts.length - 1].split("/");
  return names[0].startsWith("@") ? names.slice(0, 2).join("/") : names[0];
}

/** Name, version and licence texts of a package, as its authors ship them. */
function notice(name) {
  const folder = join(here, "node_modules", name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = readdirSync(folder)
    .filter((f) => /^(licen[cs]e|notice|copying)(\.\w+)?$/i.test(f))
    .sort()
    .map((f) => readFileSync(join(folder, f), "utf8").trim());
  if (!texts.length) throw new Error(`${name} ships no licence text`);
  return { name, version: about.version, licence: about.license, text: texts.join("\n\n") };
}

/** Fails the build if text could end the element it is placed in. */
function refuse(text, pattern, where) {
  if (pattern.test(text))
    throw new Error(`${where} contains ${pattern}, which would end its element in the page`);
  return text;
}

/** A C file that embeds page.html. The hash makes it change with the page, so that nothing keeps an old object. */
function embedding(html) {
  const hash = createHash("sha256").update(html).digest("hex");
  const file = join(outDir, "page.html").replaceAll(/[\\"]/g, "\\$&");
  const lines = [
    ".section .rodata",
    ".balign 16",
    ".global tgv_page_template",
    "tgv_page_template:",
    `.incbin \\"${file}\\"`,
    ".global tgv_page_template_end",
    "tgv_page_template_end:",
    ".byte 0",
    ".text",
  ];
  return (
    `/* Made by web/vite.config.mjs: page.html, sha256 ${hash} */\n` +
    `extern const char tgv_page_template[], tgv_page_template_end[];\n__asm__(\n${lines.map((l) => `  "${l}\\n"`).join("\n")});\n`
  );
}

function page() {
  let packages = [];
  let sources = [];
  return {
    name: "opentgv-page",
    apply: "build",
    generateBundle(_, bundle) {
      const ids = [...this.getModuleIds()]
        .map((id) => id.replace(/\?.*$/, ""))
        .filter((id) => existsSync(id));
      sources = ids.filter((id) => id.startsWith(here) && !id.includes("/node_modules/"));
      packages = [...new Set([...ids.map(packageOf), "@fontsource-variable/inter"])]
        .filter((n) => n && n !== "vite")
        .sort()
        .map(notice);
      const list = packages.map((p) => `${p.name} ${p.version} (${p.licence})`);
      const texts = packages.map(
        (p) => `${"=".repeat(100)}\n${p.name} ${p.version}, ${p.licence}\n\n${p.text}`,
      );
      const banner =
        `/*!\nOpenTGV report page, Apache-2.0. It contains:\n${list.join("\n")}\n\n` +
        `${texts.join("\n\n").replaceAll("*/", "* /")}\n*/\n`;
      for (const part of Object.values(bundle)) {
        if (part.type !== "chunk") continue;
        part.code = banner + part.code.replaceAll("__OPENTGV_LIBRARIES__", list.join("; "));
      }
    },
    closeBundle() {
      const script = refuse(readFileSync(join(outDir, "report.js"), "utf8"), /<\/script|<!--/i, "report.js");
      const style = refuse(readFileSync(join(outDir, "report.css"), "utf8"), /<\/style/i, "report.css");
      const template = readFileSync(join(here, "page.html"), "utf8");
      const html = template.replace("@STYLE@", () => style.trim()).replace("@SCRIPT@", () => script.trim());
      for (const mark of ["@TITLE@", "@DATA@"]) {
        if (html.split(mark).length !== 2) throw new Error(`page.html must contain ${mark} once`);
      }
      writeFileSync(join(outDir, "page.html"), html);
      writeFileSync(join(outDir, "page_template.c"), embedding(html));
      const own = [
        ...readdirSync(join(here, "src"), { recursive: true })
          .filter((f) => /\.(ts|css)$/.test(f))
          .map((f) => `src/${f}`),
        "page.html",
        "vite.config.mjs",
        "tsconfig.json",
      ].map((f) => join(here, f));
      const escape = (f) => f.replaceAll(" ", "\\ ");
      const target = process.env.OPENTGV_WEB_TARGET ?? "page_template.c";
      writeFileSync(join(outDir, "page.d"), `${target}: ${[...sources, ...own].map(escape).join(" ")}\n`);
    },
  };
}

export default defineConfig({
  root: here,
  logLevel: "warn",
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [page()],
  build: {
    outDir,
    emptyOutDir: false,
    target: "es2021",
    assetsInlineLimit: 1 << 20,
    chunkSizeWarningLimit: 4000,
    cssCodeSplit: false,
    lib: {
      entry: join(here, "src/main.ts"),
      formats: ["iife"],
      name: "opentgv",
      fileName: () => "report.js",
      cssFileName: "report",
    },
  },
});
