// The worker: runs one Node extractor and speaks protocol 1. Standard library only.
//
// Called as `worker.mjs FILE NAME DISTRIBUTION`. JSON lines: one hello, then one answer for each
// request, until standard input ends. Prints of a library, from JavaScript or from native code, go
// to standard error. FILE exports
//
//     extract(html, url, { decode, nodeToText })   → text, or a promise of it
//
// with the page's bytes as a Buffer; the helpers are those of boilerbench_adapter.mjs.

import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { decode, nodeToText } from "./boilerbench_adapter.mjs";

const PROTOCOL = 1;
const CHUNK = 1 << 16; // what a pipe holds
const LONGEST = 500; // characters of an error

async function main([file, name, distribution]) {
  const started = process.hrtime.bigint();
  const { requests, answers } = takePipes();
  const extract = await load(file);
  const packages = path.join(path.dirname(file), "node_modules");
  say(answers, {
    protocol: PROTOCOL,
    name,
    version: distribution ? readJson(packages, distribution, "package.json").version : "",
    runtime: `Node ${process.versions.node}`,
    packages: installed(packages),
    startup_ns: since(started),
    startup_cpu_ns: cpuNs(),
  });
  for (const line of lines(requests)) say(answers, await answer(JSON.parse(line), extract));
}

/** Move the protocol to private descriptors, so that no print of a library can reach it. */
function takePipes() {
  const requests = openSync("/proc/self/fd/0", "r");
  const answers = openSync("/proc/self/fd/1", "w");
  // A new descriptor gets the lowest free number: the nearest that Node has to dup2(2)
  closeSync(0);
  openSync("/dev/null", "r");
  closeSync(1);
  openSync("/proc/self/fd/2", "w");
  return { requests, answers };
}

async function load(file) {
  const { extract } = await import(pathToFileURL(file));
  if (typeof extract !== "function") throw new TypeError(`${file} exports no function extract`);
  return extract;
}

function installed(packages) {
  try {
    const entries = Object.entries(readJson(packages, ".package-lock.json").packages);
    return Object.fromEntries(
      entries.map(([key, { version }]) => [key.replace("node_modules/", ""), version]),
    );
  } catch (error) {
    if (error.code === "ENOENT") return {}; // an extractor without packages
    throw error;
  }
}

function readJson(...parts) {
  return JSON.parse(readFileSync(path.join(...parts), "utf8"));
}

function* lines(descriptor) {
  let parts = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const size = readSync(descriptor, chunk);
    if (!size) return;
    let rest = chunk.subarray(0, size);
    for (let end; (end = rest.indexOf("\n")) >= 0; rest = rest.subarray(end + 1)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]).toString();
      parts = [];
    }
    parts.push(rest);
  }
}

async function answer({ page, url, encoding, html }, extract) {
  const bytes = Buffer.from(html, "base64");
  const helpers = { decode: (data) => decode(data, encoding), nodeToText };
  const [wall, cpu] = [process.hrtime.bigint(), cpuNs()];
  const outcome = await attempt(() => extract(bytes, url, helpers));
  // What a library left for later belongs to this page: its time, and its failure
  await new Promise(setImmediate);
  return { page, ...outcome, wall_ns: since(wall), cpu_ns: cpuNs() - cpu };
}

async function attempt(extract) {
  try {
    const text = await extract();
    if (typeof text !== "string") {
      throw new TypeError(`extract() returned ${text?.constructor?.name ?? text}, not string`);
    }
    // A lone surrogate is not text in any encoding
    return { text: text.toWellFormed() };
  } catch (error) {
    console.error(error);
    return { error: described(error) };
  }
}

function described(error) {
  const text = `${error?.constructor?.name ?? typeof error}: ${error?.message ?? error}`;
  return Array.from(text.slice(0, 2 * LONGEST)).slice(0, LONGEST).join("").toWellFormed();
}

/** CPU time of all threads of this process. */
function cpuNs() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function since(moment) {
  return Number(process.hrtime.bigint() - moment);
}

function say(descriptor, message) {
  let rest = Buffer.from(JSON.stringify(message) + "\n");
  while (rest.length) rest = rest.subarray(writeSync(descriptor, rest));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  // Its last line is what the harness shows
  console.error(error);
  console.error(described(error));
  process.exit(1);
}
