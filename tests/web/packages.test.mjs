/* What the page is built from: packages that Debian 12's Node.js runs, locked without download addresses, and a bundle
   that loads nothing and carries the licences of what it contains. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { check, plan } from "./tap.mjs";

const web = (name) => readFileSync(fileURLToPath(new URL(`../../web/${name}`, import.meta.url)), "utf8");
const lock = JSON.parse(web("package-lock.json"));
const page = readFileSync(
  process.env.OPENTGV_PAGE ?? fileURLToPath(new URL("../../web/dist/page.html", import.meta.url)),
  "utf8",
);
const debian = [18, 20, 4];

/** Whether a version is one of an "engines" range of the usual forms. */
function allows(range, version) {
  const parts = (v) => [...v.split(".").map(Number), 0, 0].slice(0, 3);
  const order = (a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
  return range.split("||").some((alternative) =>
    alternative
      .trim()
      .split(/\s+/)
      .every((term) => {
        const m = /^(>=|\^|~|>|<|<=|=)?v?(\d+(?:\.\d+){0,2})$/.exec(term.replace(/\s/g, ""));
        assert.ok(m, `cannot read the range ${range}`);
        const limit = parts(m[2]);
        const d = order(version, limit);
        if (m[1] === ">=") return d >= 0;
        if (m[1] === ">") return d > 0;
        if (m[1] === "<") return d < 0;
        if (m[1] === "<=") return d <= 0;
        if (m[1] === "^") return d >= 0 && version[0] === limit[0];
        if (m[1] === "~") return d >= 0 && version[0] === limit[0] && version[1] === limit[1];
        return version[0] === limit[0];
      }),
  );
}

await check("every package runs on Debian 12's Node.js", () => {
  assert.equal(allows(">=20", debian), false);
  assert.equal(allows("^16.1 || >=18.12", debian), true);
  for (const [name, p] of Object.entries(lock.packages)) {
    if (p.engines?.node) assert.ok(allows(p.engines.node, debian), `${name} wants Node.js ${p.engines.node}`);
  }
});

await check("the lock file has checksums and no addresses", () => {
  assert.doesNotMatch(web("package-lock.json"), /:\/\/|"resolved"/);
  assert.doesNotMatch(web(".npmrc") + web("package.json"), /:\/\/|registry *=/);
  for (const [name, p] of Object.entries(lock.packages))
    if (name) assert.ok(p.integrity, `${name} has no checksum`);
});

await check("versions are exact and the same in both files", () => {
  const { dependencies, devDependencies } = JSON.parse(web("package.json"));
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.equal(lock.packages[`node_modules/${name}`].version, version);
  }
});

await check("the template has its marks, loads nothing, and cannot end early", () => {
  for (const mark of ["@TITLE@", "@DATA@"]) assert.equal(page.split(mark).length, 2, mark);
  assert.equal(page.match(/<script/g).length, 2);
  assert.equal(page.match(/<\/script/gi).length, 2);
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)[1];
  assert.equal(page.indexOf("<!--"), -1);
  assert.equal(page.search(/<(script|link|img|iframe)[^>]+(src|href)="(?!data:)/), -1);
  assert.equal(style.search(/url\((?!["']?data:)|@import/), -1);
  assert.ok(page.includes("Content-Security-Policy\" content=\"default-src 'none'"));
});

await check("the licences of the bundled packages are inside", () => {
  const script = page.slice(page.lastIndexOf("<script>"));
  for (const name of ["echarts", "zrender", "tslib", "three", "@fontsource-variable/inter"]) {
    const version = lock.packages[`node_modules/${name}`].version;
    assert.ok(script.includes(`${name} ${version} (`), name);
  }
  for (const text of [
    "Apache License",
    "Permission is hereby granted, free of charge",
    "SIL OPEN FONT LICENSE",
    "Redistribution and use in source and binary forms",
    "The Apache Software Foundation",
  ]) {
    assert.ok(script.includes(text), text);
  }
});

plan();
