// Evaluates ELM libraries with cql-execution, which is looked for in the working directory.
// Read: [{library, expression, cases: [parameters]}]; written: [[true, false or null]].
"use strict";
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { readFileSync } = require("node:fs");
const engine = createRequire(join(process.cwd(), "package.json"));
const cql = engine("cql-execution");
const { Uncertainty } = engine("cql-execution/lib/datatypes/uncertainty.js");

const nobody = new cql.PatientSource([]);

/** Give a parameter's value: {day} is a day or a month, {lo, hi} what a number lies between. */
function told(value) {
  if (value === null || typeof value !== "object") return value;
  if ("day" in value) return cql.Date.parse(value.day);
  return new Uncertainty(value.lo, value.hi);
}

function parameters(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, told(value)]));
}

async function answers({ library, expression, cases }) {
  const executor = new cql.Executor(new cql.Library(library));
  const found = [];
  for (const values of cases) {
    const results = await executor.withParameters(parameters(values)).exec(nobody);
    const answer = results.unfilteredResults[expression];
    if (![true, false, null].includes(answer)) throw new Error(`the answer is ${answer}`);
    found.push(answer);
  }
  return found;
}

async function main() {
  const libraries = JSON.parse(readFileSync(0, "utf8"));
  const found = [];
  for (const library of libraries) found.push(await answers(library));
  process.stdout.write(JSON.stringify(found));
}

main();
